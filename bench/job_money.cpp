// What the money of a job costs: time, memory and transfers, on one core.
//
//   job_money [JOBS] [REPLICAS]
//
// Books JOBS jobs (10⁵ unless given) of REPLICAS replicas each (1) over a ledger in memory, as a
// simulation with a validator does: submit, assign, settle, the word that the reward may vest, and
// advance. A thousand jobs run at a time, and as many wait for the word. Memory is what `new` gave
// out and has not got back at the end; what the ledger asked for is told apart by who called.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "ledger/check.hpp"
#include "ledger/job_money.hpp"
#include "ledger/ledger_bank.hpp"

namespace {

using namespace nexa;
using Clock = std::chrono::steady_clock;

/// Whose memory a block is: in front of each block lie its size and its owner.
enum class Owner : std::size_t { program, money, bank };
struct Header {
  std::size_t size;
  Owner owner;
};
static_assert(sizeof(Header) == __STDCPP_DEFAULT_NEW_ALIGNMENT__);
Owner current_owner = Owner::program;
std::size_t in_use[3] = {};

struct As {
  explicit As(Owner owner) : before_(current_owner) { current_owner = owner; }
  As(const As&) = delete;
  As& operator=(const As&) = delete;
  ~As() { current_owner = before_; }

 private:
  Owner before_;
};

}  // namespace

void* operator new(std::size_t size) {
  auto* const header = static_cast<Header*>(std::malloc(sizeof(Header) + size));
  if (header == nullptr) std::abort();
  *header = {size, current_owner};
  in_use[static_cast<std::size_t>(current_owner)] += size;
  return header + 1;
}
void operator delete(void* block) noexcept {
  if (block == nullptr) return;
  Header* const header = static_cast<Header*>(block) - 1;
  in_use[static_cast<std::size_t>(header->owner)] -= header->size;
  std::free(header);
}
void operator delete(void* block, std::size_t /*size*/) noexcept {
  operator delete(block);
}

namespace {

constexpr std::uint32_t in_flight = 1000;
constexpr std::uint32_t nodes = 1000;
constexpr std::uint32_t users = 100;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "job_money: %s\n", why.c_str());
  std::exit(1);
}

void ok(const core::Result<void>& result) {
  if (!result) fail(result.error().message);
}

/// The ledger in memory, with a watch on it.
class WatchedBank final : public ledger::Bank {
 public:
  explicit WatchedBank(ledger::Ledger& ledger) : bank_(ledger) {}
  core::Result<ledger::AccountId> open(std::string_view name, core::Time now) override {
    const Watch watch(*this);
    return bank_.open(name, now);
  }
  core::Result<void> book(std::span<const ledger::Transfer> chain, core::Time now) override {
    const Watch watch(*this);
    transfers += chain.size();
    ++groups;
    return bank_.book(chain, now);
  }
  [[nodiscard]] ledger::Amount available(ledger::AccountId account) const override {
    return bank_.available(account);
  }

  std::size_t transfers = 0;
  std::size_t groups = 0;
  Clock::duration spent{};

 private:
  struct Watch {
    explicit Watch(WatchedBank& bank) : bank_(bank), owner_(Owner::bank), start_(Clock::now()) {}
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch() { bank_.spent += Clock::now() - start_; }

   private:
    WatchedBank& bank_;
    As owner_;
    Clock::time_point start_;
  };
  ledger::LedgerBank bank_;
};

class Run {
 public:
  Run(std::uint32_t jobs, std::uint32_t replicas) : jobs_(jobs), replicas_(replicas) {
    const As bank(Owner::bank);
    const ledger::AccountId mint = ledger_.open("op:mint", now_).value();
    for (std::uint32_t i = 0; i < users; ++i) {
      purses_.push_back(ledger_.open("user:" + std::to_string(i), now_).value());
      const ledger::Transfer grant{.id = ledger::TransferId{i + 1U},
                                   .debit = mint,
                                   .credit = purses_[i],
                                   .amount = ledger::Amount{1} << 60};
      if (ledger_.book(grant, now_) != ledger::Status::booked) fail("a grant was refused");
    }
    terms_.price = ledger::make_price_policy("posted_stream:rate=10").value();
    terms_.reward = ledger::make_reward_policy("as_priced").value();
    terms_.max_replicas = replicas + 2;
    terms_.arbitration_reserve = 500;
    terms_.fee = 250;
    terms_.vesting.dispute_window = core::seconds(500);
    terms_.vesting.by_word = true;
    terms_.limits.resize(1);
    terms_.purses.resize(1);
  }

