// How many transfers per second the ledger books in memory, on one core.
//
//   ledger_memory [TRANSFERS] [ACCOUNTS]
//
// Each line is one mix and one size of batch, from an empty ledger to TRANSFERS (4·10⁶ unless
// given) between ACCOUNTS accounts (10⁴), chosen evenly; ids are random, as clients choose them.
// Making the batches is not timed. The least time of three runs counts. The mixes:
//
//   simple     transfers from account to account
//   two-phase  a pending transfer with a timeout, then its post, in turn
//   chains     chains of a post and two transfers, as a verdict settles a job, each after its
//              pending transfer
//   repeated   each transfer a second time, which answers `exists`
//   journal    simple transfers, each told to a journal that only counts
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "core/rng.hpp"
#include "ledger/check.hpp"
#include "ledger/ledger.hpp"

namespace {

using namespace nexa;
using ledger::AccountId;
using ledger::Amount;
using ledger::Ledger;
using ledger::Transfer;
using ledger::TransferId;
using ledger::TransferKind;

constexpr core::Time start = core::at_seconds(1);

class Counter final : public ledger::Journal {
 public:
  void append(const ledger::Entry& entry) override {
    sum_ += static_cast<std::uint64_t>(entry.time.time_since_epoch().count());
    ++entries_;
  }
  core::Result<void> commit() override { return {}; }
  [[nodiscard]] std::uint64_t entries() const { return entries_; }

 private:
  std::uint64_t entries_ = 0;
  std::uint64_t sum_ = 0;
};

[[noreturn]] void fail(const char* why) {
  std::fprintf(stderr, "ledger_memory: %s\n", why);
  std::exit(1);
}

struct Random {
  std::uint64_t next = 0;
  std::uint64_t bits() { return core::random_bits({.seed = 1, .entity = next++}); }
  TransferId id() { return TransferId{Amount{bits()} << 64 | bits()}; }
};

std::vector<Transfer> make(const std::string& mix, std::size_t count, std::uint32_t accounts) {
  Random random;
  // The first account mints; each of the others has more than it will ever pay.
  const auto account = [&] {
    return AccountId{2 + static_cast<std::uint32_t>(random.bits() % accounts)};
  };
  std::vector<Transfer> made;
  made.reserve(count + 4);
  while (made.size() < count) {
    Transfer move{.id = random.id(), .debit = account(), .amount = random.bits() % 1000};
    do move.credit = account();
    while (move.credit == move.debit);
    made.push_back(move);
    if (mix == "simple") continue;
    made.back().kind = TransferKind::pending;
    made.back().timeout = core::seconds(3600);
    made.push_back({.id = random.id(),
                    .kind = TransferKind::post,
                    .amount = move.amount / 2,
                    .pending = move.id});
    if (mix != "chains") continue;
    made.back().linked = true;
    for (const bool linked : {true, false}) {
      made.push_back({.id = random.id(),
                      .debit = move.credit,
                      .credit = move.debit,
                      .amount = move.amount / 4,
                      .linked = linked});
    }
  }
  return made;
}

double book_all(Ledger& ledger, const std::vector<Transfer>& transfers, std::size_t batch,
                ledger::Status expected) {
  // A batch must not cut a chain.
  const auto begin = std::chrono::steady_clock::now();
  core::Time now = start;
  for (std::size_t at = 0; at < transfers.size();) {
    std::size_t end = std::min(at + batch, transfers.size());
    while (transfers[end - 1].linked) --end;
    if (end <= at) {
      end = at + 1;
      while (transfers[end - 1].linked) ++end;
    }
    for (const ledger::Status status : ledger.book({&transfers[at], end - at}, now)) {
      if (status != expected) fail("a transfer has another outcome than expected");
    }
    now += core::Duration{static_cast<std::int64_t>(end - at)};
    at = end;
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double run(const std::string& mix, const std::vector<Transfer>& transfers, std::size_t batch,
           std::uint32_t accounts) {
  Ledger ledger;
  const AccountId mint = ledger.open("op:mint", start).value();
  for (std::uint32_t i = 0; i < accounts; ++i) {
    const AccountId user = ledger.open("user:" + std::to_string(i), start).value();
    const Transfer grant{
        .id = TransferId{i + 1U}, .debit = mint, .credit = user, .amount = Amount{1} << 60};
    if (ledger.book(grant, start) != ledger::Status::booked) fail("a grant was refused");
  }
  Counter journal;
  if (mix == "journal") ledger.attach(&journal);
  double seconds = book_all(ledger, transfers, batch, ledger::Status::booked);
  if (mix == "repeated") seconds = book_all(ledger, transfers, batch, ledger::Status::exists);
  if (mix == "journal" && journal.entries() != transfers.size()) fail("entries are missing");
  if (const auto sound = check(ledger); !sound) fail(sound.error().message.c_str());
  return seconds;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 4'000'000;
  const std::uint64_t accounts = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000;
  if (argc > 3 || count == 0 || accounts < 2 || accounts > 100'000'000) {
    std::fprintf(stderr, "usage: ledger_memory [TRANSFERS] [ACCOUNTS]\n");
    return 2;
  }
  std::printf("%-10s %6s %14s %10s\n", "mix", "batch", "transfers/s", "ns each");
  for (const char* const mix : {"simple", "two-phase", "chains", "repeated", "journal"}) {
    const bool moves_only = std::strcmp(mix, "repeated") == 0 || std::strcmp(mix, "journal") == 0;
    const auto transfers =
        make(moves_only ? "simple" : mix, count, static_cast<std::uint32_t>(accounts));
    for (const std::size_t batch : {std::size_t{1}, std::size_t{100}, ledger::largest_batch}) {
      double least = run(mix, transfers, batch, static_cast<std::uint32_t>(accounts));
      for (int again = 0; again < 2; ++again) {
        least = std::min(least, run(mix, transfers, batch, static_cast<std::uint32_t>(accounts)));
      }
      const double each = least / static_cast<double>(transfers.size());
      std::printf("%-10s %6zu %14.0f %10.1f\n", mix, batch, 1 / each, each * 1e9);
      std::fflush(stdout);
    }
  }
  return 0;
}
