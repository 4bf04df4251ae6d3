#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/digest.hpp"
#include "core/ids.hpp"
#include "core/sha256_port.hpp"
#include "validator/decision.hpp"
#include "validator/lottery.hpp"

namespace nexa::simulator {

/// What is wrong with the draw of a verdict.
enum class DrawFault : std::uint8_t {
  foreign,      ///< it was drawn for another job
  missing,      ///< one result was relied on without a draw
  not_obeyed,   ///< the draw demands an audit, and one result was relied on
  below_floor,  ///< the published least share of audits is not kept
  no_seed,      ///< it belongs to an epoch whose seed was not committed to
  false_seed,   ///< the seed that was revealed is not the one that was committed to
  false_value,  ///< the seed gives another number
};

struct FalseDraw {
  core::JobId job;
  DrawFault what = DrawFault::false_value;
  friend constexpr bool operator==(const FalseDraw&, const FalseDraw&) = default;
};

/// An outsider who sees what is public of a validated cluster and nothing else: commitments to
/// seeds, verdicts with their draws, and seeds once they are revealed (V6). The draws of an epoch
/// wait for its seed, some 60 bytes each; then each costs four SHA-256 blocks.
class PublicAuditor {
 public:
  /// `least_audit` is the least share of audits that the coordinator has published.
  PublicAuditor(core::Sha256 sha256, validator::Threshold least_audit)
      : sha256_(sha256), least_audit_(least_audit) {}

  void on(const validator::SeedCommitted& committed);
  void on(const validator::Verdict& verdict);
  void on(const validator::SeedRevealed& revealed);

  /// In the order in which they were found.
  [[nodiscard]] const std::vector<FalseDraw>& found() const { return found_; }
  /// Draws that were recomputed from their seed.
  [[nodiscard]] std::uint64_t checked() const { return checked_; }

 private:
  struct Epoch {
    core::Digest commitment;
    core::Digest seed;
    bool revealed = false;
    std::vector<validator::Draw> waiting;
  };
  void check(const Epoch& epoch, const validator::Draw& draw);

  core::Sha256 sha256_;
  validator::Threshold least_audit_;
  std::map<std::uint64_t, Epoch> epochs_;
  std::vector<FalseDraw> found_;
  std::uint64_t checked_ = 0;
};

}  // namespace nexa::simulator
