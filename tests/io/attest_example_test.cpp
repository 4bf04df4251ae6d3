// The files of tests/data/attest, on which docs/attestations.md shows how a result is checked. They
// are what the code of today writes; `UPDATE=1` writes them anew.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "io/attest/archive.hpp"
#include "io/minisign.hpp"
#include "tests/io/attest_samples.hpp"

namespace nexa::io {
namespace {

using testing::bytes_of;
using testing::Scratch;

const std::string& example() {
  static const std::string path = std::string(NEXA_SOURCE_DIR) + "/tests/data/attest";
  return path;
}

void put(const std::string& path, const std::string& bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Writes the example as it should be into a folder.
void make_example(const std::string& folder) {
  put(folder + "/42/out/result.bin", "the result\n");
  put(folder + "/42/out/summary.txt", "a summary\n");
  put(folder + "/42/42.intoto.jsonl", testing::sample_bundle());
  std::string nodes = "# The nodes of the example. Everybody knows their private keys.\n";
  for (std::uint8_t node = 1; node <= 3; ++node) {
    nodes += testing::numbered_node(node).to_text() + '\n';
  }
  put(folder + "/nodes.vkeys", nodes);
  put(folder + "/coordinator.vkey", testing::sample_coordinator().to_text() + '\n');
  const std::string archive = folder + "/42.tar";
  ASSERT_TRUE(write_archive(folder + "/42", archive).has_value());
  const SigningKey key = testing::coordinator_key();
  const auto signature = minisign_sign(archive, key, minisign_id(key.public_key()),
                                       "nexapod result archive", "file:42.tar\thashed");
  put(archive + ".minisig", signature.value());
}

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      names.push_back(entry.path().lexically_relative(folder).generic_string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(AttestExample, IsWhatTheCodeWrites) {
  if (std::getenv("UPDATE") != nullptr) {
    std::filesystem::remove_all(example());
    make_example(example());
  }
  const Scratch scratch;
  make_example(scratch.path());
  EXPECT_EQ(files_below(scratch.path()), files_below(example()));
  for (const std::string& name : files_below(scratch.path())) {
    EXPECT_EQ(bytes_of(scratch.file(name)), bytes_of(example() + '/' + name)) << name;
  }
}

}  // namespace
}  // namespace nexa::io
