#pragma once

#include <array>
#include <cstdint>

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/sha256_port.hpp"

namespace nexa::validator {

/// What a result is reported for. A commitment is bound to all of it, so that one cannot be used
/// for another job or attempt, nor by another node.
struct CommitContext {
  core::Digest task;                        ///< digest of the job contract
  std::array<std::uint8_t, 32> node_key{};  ///< public key of the node that reports
  std::uint32_t attempt = 0;
};

/// What opens a commitment. The salt is random: without it, whoever can guess the few possible
/// results of a job could read them from the commitments of others.
struct Opening {
  core::Digest result;
  std::array<std::uint8_t, 32> salt{};
};

/// What a node publishes before any result of the job is revealed:
///
///   SHA-256("nexapod/commit/v1" 0x00, lp(task), lp(node key), attempt as 4 bytes big-endian,
///           lp(result), lp(salt)),  lp(x) = length of x as 4 bytes big-endian, then x
core::Digest commitment(core::Sha256 sha256, const CommitContext& context, const Opening& opening);

/// Whether what was revealed is what was committed to.
bool opens(core::Sha256 sha256, const core::Digest& commitment, const CommitContext& context,
           const Opening& opening);

}  // namespace nexa::validator
