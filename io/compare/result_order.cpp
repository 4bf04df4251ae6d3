#include "io/compare/result_order.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "io/compare/read_ahead.hpp"
#include "io/compare/result_file.hpp"
#include "io/compare/result_tree.hpp"

namespace nexa::io::compare {

namespace {

using core::Result;
using Order = std::strong_ordering;

Result<Order> file_order(const std::string& a, const std::string& b, Links links) {
  Result<ResultFile> file_a = open_result_file(a, links);
  if (!file_a) return file_a.error();
  Result<ResultFile> file_b = open_result_file(b, links);
  if (!file_b) return file_b.error();
  if (file_a->size != file_b->size) return file_a->size <=> file_b->size;
  ReadAhead from_a(std::move(*file_a));
  ReadAhead from_b(std::move(*file_b));
  while (true) {
    const auto x = from_a.next();
    if (!x) return x.error();
    const auto y = from_b.next();
    if (!y) return y.error();
    // What is empty may have no address, which memcmp may not be asked about.
    const std::size_t common = std::min(x->size(), y->size());
    const int order = common == 0 ? 0 : std::memcmp(x->data(), y->data(), common);
    if (order != 0) return order <=> 0;
    if (x->size() != y->size() || x->empty()) return x->size() <=> y->size();
  }
}

Result<Order> link_order(const std::string& a, const std::string& b) {
  const Result<std::string> target_a = link_target(a);
  if (!target_a) return target_a.error();
  const Result<std::string> target_b = link_target(b);
  if (!target_b) return target_b.error();
  return *target_a <=> *target_b;
}

Result<Order> tree_order(const std::string& a, const std::string& b) {
  const auto in_a = list_tree(a);
  if (!in_a) return in_a.error();
  const auto in_b = list_tree(b);
  if (!in_b) return in_b.error();
  if (*in_a != *in_b) return *in_a <=> *in_b;
  for (const auto& [name, kind] : *in_a) {
    const std::string below = '/' + name;
    Result<Order> order = Order::equal;
    if (kind == EntryKind::file) order = file_order(a + below, b + below, Links::refuse);
    if (kind == EntryKind::link) order = link_order(a + below, b + below);
    if (!order || *order != Order::equal) return order;
  }
  return Order::equal;
}

}  // namespace

Result<Order> content_order(const std::string& a, const std::string& b) {
  const Result<EntryKind> kind_a = kind_of(a);
  if (!kind_a) return kind_a.error();
  const Result<EntryKind> kind_b = kind_of(b);
  if (!kind_b) return kind_b.error();
  if (*kind_a != *kind_b) return *kind_a <=> *kind_b;
  if (*kind_a == EntryKind::folder) return tree_order(a, b);
  return file_order(a, b, Links::follow);
}

}  // namespace nexa::io::compare
