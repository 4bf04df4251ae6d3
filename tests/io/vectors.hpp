#pragma once

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.hpp"
#include "core/time.hpp"
#include "io/ed25519.hpp"
#include "io/note_key.hpp"
#include "tests/io/scratch.hpp"

/// The files of tests/data/vectors, which other programs have accepted, and the keys that made
/// them: the seeds of RFC 8032 §7.1, tests 1 to 3.
namespace nexa::io::testing {

constexpr std::string_view node_seed =
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr std::string_view coordinator_seed =
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
constexpr std::string_view witness_seed =
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7";

constexpr const char* vector_origin = "nexapod.example/ledger/test";
constexpr const char* vector_witness = "witness.nexapod.example/w1";

/// When the checkpoint of the vectors was cosigned.
constexpr core::Time vector_time = core::at_seconds(1'700'000'000);

inline std::string vector_path(const std::string& name) {
  return std::string(NEXA_SOURCE_DIR) + "/tests/data/vectors/" + name;
}

inline std::string vector_bytes(const std::string& name) {
  std::string bytes = bytes_of(vector_path(name));
  EXPECT_FALSE(bytes.empty()) << name;
  return bytes;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// The words behind a name in `values.txt`.
inline std::vector<std::string> vector_values(const std::string& name) {
  for (const std::string& line : lines_of(vector_bytes("values.txt"))) {
    if (!line.starts_with(name + ' ')) continue;
    std::vector<std::string> words{""};
    for (const char c : line.substr(name.size() + 1)) {
      if (c == ' ') {
        words.emplace_back();
      } else {
        words.back() += c;
      }
    }
    return words;
  }
  ADD_FAILURE() << "values.txt has no " << name;
  return {""};
}

inline std::array<std::uint8_t, 32> bytes_of_hex(std::string_view digits) {
  std::array<std::uint8_t, 32> bytes{};
  EXPECT_EQ(digits.size(), 64U);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes.at(i) =
        static_cast<std::uint8_t>(std::stoi(std::string(digits.substr(2 * i, 2)), nullptr, 16));
  }
  return bytes;
}

inline core::Digest digest_of_hex(std::string_view digits) {
  return {bytes_of_hex(digits)};
}

inline SigningKey signing_key(std::string_view seed) {
  return SigningKey::from_seed(bytes_of_hex(seed));
}

inline NoteSigner vector_log_signer() {
  return {vector_origin, NoteAlgorithm::ed25519, signing_key(coordinator_seed)};
}

inline NoteSigner vector_witness_signer() {
  return {vector_witness, NoteAlgorithm::cosignature_v1, signing_key(witness_seed)};
}

}  // namespace nexa::io::testing