  void book_all() {
    const As money(Owner::money);
    const auto begin = Clock::now();
    for (std::uint32_t i = 0; i < jobs_ + 2 * in_flight + 1; ++i) {
      now_ += core::seconds(1);
      if (i < jobs_) start(i);
      if (i >= in_flight && i - in_flight < jobs_) decide(i - in_flight);
      if (i >= 2 * in_flight && i - 2 * in_flight < jobs_) vouch(i - 2 * in_flight);
      ok(money_.advance(now_));
    }
    spent_ = Clock::now() - begin;
  }

  void report() const {
    for (std::uint32_t i = 0; i < jobs_; ++i) {
      const auto totals = money_.totals(core::JobId(i));
      if (!totals.has_value() || !totals->resolved) fail("job " + std::to_string(i) + " is open");
    }
    if (const auto sound = check(ledger_); !sound) fail(sound.error().message);
    const auto each = [&](auto sum) { return static_cast<double>(sum) / jobs_; };
    const auto us = [&](Clock::duration time) {
      return each(std::chrono::duration<double, std::micro>(time).count());
    };
    std::printf("%-22s %10s %12s\n", "per job", "us", "bytes");
    std::printf("%-22s %10.2f %12.0f\n", "in the money of jobs", us(spent_ - bank_.spent),
                each(in_use[static_cast<std::size_t>(Owner::money)]));
    std::printf("%-22s %10.2f %12.0f\n", "in the ledger", us(bank_.spent),
                each(in_use[static_cast<std::size_t>(Owner::bank)]));
    std::printf("%.2f transfers in %.2f groups per job\n", each(bank_.transfers),
                each(bank_.groups));
  }

 private:
  void start(std::uint32_t i) {
    terms_.about.job = core::JobId(i);
    terms_.user = core::UserId(i % users);
    terms_.limits[0].usage.elapsed = core::seconds(100 + i % 1000);
    terms_.purses[0] = purses_[i % users];
    ok(money_.submit(terms_, now_));
    for (std::uint32_t r = 1; r <= replicas_; ++r) {
      ok(money_.assign(core::JobId(i), core::ReplicaId(r), core::NodeId((i + r) % nodes), now_));
    }
  }
  void decide(std::uint32_t i) {
    ledger::Verdict verdict;
    for (std::uint32_t r = 1; r <= replicas_; ++r) {
      ledger::ReplicaReport& report = verdict.reports.emplace_back();
      report.replica = core::ReplicaId(r);
      report.usage.elapsed = core::seconds(50 + i % 1000);
    }
    verdict.canonical = core::ReplicaId(1);
    ok(money_.settle(core::JobId(i), verdict, now_));
  }
  void vouch(std::uint32_t i) {
    for (std::uint32_t r = 1; r <= replicas_; ++r) {
      ok(money_.vest(core::JobId(i), core::ReplicaId(r), now_));
    }
  }

  std::uint32_t jobs_;
  std::uint32_t replicas_;
  core::Time now_ = core::at_seconds(1);
  ledger::Ledger ledger_;
  WatchedBank bank_{ledger_};
  ledger::JobMoney money_{bank_};
  std::vector<ledger::AccountId> purses_;
  ledger::JobTerms terms_;
  Clock::duration spent_{};
};

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t jobs = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const std::uint64_t replicas = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  if (argc > 3 || jobs == 0 || jobs > 10'000'000 || replicas == 0 || replicas > 100) {
    std::fprintf(stderr, "usage: job_money [JOBS] [REPLICAS]\n");
    return 2;
  }
  Run run(static_cast<std::uint32_t>(jobs), static_cast<std::uint32_t>(replicas));
  run.book_all();
  run.report();
  return 0;
}
