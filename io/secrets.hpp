#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "validator/job_log.hpp"

namespace nexa::io {

/// To be called at the start of a program that holds private keys: no core dump of this process
/// (RLIMIT_CORE 0), and no other process of the user may read its memory (PR_SET_DUMPABLE 0).
/// Returns a sentence for each measure that failed, which a program prints as a warning: a key that
/// is a little less safe is better than a service that does not start.
std::vector<std::string> protect_secrets();

/// The first key of a job's log, from the secret that a node shares with the coordinator: subkey
/// `job` of `master` in the context `nexalog1` of libsodium's crypto_kdf (BLAKE2b). The caller
/// wipes both keys.
validator::LogKey job_log_key(std::span<const std::uint8_t, 32> master, std::uint64_t job);

}  // namespace nexa::io
