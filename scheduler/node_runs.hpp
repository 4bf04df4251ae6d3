#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "core/interval_set.hpp"

namespace nexa::scheduler {

/// A set of small integers that is asked for neighbours: the next member at or below a number, or
/// above it. A second level of bits says which words have members, so that a search costs a step
/// per 4096 numbers that it crosses.
class MarkedNumbers {
 public:
  void grow(std::uint32_t size);
  void clear();
  void insert(std::uint32_t number) {
    words_[number / 64] |= bit(number);
    summary_[number / 4096] |= bit(number / 64);
  }
  void erase(std::uint32_t number) {
    const std::uint64_t left = words_[number / 64] &= ~bit(number);
    if (left == 0) summary_[number / 4096] &= ~bit(number / 64);
  }
  [[nodiscard]] bool contains(std::uint32_t number) const {
    return (words_[number / 64] & bit(number)) != 0;
  }
  /// The largest member that is not above `number`; there must be one.
  [[nodiscard]] std::uint32_t at_or_below(std::uint32_t number) const {
    const std::uint32_t word = number / 64;
    const std::uint64_t near = words_[word] & (~std::uint64_t{0} >> (63 - number % 64));
    return near != 0 ? word * 64 + highest(near) : highest_below_word(word);
  }
  /// The smallest member above `number`, or `none` if there is no such member.
  [[nodiscard]] std::uint32_t above(std::uint32_t number, std::uint32_t none) const {
    const std::uint32_t word = number / 64;
    const std::uint64_t near = words_[word] & (~std::uint64_t{1} << (number % 64));
    return near != 0 ? word * 64 + lowest(near) : lowest_above_word(word, none);
  }

 private:
  static constexpr std::uint64_t bit(std::uint32_t number) {
    return std::uint64_t{1} << (number % 64);
  }
  static std::uint32_t highest(std::uint64_t word) {
    return 63 - static_cast<std::uint32_t>(std::countl_zero(word));
  }
  static std::uint32_t lowest(std::uint64_t word) {
    return static_cast<std::uint32_t>(std::countr_zero(word));
  }
  [[nodiscard]] std::uint32_t highest_below_word(std::uint32_t word) const;
  [[nodiscard]] std::uint32_t lowest_above_word(std::uint32_t word, std::uint32_t none) const;

  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> summary_;  ///< a bit per word that has members
};

/// A value for each node of a class, kept by runs of nodes with equal values. Reading and
/// assigning a run costs a few steps, however many nodes it has (see `MarkedNumbers`).
class NodeRuns {
 public:
  struct Run {
    core::Interval nodes;
    std::uint32_t value = 0;
  };

  [[nodiscard]] std::uint32_t size() const { return size_; }
  /// Adds a node with the next number.
  void append(std::uint32_t value);
  /// Makes it `size` nodes of one value; costs a step per 64 nodes.
  void reset(std::uint32_t size, std::uint32_t value);

  [[nodiscard]] std::uint32_t value_at(std::uint32_t node) const {
    return values_[starts_.at_or_below(node)];
  }
  /// The nodes at the beginning of `within` that have equal values.
  [[nodiscard]] Run first_run(core::Interval within) const {
    if (runs_ == 1) return {within, values_.front()};
    const std::uint32_t next = starts_.above(within.first, size_);
    return {{within.first, std::min(next - 1, within.last)}, value_at(within.first)};
  }
  /// Gives nodes that `first_run` has found another value, and joins them with neighbours that have
  /// it already.
  void replace(const Run& run, std::uint32_t value);
  /// Gives all of `nodes` a value; costs a `replace` per run that they have been in.
  void assign(core::Interval nodes, std::uint32_t value);

 private:
  MarkedNumbers starts_;               ///< the first node of each run
  std::vector<std::uint32_t> values_;  ///< by node; valid at starts
  std::uint32_t size_ = 0;
  std::uint32_t runs_ = 0;  ///< a class whose nodes are all alike is frequent, and found quickly
};

inline void NodeRuns::replace(const Run& run, std::uint32_t value) {
  if (value == run.value) return;
  const std::uint32_t next = run.nodes.last + 1;
  if (next < size_) {
    if (!starts_.contains(next)) {
      starts_.insert(next);
      ++runs_;
      values_[next] = run.value;
    } else if (values_[next] == value) {
      starts_.erase(next);
      --runs_;
    }
  }
  const std::uint32_t first = run.nodes.first;
  if (!starts_.contains(first)) {
    starts_.insert(first);
    ++runs_;
  } else if (first != 0 && value_at(first - 1) == value) {
    starts_.erase(first);
    --runs_;
    return;
  }
  values_[first] = value;
}

}  // namespace nexa::scheduler
