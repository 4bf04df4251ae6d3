#pragma once

#include <cstdint>

#include "core/digest.hpp"
#include "core/ids.hpp"
#include "core/sha256_port.hpp"

namespace nexa::validator {

/// A share of all draws: a draw is a number below 2^32, and those below the threshold are hit.
using Threshold = std::uint64_t;
inline constexpr Threshold every_draw = Threshold{1} << 32;

/// The threshold of a probability in millionths; more than a million is every draw.
constexpr Threshold threshold_of_ppm(std::uint64_t ppm) {
  return ppm >= 1'000'000 ? every_draw : (ppm << 32) / 1'000'000;
}

/// One draw and what it decided, complete enough for an outsider to compute it again once the seed
/// is known. Draws below `spot_check_below` send the result to a trusted node; others below
/// `audit_below` to another node; those from `cross_class_from` on to another host class.
struct Draw {
  std::uint64_t epoch = 0;
  core::JobId job;
  core::ReplicaId replica;
  core::NodeId node;
  Threshold spot_check_below = 0;
  Threshold audit_below = 0;
  Threshold cross_class_from = every_draw;
  std::uint32_t value = 0;
};

/// Somebody inside who changes draws before they decide anything. No coordinator that runs jobs has
/// one: simulations of A25 do, to show that `verify_draw` finds it out.
class DrawTamperer {
 public:
  DrawTamperer() = default;
  DrawTamperer(const DrawTamperer&) = delete;
  DrawTamperer& operator=(const DrawTamperer&) = delete;
  virtual ~DrawTamperer() = default;

  /// What stands in `draw` afterwards decides, and is what the verdict shows.
  virtual void tamper(Draw& draw) = 0;
};

/// The lottery that decides who is audited, V6: it is fixed before the jobs are known, nobody but
/// the coordinator can predict it, and everybody can check it afterwards.
///
/// draw = HMAC-SHA256(seed, u32be job, u32be replica, u32be node) mod 2^32, where the digest is
/// read as a big-endian number; commitment = SHA-256("nexapod/seed/v1" 0x00, u64be epoch, seed);
/// seed = HMAC-SHA256(secret, "nexapod/epoch/v1" 0x00, u64be epoch).
class Lottery {
 public:
  Lottery(const core::Digest& secret, core::Sha256 sha256);

  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] const core::Digest& seed() const { return seed_; }
  [[nodiscard]] core::Digest commitment() const;
  void next_epoch();

  /// The number that is drawn for a replica in this epoch. Costs four SHA-256 blocks.
  [[nodiscard]] std::uint32_t draw(core::JobId job, core::ReplicaId replica,
                                   core::NodeId node) const;

 private:
  core::Digest secret_;
  core::Sha256 sha256_;
  core::Digest seed_;
  core::HmacKey key_;  ///< made of the seed
  std::uint64_t epoch_ = 0;
};

/// SHA-256("nexapod/seed/v1" 0x00, u64be epoch, seed).
core::Digest seed_commitment(core::Sha256 sha256, std::uint64_t epoch, const core::Digest& seed);

/// The number that a seed draws for a replica.
std::uint32_t draw_of(core::Sha256 sha256, const core::Digest& seed, core::JobId job,
                      core::ReplicaId replica, core::NodeId node);

/// For outsiders: whether the revealed seed is the one that was committed to, and gives this draw.
bool verify_draw(core::Sha256 sha256, const core::Digest& commitment, const core::Digest& seed,
                 const Draw& draw);

}  // namespace nexa::validator
