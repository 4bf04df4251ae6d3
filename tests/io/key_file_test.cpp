#include "io/key_file.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "io/secrets.hpp"
#include "tests/io/attest_vectors.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using testing::bytes_of;
using testing::Scratch;

NoteSigner named_key() {
  return {"nexapod.example/node/a", NoteAlgorithm::ed25519, testing::node_key()};
}

TEST(KeyFile, KeepsAKey) {
  const Scratch scratch;
  const std::string path = scratch.file("node.key");
  ASSERT_TRUE(write_key_file(path, named_key()));
  EXPECT_EQ(scratch.names(), std::vector<std::string>{"node.key"});
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_TRUE(bytes_of(path).starts_with("PRIVATE+KEY+nexapod.example/node/a+"));
  const auto read = read_key_file(path);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->key().to_text(), named_key().key().to_text());
  EXPECT_EQ(hex_of(read->signing_key().seed()), hex_of(named_key().signing_key().seed()));
}

TEST(KeyFile, IsNeverReplaced) {
  const Scratch scratch;
  const std::string path = scratch.file("node.key", "something");
  EXPECT_EQ(write_key_file(path, named_key()).error().code, ErrorCode::conflict);
  EXPECT_EQ(bytes_of(path), "something");
  EXPECT_EQ(scratch.names(), std::vector<std::string>{"node.key"});
  EXPECT_EQ(write_key_file(scratch.file("no/folder/key"), named_key()).error().code,
            ErrorCode::not_found);
}

TEST(KeyFile, IsRefusedWhereOthersCouldReadOrPlaceIt) {
  const Scratch scratch;
  const std::string path = scratch.file("node.key");
  ASSERT_TRUE(write_key_file(path, named_key()));
  for (const int bit : {S_IRGRP, S_IWGRP, S_IXGRP, S_IROTH, S_IWOTH, S_IXOTH}) {
    ASSERT_EQ(::chmod(path.c_str(), static_cast<mode_t>(0600 | bit)), 0);
    EXPECT_EQ(read_key_file(path).error().code, ErrorCode::refused) << bit;
  }
  ASSERT_EQ(::chmod(path.c_str(), 0400), 0);
  EXPECT_TRUE(read_key_file(path).has_value());
  ASSERT_EQ(::symlink(path.c_str(), scratch.file("link").c_str()), 0);
  EXPECT_EQ(read_key_file(scratch.file("link")).error().code, ErrorCode::refused);
  ASSERT_EQ(::mkfifo(scratch.file("pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_key_file(scratch.file("pipe")).error().code, ErrorCode::refused);
  EXPECT_EQ(read_key_file(scratch.path()).error().code, ErrorCode::refused);
  EXPECT_EQ(read_key_file(scratch.file("none")).error().code, ErrorCode::not_found);
}

TEST(KeyFile, OfAnotherUserIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const Scratch scratch;
  const std::string path = scratch.file("node.key");
  ASSERT_TRUE(write_key_file(path, named_key()));
  ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
  const auto error = read_key_file(path).error();
  EXPECT_EQ(error.code, ErrorCode::refused);
  EXPECT_NE(error.message.find("another user"), std::string::npos);
}

TEST(KeyFile, ErrorsDoNotQuoteWhatMayBeASecret) {
  const Scratch scratch;
  ASSERT_TRUE(write_key_file(scratch.file("good"), named_key()));
  const std::string good = bytes_of(scratch.file("good"));
  for (const std::string& bad : {std::string("not a key"), good.substr(0, good.size() - 3),
                                 good + good, std::string(5000, 'x'), std::string()}) {
    const std::string path = scratch.file("bad", bad);
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    const auto error = read_key_file(path).error();
    EXPECT_EQ(error.code, ErrorCode::corrupt);
    EXPECT_EQ((error.message + error.hint).find(good.substr(good.size() - 20, 10)),
              std::string::npos);
  }
}

/// Ends the process with 0 if the measures took effect.
[[noreturn]] void look_at_a_protected_process() {
  const bool no_warning = protect_secrets().empty();
  rlimit core{};
  ::getrlimit(RLIMIT_CORE, &core);
  const bool no_core = core.rlim_cur == 0 && core.rlim_max == 0;
  const bool closed = ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
  std::_Exit(no_warning && no_core && closed ? 0 : 1);
}

TEST(SecretsDeathTest, AreKeptFromCoreDumpsAndOtherProcesses) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(look_at_a_protected_process(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace nexa::io
