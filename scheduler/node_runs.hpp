#pragma once

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
  [[nodiscard]] std::uint32_t at_or_below(std::uint32_t number) const;
  /// The smallest member above `number`, or `none` if there is no such member.
  [[nodiscard]] std::uint32_t above(std::uint32_t number, std::uint32_t none) const;

 private:
  static constexpr std::uint64_t bit(std::uint32_t number) {
    return std::uint64_t{1} << (number % 64);
  }

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
  [[nodiscard]] Run first_run(core::Interval within) const;
  /// Gives all of `nodes` a value, and joins them with neighbours that have it already.
  void assign(core::Interval nodes, std::uint32_t value);

 private:
  MarkedNumbers starts_;               ///< the first node of each run
  std::vector<std::uint32_t> values_;  ///< by node; valid at starts
  std::uint32_t size_ = 0;
};

}  // namespace nexa::scheduler
