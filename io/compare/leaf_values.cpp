#include "io/compare/leaf_values.hpp"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "io/compare/plain_files.hpp"

namespace nexa::io::compare {

namespace {

using validator::compare::Comparison;
using validator::compare::Tolerance;

template <class T>
T value_at(const std::byte* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

std::string_view text_at(const std::byte* bytes, std::size_t most) {
  const char* const text = reinterpret_cast<const char*>(bytes);
  return {text, ::strnlen(text, most)};
}

/// A null pointer is an empty string.
std::string_view long_text_at(const std::byte* bytes) {
  const auto* const text = value_at<const char*>(bytes);
  return text == nullptr ? std::string_view{} : std::string_view(text);
}

/// The path of what a reference leads to; empty for one that leads nowhere.
std::string path_of(hdf5::Id object, const std::byte* bytes) {
  const auto reference = value_at<hobj_ref_t>(bytes);
  if (reference == 0) return {};
  std::array<char, 4096> name{};
  const ssize_t length = H5Rget_name(object, H5R_OBJECT, &reference, name.data(), name.size());
  if (length <= 0) return "an object without a name";
  return {name.data(), std::min<std::size_t>(static_cast<std::size_t>(length), name.size() - 1)};
}

}  // namespace

LeafValues::LeafValues(const ValueLayout& layout, const Tolerance& tolerance) : layout_(layout) {
  for (const Leaf& leaf : layout.leaves) {
    progress_.push_back(
        {.leaf = &leaf, .numbers = validator::compare::NumberComparison(tolerance), .what = {}});
  }
}

void LeafValues::add(const ValueBlock& block) {
  for (Progress& progress : progress_) {
    if (progress.leaf->kind == LeafKind::number) {
      add_numbers(progress, block);
    } else {
      add_each(progress, block);
    }
  }
  values_ += block.count;
}

void LeafValues::add_numbers(Progress& progress, const ValueBlock& block) {
  const Leaf& leaf = *progress.leaf;
  const std::size_t bytes = leaf.size * leaf.count;
  if (bytes == layout_.size) {
    validator::compare::add_numbers(progress.numbers, leaf.number, block.a, block.b,
                                    block.count * leaf.count);
    return;
  }
  // Members of compound values are gathered, so that they are next to each other and aligned.
  constexpr std::size_t values_at_once = 4096;
  for (std::size_t first = 0; first < block.count; first += values_at_once) {
    const std::size_t count = std::min(values_at_once, block.count - first);
    gathered_a_.resize(count * bytes);
    gathered_b_.resize(count * bytes);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t from = (first + i) * layout_.size + leaf.offset;
      std::memcpy(gathered_a_.data() + i * bytes, block.a + from, bytes);
      std::memcpy(gathered_b_.data() + i * bytes, block.b + from, bytes);
    }
    validator::compare::add_numbers(progress.numbers, leaf.number, gathered_a_.data(),
                                    gathered_b_.data(), count * leaf.count);
  }
}

void LeafValues::add_each(Progress& progress, const ValueBlock& block) {
  const Leaf& leaf = *progress.leaf;
  for (std::size_t i = 0; i < block.count; ++i) {
    index_ = values_ + i;
    const std::size_t at = i * layout_.size + leaf.offset;
    const std::size_t step = leaf.kind == LeafKind::sequence ? sizeof(hvl_t) : leaf.size;
    for (std::size_t k = 0; k < leaf.count; ++k) {
      compare_element(leaf, block.a + at + k * step, block.b + at + k * step, block, progress);
    }
  }
}

void LeafValues::note_other(Progress& progress, std::string what) const {
  if (progress.others++ > 0) return;
  progress.first_other = index_;
  progress.what = std::move(what);
}

void LeafValues::compare_element(const Leaf& leaf, const std::byte* a, const std::byte* b,
                                 const ValueBlock& block, Progress& progress) {
  const auto compare_texts = [&](std::string_view x, std::string_view y) {
    if (x != y) note_other(progress, shown(x) + " and " + shown(y));
  };
  switch (leaf.kind) {
    case LeafKind::number:
      validator::compare::add_numbers(progress.numbers, leaf.number, a, b, leaf.count);
      break;
    case LeafKind::bytes:
      compare_texts({reinterpret_cast<const char*>(a), leaf.size},
                    {reinterpret_cast<const char*>(b), leaf.size});
      break;
    case LeafKind::text:
      compare_texts(text_at(a, leaf.size), text_at(b, leaf.size));
      break;
    case LeafKind::long_text:
      compare_texts(long_text_at(a), long_text_at(b));
      break;
    case LeafKind::reference:
      compare_texts(path_of(block.object_a, a), path_of(block.object_b, b));
      break;
    case LeafKind::sequence:
      compare_sequences(leaf, a, b, block, progress);
      break;
  }
}

void LeafValues::compare_sequences(const Leaf& leaf, const std::byte* a, const std::byte* b,
                                   const ValueBlock& block, Progress& progress) {
  const auto in_a = value_at<hvl_t>(a);
  const auto in_b = value_at<hvl_t>(b);
  if (in_a.len != in_b.len) {
    note_other(progress,
               std::to_string(in_a.len) + " and " + std::to_string(in_b.len) + " elements");
    return;
  }
  const std::uint64_t before = progress.numbers.progress().count;
  const auto* const first_a = static_cast<const std::byte*>(in_a.p);
  const auto* const first_b = static_cast<const std::byte*>(in_b.p);
  for (std::size_t i = 0; i < in_a.len; ++i) {
    for (const Leaf& element : leaf.elements) {
      const std::size_t at = i * leaf.size + element.offset;
      const std::size_t times = element.kind == LeafKind::number ? 1 : element.count;
      const std::size_t step = element.kind == LeafKind::sequence ? sizeof(hvl_t) : element.size;
      for (std::size_t k = 0; k < times; ++k) {
        compare_element(element, first_a + at + k * step, first_b + at + k * step, block, progress);
      }
    }
  }
  const auto& found = progress.numbers.progress();
  if (found.first_mismatch && found.first_mismatch->index >= before) progress.first_value = index_;
  if (found.largest && found.largest->index >= before) progress.largest_value = index_;
}

void LeafValues::report(const std::string& path,
                        const std::function<std::string(std::uint64_t)>& place,
                        Comparison& comparison) const {
  for (const Progress& progress : progress_) {
    const Leaf& leaf = *progress.leaf;
    const std::string name = path + leaf.member;
    if (progress.others > 0) {
      std::string what = progress.what;
      if (progress.others > 1) {
        what += "; " + std::to_string(progress.others) + " of " +
                std::to_string(values_ * leaf.count) + " values differ";
      }
      comparison.differ(name + place(progress.first_other), std::move(what));
    }
    const auto where = [&](std::uint64_t index) {
      if (leaf.kind == LeafKind::sequence) {
        const auto& first = progress.numbers.progress().first_mismatch;
        const bool is_first = first && first->index == index;
        return name + place(is_first ? progress.first_value : progress.largest_value);
      }
      return name + place(index / leaf.count);
    };
    if (progress.numbers.progress().count > 0) comparison.add_part(name, progress.numbers, where);
  }
}

}  // namespace nexa::io::compare
