#include "validator/job_log.hpp"

#include <limits>

#include "core/assert.hpp"
#include "core/big_endian.hpp"
#include "core/wipe.hpp"

namespace nexa::validator {
namespace {

using core::Digest;
using core::Sha256;

// The terminating zero is part of the prefix of an entry, and not of the one of the ratchet.
constexpr std::string_view entry_prefix{"nexapod/log/v1", sizeof("nexapod/log/v1")};
constexpr std::string_view ratchet_prefix{"nexapod/log/ratchet/v1"};

Digest entry_mac(Sha256 sha256, const LogKey& key, const JobLogSummary& before, core::Time time,
                 std::string_view message) {
  NEXA_ASSERT(message.size() <= std::numeric_limits<std::uint32_t>::max(),
              "a message of a job log has at most 2^32 - 1 bytes");
  const auto index = core::big_endian(before.count);
  const auto when = core::big_endian(static_cast<std::uint64_t>(time.time_since_epoch().count()));
  const auto length = core::big_endian(static_cast<std::uint32_t>(message.size()));
  const std::array<core::Bytes, 6> parts{
      core::bytes_of(entry_prefix), before.mac.bytes, index, when, length, core::bytes_of(message)};
  return core::hmac_sha256(sha256, key, parts);
}

core::Error corrupt(std::string message, std::string hint) {
  return {.code = core::ErrorCode::corrupt,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {}};
}

core::Result<void> check_length(const JobLogSummary& found, const JobLogSummary& attested) {
  if (found.count < attested.count) {
    return corrupt("the job log has " + std::to_string(found.count) + " entries, " +
                       std::to_string(attested.count) + " were attested",
                   "entries are missing from its end");
  }
  if (found.count > attested.count) {
    return corrupt("the job log has " + std::to_string(found.count) + " entries, only " +
                       std::to_string(attested.count) + " were attested",
                   "entries were added after the result was attested");
  }
  if (found.mac != attested.mac) {
    return corrupt(
        "the job log ends with mac " + to_hex(found.mac) + ", attested was " + to_hex(attested.mac),
        "it is the log of another job or attempt");
  }
  return {};
}

}  // namespace

LogKey next_log_key(Sha256 sha256, const LogKey& key) {
  const core::Bytes prefix = core::bytes_of(ratchet_prefix);
  Digest next = core::hmac_sha256(sha256, key, {&prefix, 1});
  const LogKey next_key = next.bytes;
  core::wipe(next.bytes);
  return next_key;
}

JobLogSigner::JobLogSigner(Sha256 sha256, const LogKey& first_key)
    : sha256_(sha256), key_(first_key) {}

JobLogSigner::~JobLogSigner() {
  core::wipe(key_);
}

JobLogEntry JobLogSigner::append(core::Time time, std::string_view message) {
  summary_.mac = entry_mac(sha256_, key_, summary_, time, message);
  ++summary_.count;
  LogKey next = next_log_key(sha256_, key_);
  key_ = next;
  core::wipe(next);
  return {.time = time, .message = std::string(message), .mac = summary_.mac};
}

core::Result<JobLogSummary> verify_job_log(Sha256 sha256, const LogKey& first_key,
                                           std::span<const JobLogEntry> entries,
                                           const std::optional<JobLogSummary>& attested) {
  LogKey key = first_key;
  JobLogSummary summary;
  std::optional<core::Error> failure;
  for (const JobLogEntry& entry : entries) {
    summary.mac = entry_mac(sha256, key, summary, entry.time, entry.message);
    if (summary.mac != entry.mac) {
      failure = corrupt("entry " + std::to_string(summary.count) + " of the job log has mac " +
                            to_hex(entry.mac) + ", expected " + to_hex(summary.mac),
                        "it was changed, or entries before it were removed or added");
      break;
    }
    ++summary.count;
    key = next_log_key(sha256, key);
  }
  core::wipe(key);
  if (failure) return *failure;
  if (attested) {
    if (auto checked = check_length(summary, *attested); !checked) return checked.error();
  }
  return summary;
}

}  // namespace nexa::validator
