#include "io/atomic_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/io/scratch.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using core::Result;
using testing::bytes_of;
using testing::Scratch;
using Names = std::vector<std::string>;

TEST(AtomicFile, AppearsUnderItsNameOnlyWhenCommitted) {
  const Scratch scratch;
  const std::string path = scratch.file("out.csv");
  Result<AtomicFile> file = AtomicFile::create(path);
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE(file->write("a,b\n").has_value());
  EXPECT_EQ(scratch.names(), Names{"out.csv.partial"});
  ASSERT_TRUE(file->commit().has_value());
  EXPECT_EQ(scratch.names(), Names{"out.csv"});
  EXPECT_EQ(bytes_of(path), "a,b\n");
}

TEST(AtomicFile, LeavesNothingWhenItIsNotCommitted) {
  const Scratch scratch;
  {
    Result<AtomicFile> file = AtomicFile::create(scratch.file("out.csv"));
    ASSERT_TRUE(file->write("half").has_value());
  }
  EXPECT_EQ(scratch.names(), Names{});
}

TEST(AtomicFile, KeepsAnOlderFileUntilTheCommit) {
  const Scratch scratch;
  const std::string path = scratch.file("out.csv", "old");
  {
    Result<AtomicFile> dropped = AtomicFile::create(path);
    ASSERT_TRUE(dropped->write("new").has_value());
  }
  EXPECT_EQ(bytes_of(path), "old");
  Result<AtomicFile> kept = AtomicFile::create(path);
  ASSERT_TRUE(kept->write("new").has_value());
  ASSERT_TRUE(kept->commit().has_value());
  EXPECT_EQ(bytes_of(path), "new");
}

TEST(AtomicFile, OverwritesThePartialFileOfACrashedRun) {
  const Scratch scratch;
  const std::string path = scratch.file("out.csv");
  static_cast<void>(scratch.file("out.csv.partial", "a long rest of a run that was killed"));
  Result<AtomicFile> file = AtomicFile::create(path);
  ASSERT_TRUE(file->write("new").has_value());
  ASSERT_TRUE(file->commit().has_value());
  EXPECT_EQ(bytes_of(path), "new");
  EXPECT_EQ(scratch.names(), Names{"out.csv"});
}

TEST(AtomicFile, RefusesASecondWriterAndLeavesTheFirstAlone) {
  const Scratch scratch;
  const std::string path = scratch.file("out.csv");
  Result<AtomicFile> first = AtomicFile::create(path);
  ASSERT_TRUE(first->write("first").has_value());
  const Result<AtomicFile> second = AtomicFile::create(path);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  ASSERT_TRUE(first->commit().has_value());
  EXPECT_EQ(bytes_of(path), "first");
}

TEST(AtomicFile, KeepsItsNameFromOthersUntilItIsWhole) {
  const Scratch scratch;
  const std::string path = scratch.file("out.csv");
  Result<AtomicFile> file = AtomicFile::create(path);
  ASSERT_TRUE(file->commit().has_value());
  Result<AtomicFile> next = AtomicFile::create(path);
  EXPECT_TRUE(next.has_value()) << "the lock ends with the commit";
}

TEST(AtomicFile, FollowsNoLinkInThePlaceOfThePartialFile) {
  const Scratch scratch;
  const std::string precious = scratch.file("precious", "do not touch");
  const std::string path = scratch.file("out.csv");
  ASSERT_EQ(::symlink(precious.c_str(), (path + ".partial").c_str()), 0);
  const Result<AtomicFile> file = AtomicFile::create(path);
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, ErrorCode::io);
  EXPECT_EQ(file.error().message, "cannot write '" + path + "': '" + path +
                                      ".partial' is in the way, and is no ordinary file");
  EXPECT_EQ(bytes_of(precious), "do not touch");
  EXPECT_TRUE(std::filesystem::is_symlink(path + ".partial"));
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(AtomicFile, DoesNotWaitForAPipeInThePlaceOfThePartialFile) {
  const Scratch scratch;
  const std::string path = scratch.file("out.csv");
  ASSERT_EQ(::mkfifo((path + ".partial").c_str(), 0600), 0);
  const Result<AtomicFile> file = AtomicFile::create(path);
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, ErrorCode::io);
}

