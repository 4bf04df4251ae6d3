#include "validator/job_log.hpp"

#include <gtest/gtest.h>

#include "core/big_endian.hpp"
#include "io/secrets.hpp"
#include "io/sha256.hpp"
#include "tests/io/attest_vectors.hpp"

namespace nexa::validator {
namespace {

using core::Duration;
using core::ErrorCode;
using core::Time;
using io::sha256_of_secrets;
using io::testing::vector_value;

LogKey first_key() {
  return io::job_log_key(io::sha256("job master key test").bytes, 42);
}

/// The log of the vectors.
std::vector<JobLogEntry> entries() {
  JobLogSigner signer(sha256_of_secrets, first_key());
  std::vector<JobLogEntry> log;
  for (const char* message : {"start", "progress 50", "done"}) {
    log.push_back(signer.append(Time{Duration{1000 * std::ssize(log) + 1000}}, message));
  }
  return log;
}

JobLogSummary attested() {
  return {.count = 3, .mac = entries().back().mac};
}

core::Result<JobLogSummary> verified(const std::vector<JobLogEntry>& log) {
  return verify_job_log(sha256_of_secrets, first_key(), log, attested());
}

TEST(JobLog, ReproducesTheVectors) {
  EXPECT_EQ(io::hex_of(first_key()), vector_value("kdf subkey id=42 ctx=nexalog1"));
  const std::vector<JobLogEntry> log = entries();
  for (std::size_t i = 0; i < log.size(); ++i) {
    EXPECT_EQ(to_hex(log[i].mac), vector_value("mac[" + std::to_string(i) + "]"));
  }
  LogKey key = first_key();
  for (int i = 0; i < 3; ++i) key = next_log_key(sha256_of_secrets, key);
  EXPECT_EQ(io::hex_of(key), vector_value("k3"));
  EXPECT_EQ(verified(log).value(), attested());
}

TEST(JobLog, AnEmptyLogIsOneToo) {
  const JobLogSigner signer(sha256_of_secrets, first_key());
  EXPECT_EQ(signer.summary(), JobLogSummary{});
  EXPECT_TRUE(verify_job_log(sha256_of_secrets, first_key(), {}, JobLogSummary{}).has_value());
}

TEST(JobLog, NoticesEveryChangeOfEveryEntry) {
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<JobLogEntry> text = entries();
    text[i].message += '!';
    std::vector<JobLogEntry> time = entries();
    time[i].time += Duration{1};
    std::vector<JobLogEntry> mac = entries();
    mac[i].mac.bytes[31] ^= 1;
    std::vector<JobLogEntry> doubled = entries();
    doubled.insert(doubled.begin() + std::ssize(text) - 3 + static_cast<int>(i), doubled[i]);
    for (const auto& log : {text, time, mac}) {
      const auto error = verified(log).error();
      EXPECT_EQ(error.code, ErrorCode::corrupt);
      EXPECT_TRUE(error.message.starts_with("entry " + std::to_string(i) + " of")) << error.message;
    }
    EXPECT_FALSE(verified(doubled).has_value());
  }
  std::vector<JobLogEntry> swapped = entries();
  std::swap(swapped[0], swapped[1]);
  EXPECT_FALSE(verified(swapped).has_value());
  std::vector<JobLogEntry> cut_in_front = entries();
  cut_in_front.erase(cut_in_front.begin());
  EXPECT_FALSE(verified(cut_in_front).has_value());
}

TEST(JobLog, WhatIsMissingAtItsEndIsEvidentFromTheAttestation) {
  std::vector<JobLogEntry> cut = entries();
  cut.pop_back();
  const auto error = verified(cut).error();
  EXPECT_EQ(error.message, "the job log has 2 entries, 3 were attested");
  // Without the attestation the shorter log is as good as the whole one.
  EXPECT_TRUE(verify_job_log(sha256_of_secrets, first_key(), cut, std::nullopt).has_value());
}

TEST(JobLog, EntriesAddedAfterTheAttestationAreEvident) {
  JobLogSigner signer(sha256_of_secrets, first_key());
  std::vector<JobLogEntry> log;
  for (int i = 0; i < 4; ++i) log.push_back(signer.append(Time{}, "m"));
  const JobLogSummary after_three{.count = 3, .mac = log[2].mac};
  EXPECT_FALSE(verify_job_log(sha256_of_secrets, first_key(), log, after_three).has_value());
}

TEST(JobLog, AnotherJobHasAnotherKey) {
  const LogKey other = io::job_log_key(io::sha256("job master key test").bytes, 43);
  EXPECT_FALSE(verify_job_log(sha256_of_secrets, other, entries(), attested()).has_value());
}

/// The mac of an entry by the formula, for whoever has any key.
core::Digest mac_with(const LogKey& key, const core::Digest& before, std::uint64_t index, Time time,
                      std::string_view message) {
  const auto place = core::big_endian(index);
  const auto when = core::big_endian(static_cast<std::uint64_t>(time.time_since_epoch().count()));
  const auto length = core::big_endian(static_cast<std::uint32_t>(message.size()));
  const std::array<core::Bytes, 6> parts{core::bytes_of({"nexapod/log/v1", 15}),
                                         before.bytes,
                                         place,
                                         when,
                                         length,
                                         core::bytes_of(message)};
  return core::hmac_sha256(io::sha256_of_parts, key, parts);
}

TEST(JobLog, WhoStealsTheKeyOfAnEntryCannotRewriteTheOnesBefore) {
  const std::vector<JobLogEntry> log = entries();
  LogKey key = first_key();
  for (int i = 0; i < 2; ++i) key = next_log_key(sha256_of_secrets, key);
  // The thief of the key of entry 2 can write entry 2 as it likes …
  std::vector<JobLogEntry> late = log;
  late[2].message = "failed";
  late[2].mac = mac_with(key, log[1].mac, 2, late[2].time, late[2].message);
  EXPECT_TRUE(verify_job_log(sha256_of_secrets, first_key(), late, std::nullopt).has_value());
  // … which the attestation of the result still shows, and no entry before it.
  EXPECT_FALSE(verified(late).has_value());
  for (int i = 0; i < 100; ++i) {
    std::vector<JobLogEntry> early = log;
    early[1].message = "progress 99";
    early[1].mac = mac_with(key, log[0].mac, 1, early[1].time, early[1].message);
    const auto error = verify_job_log(sha256_of_secrets, first_key(), early, std::nullopt).error();
    EXPECT_TRUE(error.message.starts_with("entry 1 of")) << error.message;
    key = next_log_key(sha256_of_secrets, key);
  }
}

}  // namespace
}  // namespace nexa::validator
