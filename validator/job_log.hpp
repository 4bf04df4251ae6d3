#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "core/sha256_port.hpp"
#include "core/time.hpp"

namespace nexa::validator {

/// The key of one entry of a job log. The node and the coordinator derive the first one of a job
/// from a secret that they share (`io::job_log_key`).
using LogKey = std::array<std::uint8_t, 32>;

/// One message of a running job.
struct JobLogEntry {
  core::Time time;
  std::string message;  ///< at most 2^32 - 1 bytes
  core::Digest mac;
};

/// What the attestation of a result says of the job's log. It makes a log that was cut off
/// evident.
struct JobLogSummary {
  std::uint64_t count = 0;
  core::Digest mac;  ///< of the last entry; zeros for an empty log
  friend constexpr auto operator<=>(const JobLogSummary&, const JobLogSummary&) = default;
};

/// The key of the entry after the one with `key`. It cannot be computed backwards.
LogKey next_log_key(core::Sha256 sha256, const LogKey& key);

/// Writes the log of a job on its node. With K_0 the first key and mac_-1 = 0:
///
///   mac_i   = HMAC-SHA256(K_i, "nexapod/log/v1" 0x00, mac_i-1, i, t in microseconds, lp(message))
///   K_(i+1) = HMAC-SHA256(K_i, "nexapod/log/ratchet/v1")
///
/// Integers are 8 bytes big-endian, and lp(x) is the length of x as 4 bytes, then x. A key is wiped
/// once it was used, so whoever takes over the node at entry i cannot rewrite the ones before.
/// Source of the idea: Bellare and Yee, "Forward integrity for secure audit logs", 1997.
class JobLogSigner {
 public:
  /// `sha256` should leave nothing of what it hashed in memory (`io::sha256_of_secrets`). The
  /// caller wipes its own copy of the key.
  JobLogSigner(core::Sha256 sha256, const LogKey& first_key);
  JobLogSigner(const JobLogSigner&) = delete;
  JobLogSigner& operator=(const JobLogSigner&) = delete;
  ~JobLogSigner();

  /// The entry with its mac.
  JobLogEntry append(core::Time time, std::string_view message);
  [[nodiscard]] const JobLogSummary& summary() const { return summary_; }

 private:
  core::Sha256 sha256_;
  LogKey key_;
  JobLogSummary summary_;
};

/// Recomputes a log from its first key. Errors: `corrupt`, which names the first entry (from 0)
/// that is not as it was written, or says how many are missing from or were added to what was
/// attested. Without `attested`, entries missing at the end cannot be noticed. O(bytes).
core::Result<JobLogSummary> verify_job_log(core::Sha256 sha256, const LogKey& first_key,
                                           std::span<const JobLogEntry> entries,
                                           const std::optional<JobLogSummary>& attested);

}  // namespace nexa::validator
