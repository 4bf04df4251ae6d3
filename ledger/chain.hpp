#pragma once

#include <cstdint>
#include <string_view>

#include "core/digest.hpp"
#include "core/sha256_port.hpp"
#include "ledger/merkle.hpp"

namespace nexa::ledger {

/// The lines of a journal, summed up: each line names the leaf hash of the one before in its field
/// `prev`, and all of them are the leaves of one tree. A few kilobytes, whatever the number of
/// lines.
class Chain {
 public:
  explicit Chain(core::Sha256 sha256) : sha256_(sha256), tree_(sha256) {}

  /// Takes the next line, without its line break, and returns its leaf hash.
  const core::Digest& add(std::string_view line);
  /// The same for a line whose leaf hash is known already.
  void add_leaf(const core::Digest& leaf);

  /// The number of lines, which is also the `seq` of the next one.
  [[nodiscard]] std::uint64_t size() const { return tree_.size(); }
  /// The `prev` of the next line: the leaf hash of the last, or zeros before the first.
  [[nodiscard]] const core::Digest& head() const { return head_; }
  /// What a checkpoint of these lines states. O(log size).
  [[nodiscard]] TreeHead tree_head() const { return {tree_.size(), tree_.root()}; }

 private:
  core::Sha256 sha256_;
  TreeFrontier tree_;
  core::Digest head_;
};

}  // namespace nexa::ledger
