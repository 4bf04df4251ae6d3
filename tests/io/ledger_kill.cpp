#include "tests/io/ledger_kill.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>

#include "io/ledger_journal.hpp"
#include "io/ledger_walk.hpp"
#include "io/sha256.hpp"
#include "ledger/check.hpp"
#include "tests/io/ledger_traffic.hpp"
#include "tests/io/vectors.hpp"

namespace nexa::io::testing {
namespace {

/// The life of the process that is killed: each number that it writes is a promise.
[[noreturn]] void write_until_killed(const LedgerFiles& files, std::uint64_t seed, int promises) {
  ledger::Ledger books;
  auto opened = LedgerJournal::open(posix_storage(), files, books);
  if (!opened) ::_exit(1);
  LedgerJournal& journal = **opened;
  books.attach(&journal);
  LedgerTraffic traffic(books, seed);
  if (journal.tree_head().size == 0) traffic.begin(vector_origin);
  const NoteSigner signer = vector_log_signer();
  for (std::uint64_t batch = 1;; ++batch) {
    for (std::uint64_t i = 0; i < 1 + batch % 7; ++i) traffic.step();
    if (!journal.commit()) ::_exit(2);
    const std::uint64_t entries = journal.committed_entries();
    if (::write(promises, &entries, sizeof entries) != sizeof entries) ::_exit(3);
    if (batch % 5 == 0 && !journal.sign_checkpoint(signer, {})) ::_exit(4);
  }
}

/// Runs one process and returns the last promise that it made.
std::uint64_t run_and_kill(const LedgerFiles& files, std::uint64_t seed) {
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) {
    ADD_FAILURE() << "no pipe";
    return 0;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    write_until_killed(files, seed, ends[1]);
  }
  ::close(ends[1]);
  // Some are killed while they replay, most while they write.
  const std::uint64_t wait = core::random_below({.seed = seed}, 25'000);
  std::uint64_t promised = 0;
  if (wait > 2'000) {
    EXPECT_EQ(::read(ends[0], &promised, sizeof promised), ssize_t{sizeof promised});
  }
  ::usleep(static_cast<useconds_t>(wait));
  EXPECT_EQ(::kill(child, SIGKILL), 0);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself with " << WEXITSTATUS(status);
  while (::read(ends[0], &promised, sizeof promised) == sizeof promised) continue;
  ::close(ends[0]);
  return promised;
}

void expect_whole(const LedgerFiles& files, std::uint64_t promised) {
  ledger::Ledger books;
  const auto journal = LedgerJournal::open(posix_storage(), files, books);
  ASSERT_TRUE(journal) << journal.error().message;
  ASSERT_GE((*journal)->committed_entries(), promised) << "an acknowledged entry is lost";
  const auto sound = check(books);
  ASSERT_TRUE(sound) << sound.error().message;

  const std::string bytes = bytes_of(files.journal);
  const std::string published = bytes_of(files.checkpoint);
  std::optional<SignedCheckpoint> checkpoint;
  if (!published.empty()) {
    auto parsed = parse_signed_checkpoint(published, files.checkpoint);
    ASSERT_TRUE(parsed) << parsed.error().message;
    checkpoint = std::move(*parsed);
  }
  ledger::Ledger replayed;
  LedgerWalk walk(&replayed);
  for (const std::string& line : lines_of(bytes)) {
    const auto wrong = walk.add(line);
    ASSERT_FALSE(wrong) << wrong->error.message;
    if (checkpoint && checkpoint->checkpoint.tree.size == walk.chain().size()) {
      ASSERT_EQ(walk.chain().tree_head(), checkpoint->checkpoint.tree);
      checkpoint.reset();
    }
  }
  ASSERT_FALSE(checkpoint) << "the checkpoint is ahead of the journal";
  ASSERT_EQ(state_hash(replayed), state_hash(books));
}

}  // namespace

void kill_a_writer(std::uint64_t seed, int times) {
  const Scratch scratch;
  const LedgerFiles files{scratch.file("journal"), scratch.file("checkpoint"),
                          scratch.file("memory"), 2000};
  std::filesystem::create_directory(files.memory);
  for (int i = 0; i < times; ++i) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", kill " + std::to_string(i));
    const std::uint64_t promised =
        run_and_kill(files, seed * 1'000'000 + static_cast<std::uint64_t>(i));
    expect_whole(files, promised);
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace nexa::io::testing
