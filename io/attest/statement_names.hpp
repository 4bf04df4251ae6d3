#pragma once

#include <algorithm>
#include <string_view>

// What writer and reader of statements share.

namespace nexa::io {

inline constexpr std::string_view statement_type = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view provenance_type = "https://slsa.dev/provenance/v1";
inline constexpr std::string_view verdict_type = "https://in-toto.io/attestation/svr/v0.2";

/// Names of byproducts. The mac that ends a job's log is no plain digest of it, so it has a name
/// of its own among the algorithms.
inline constexpr std::string_view log_name = "job.log";
inline constexpr std::string_view log_digest = "hmacSha256";
inline constexpr std::string_view usage_name = "usage";

/// The verdict's policy, and the member that names job and replicas, which in-toto lets a producer
/// add under a prefix of its own.
inline constexpr std::string_view policy_name = "validator-config";
inline constexpr std::string_view job_extension = "nexapod_job";
inline constexpr std::string_view quorum_prefix = "NEXA_QUORUM_";

/// True for text of 1 to 1024 bytes without control characters: URIs, nonces, comparators.
inline bool is_short_text(std::string_view text) {
  return !text.empty() && text.size() <= 1024 && std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

/// True for 1 to 128 printable characters of ASCII without '/': it is part of a file's name.
inline bool is_job_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 && text.front() != '.' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '/'; });
}

/// True for a path that stays below the folder that it starts from, and has one spelling.
inline bool is_relative_path(std::string_view path) {
  if (!is_short_text(path)) return false;
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace nexa::io