TEST(AtomicFile, DoesNotWriteIntoAFileThatHasASecondName) {
  const Scratch scratch;
  const std::string precious = scratch.file("precious", "do not touch");
  const std::string path = scratch.file("out.csv");
  ASSERT_EQ(::link(precious.c_str(), (path + ".partial").c_str()), 0);
  Result<AtomicFile> file = AtomicFile::create(path);
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE(file->write("new").has_value());
  ASSERT_TRUE(file->commit().has_value());
  EXPECT_EQ(bytes_of(precious), "do not touch");
  EXPECT_EQ(bytes_of(path), "new");
}

TEST(AtomicFile, NoticesThatItsPartialFileWasReplaced) {
  const Scratch scratch;
  const std::string path = scratch.file("out.csv", "old");
  Result<AtomicFile> file = AtomicFile::create(path);
  ASSERT_TRUE(file->write("mine").has_value());
  ASSERT_EQ(::unlink((path + ".partial").c_str()), 0);
  static_cast<void>(scratch.file("out.csv.partial", "not mine"));
  const Result<void> committed = file->commit();
  ASSERT_FALSE(committed.has_value());
  EXPECT_EQ(committed.error().code, ErrorCode::conflict);
  EXPECT_EQ(bytes_of(path), "old");
  EXPECT_EQ(bytes_of(path + ".partial"), "not mine");
}

TEST(AtomicFile, WritesThroughALink) {
  const Scratch scratch;
  const std::string target = scratch.file("target.csv", "old");
  const std::string link = scratch.file("link.csv");
  ASSERT_EQ(::symlink(target.c_str(), link.c_str()), 0);
  Result<AtomicFile> file = AtomicFile::create(link);
  ASSERT_TRUE(file->write("new").has_value());
  ASSERT_TRUE(file->commit().has_value());
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(bytes_of(target), "new");
}

TEST(AtomicFile, NamesTheReasonWhenItCannotBeMade) {
  const Scratch scratch;
  const std::string path = scratch.file("no/such/folder/out.csv");
  const Result<AtomicFile> missing = AtomicFile::create(path);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_EQ(missing.error().message, "cannot write '" + path + "': No such file or directory");

  const Result<AtomicFile> folder = AtomicFile::create(scratch.file(""));
  ASSERT_FALSE(folder.has_value());
  EXPECT_EQ(folder.error().code, ErrorCode::io);
  EXPECT_NE(folder.error().message.find("Is a directory"), std::string::npos);

  const Result<AtomicFile> nowhere = AtomicFile::create("");
  ASSERT_FALSE(nowhere.has_value());
}

TEST(AtomicFile, WritesToADeviceDirectly) {
  Result<AtomicFile> sink = AtomicFile::create("/dev/null");
  ASSERT_TRUE(sink.has_value());
  EXPECT_TRUE(sink->write("bytes").has_value());
  EXPECT_TRUE(sink->commit().has_value());
  EXPECT_FALSE(std::filesystem::exists("/dev/null.partial"));
}

TEST(AtomicFile, SaysThatTheDeviceIsFullAndGoesOnSayingSo) {
  Result<AtomicFile> full = AtomicFile::create("/dev/full");
  ASSERT_TRUE(full.has_value());
  const Result<void> first = full->write("bytes");
  ASSERT_FALSE(first.has_value());
  EXPECT_EQ(first.error().code, ErrorCode::io);
  EXPECT_EQ(first.error().message, "cannot write '/dev/full': No space left on device");
  EXPECT_EQ(first.error().hint, "free some space or write to another place");
  EXPECT_EQ(full->write("more").error().message, first.error().message);
  EXPECT_EQ(full->commit().error().message, first.error().message);
}

/// True if a file that finds no room leaves the older one of its name as it was.
bool survives_a_full_disk(const std::string& path) {
  testing::limit_file_size(1000);
  Result<AtomicFile> file = AtomicFile::create(path);
  const bool failed = !file->write(std::string(5000, 'x')).has_value() && !file->commit();
  return failed && !std::filesystem::exists(path + ".partial") && bytes_of(path) == "old";
}

TEST(AtomicFile, LeavesNothingWhenTheDiskFillsUp) {
  const Scratch scratch;
  const std::string path = scratch.file("out.csv", "old");
  EXPECT_EXIT(std::_Exit(survives_a_full_disk(path) ? 0 : 1), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace nexa::io
