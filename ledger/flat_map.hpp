#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/assert.hpp"

namespace nexa::ledger {

/// A map of a few entries in one vector, sorted by key. A lookup takes logarithmic time, an
/// insertion linear time; a copy into one that has had as many entries asks for no memory.
template <class Key, class Value>
class FlatMap {
 public:
  using Entry = std::pair<Key, Value>;
  using iterator = typename std::vector<Entry>::iterator;
  using const_iterator = typename std::vector<Entry>::const_iterator;

  [[nodiscard]] iterator begin() { return entries_.begin(); }
  [[nodiscard]] iterator end() { return entries_.end(); }
  [[nodiscard]] const_iterator begin() const { return entries_.begin(); }
  [[nodiscard]] const_iterator end() const { return entries_.end(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

  [[nodiscard]] iterator find(const Key& key) {
    const iterator at = place(entries_, key);
    return at != end() && at->first == key ? at : end();
  }
  [[nodiscard]] const_iterator find(const Key& key) const {
    const const_iterator at = place(entries_, key);
    return at != end() && at->first == key ? at : end();
  }
  [[nodiscard]] bool contains(const Key& key) const { return find(key) != end(); }

  /// The value of a key that is there.
  [[nodiscard]] Value& at(const Key& key) {
    const iterator found = find(key);
    NEXA_ASSERT(found != end(), "the key is in the map");
    return found->second;
  }
  [[nodiscard]] const Value& at(const Key& key) const {
    const const_iterator found = find(key);
    NEXA_ASSERT(found != end(), "the key is in the map");
    return found->second;
  }

  Value& operator[](const Key& key) {
    iterator at = place(entries_, key);
    if (at == end() || at->first != key) at = entries_.emplace(at, key, Value{});
    return at->second;
  }
  void erase(const Key& key) {
    const iterator found = find(key);
    if (found != end()) entries_.erase(found);
  }
  void reserve(std::size_t count) { entries_.reserve(count); }
  void clear() { entries_.clear(); }

 private:
  template <class Entries>
  static auto place(Entries& entries, const Key& key) {
    return std::lower_bound(entries.begin(), entries.end(), key,
                            [](const Entry& entry, const Key& k) { return entry.first < k; });
  }

  std::vector<Entry> entries_;
};

}  // namespace nexa::ledger
