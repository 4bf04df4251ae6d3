// Random histories of jobs against the real ledger: faults and nonsense first, then a liveness
// phase in which every escrow has to come to zero. L13, V-h and the ledger's own invariants hold at
// every step. Prints its seed.
#include "core/rng.hpp"
#include "tests/ledger/money_desk.hpp"

namespace nexa::ledger {
namespace {

using core::JobId;
using core::NodeId;
using core::ReplicaId;
using test::MoneyDesk;
using test::seconds;
using State = JobRecord::State;

constexpr std::uint32_t node_count = 8;
constexpr std::uint32_t user_count = 3;
constexpr std::array price_texts{"posted_stream:rate=10", "posted_stream:rate=7,seconds=3",
                                 "linear:per_second=3.3,fixed=5", "work_unit:rate=1",
                                 "flat_per_tier:rates=100000/400000"};
constexpr std::array reward_texts{"as_priced", "peer_median", "quality_weighted", "credit_new"};

using PaymentCounts = std::map<Reason, std::size_t>;

class Chaos {
 public:
  explicit Chaos(std::uint64_t seed) : seed_(seed) {
    for (std::uint32_t i = 0; i < user_count; ++i) {
      users_.push_back(desk_.account("user:u" + std::to_string(i)));
      desk_.grant(users_[i], 20'000 + below(60'000));
    }
    sponsor_ = desk_.account("sponsor:lab");
    pot_ = desk_.account("bounty:pot");
    desk_.grant(sponsor_, 30'000);
    desk_.grant(pot_, 3000);
    desk_.money.set_sponsor(sponsor_, {.per_user = 9000, .per_job = 2500, .expiry = core::never});
    for (const char* const text : reward_texts) {
      rewards_.push_back(make_reward_policy(text).value());
    }
    for (std::uint32_t i = 1; i <= node_count; ++i) stake(i);
  }

  void step() {
    desk_.bank.down = below(20) == 0;
    desk_.now += seconds(static_cast<std::int64_t>(below(40)));
    if (below(60) == 0) desk_.now -= seconds(static_cast<std::int64_t>(below(30)));
    const std::size_t accepted = desk_.bank.accepted;
    const auto done = act();
    EXPECT_TRUE(done || desk_.bank.accepted <= accepted + before_failure_)
        << "a step that fails books nothing";
    before_failure_ = 0;
    desk_.bank.down = false;
    if (!done) expect_explicable(done.error());
    check_jobs();
    if (below(25) == 0) check_books();
  }

  void live() {
    desk_.bank.down = false;
    for (std::uint32_t job = 1; job <= jobs_; ++job) end(job);
    // The longest that any term of a contract lets money lie.
    for (int round = 0; round < 30 && desk_.money.next_event() != core::never; ++round) {
      desk_.wait(seconds(1000));
      desk_.ledger.expire(desk_.now);
    }
    EXPECT_EQ(desk_.money.next_event(), core::never);
    check_jobs();
    check_books();
    desk_.expect_sound();
    for (std::uint32_t job = 1; job <= jobs_; ++job) expect_resolved(job);
    for (std::uint32_t node = 1; node <= node_count; ++node) {
      const Account sums = desk_.ledger.account(desk_.open("node:" + std::to_string(node)));
      EXPECT_EQ(sums.credits_pending, 0U) << "node " << node;
      EXPECT_EQ(desk_.money.locked_stake(NodeId(node)), 0U);
    }
  }
  [[nodiscard]] std::uint32_t jobs() const { return jobs_; }
  [[nodiscard]] std::size_t words() const { return words_.size(); }
  [[nodiscard]] std::size_t compensated() const {
    return static_cast<std::size_t>(
        std::count_if(compensated_.begin(), compensated_.end(),
                      [](const auto& each) { return each.second != 0; }));
  }
  [[nodiscard]] std::size_t accepted() const { return desk_.bank.accepted; }
  [[nodiscard]] const PaymentCounts& payments() {
    for (const Payment& payment : desk_.payments.list) ++counts_[payment.reason];
    desk_.payments.list.clear();
    return counts_;
  }

 private:
  std::uint64_t below(std::uint64_t bound) {
    return core::random_below({seed_, core::RandomStream::test, 11, draws_++}, bound);
  }
  std::uint32_t pick(std::uint64_t bound) { return static_cast<std::uint32_t>(below(bound)); }
  /// Mostly one of the latest, where something is going on.
  JobId any_job() {
    const std::uint32_t known = std::max<std::uint32_t>(jobs_, 1);
    if (below(4) == 0) return JobId(1 + pick(known));
    return JobId(known - pick(std::min<std::uint32_t>(known, 4)));
  }
  ReplicaId any_replica() { return ReplicaId(1 + pick(4)); }
  NodeId any_node() { return NodeId(1 + pick(node_count)); }

  /// A plan that the ledger refuses is a mistake of the plan: but for accounts that others may
  /// empty meanwhile, and holds whose end the ledger's later clock has seen.
  void expect_explicable(const core::Error& error) {
    ++errors_[error.code];
    if (error.message.find("was refused") == std::string::npos) return;
    const bool known = error.message.find("(bond)") != std::string::npos ||
                       error.message.find("(unstake)") != std::string::npos ||
                       error.message.find("pending_expired") != std::string::npos;
    EXPECT_TRUE(known) << error.message;
  }

  void stake(std::uint32_t node) {
    const AccountId own = desk_.account("org:o" + std::to_string(node));
    desk_.grant(own, 2000);
    MoneyDesk::ok(desk_.money.stake(NodeId(node), own, 2000, ++requests_, desk_.now));
  }

  core::Result<void> act() {
    JobMoney& money = desk_.money;
    const core::Time now = desk_.now;
    switch (below(20)) {
      case 0:
        return submit();
      case 1:
      case 2:
      case 3:
      case 4:
        return assign();
      case 5:
        return below(4) == 0 ? money.cancel(any_job(), now) : money.advance(now);
      case 6:
      case 7:
      case 8:
        return stream();
      case 9:
        return settle(any_job());
      case 10:
        return money.finish(any_job(), report(any_replica()), now);
      case 11:
        return convict();
      case 12:
      case 14:
        return below(3) != 0 ? dispute() : resolve(any_job());
      case 13:
        return revise(any_job());
      case 17:
      case 18:
        return vest();
      case 19:
        return compensate();
      default:
        return spend();
    }
  }

  core::Result<void> assign() {
    const JobId job = any_job();
    const ReplicaId replica = any_replica();
    const auto done = desk_.money.assign(job, replica, any_node(), desk_.now);
    if (!done || below(4) == 0) return done;
    const bool streams = desk_.money.find(job)->terms->stream != StreamMode::none;
    before_failure_ = 1;  // the assignment itself
    return streams ? desk_.money.open_stream(job, replica, desk_.now) : done;
  }

  /// The validator's word: any order, any replica, and twice.
  core::Result<void> vest() {
    const JobId job = any_job();
    const ReplicaId replica = any_replica();
    const Amount before = desk_.money.totals(job).value_or(JobTotals{}).pending;
    const auto done = desk_.money.vest(job, replica, desk_.now);
    if (!done) return done;
    words_.emplace(job, replica);
    EXPECT_EQ(desk_.money.totals(job)->pending, before) << "a word moves nothing";
    expect_repeat([&] { return desk_.money.vest(job, replica, desk_.now); });
    return done;
  }

  core::Result<void> compensate() {
    const JobId job = any_job();
    const ReplicaId replica(1 + pick(8));
    const NodeId node = any_node();
    const Amount cost = below(700);
    const Amount slashed = desk_.can_spend("slash:pool");
    const Amount fees = desk_.can_spend("fee:platform");
    const Amount has = desk_.has("node:" + std::to_string(node.value));
    const auto paid = desk_.money.compensate(job, replica, node, cost, desk_.now);
    if (!paid) return paid.error();
    const auto [known, is_new] = compensated_.emplace(std::pair{job, replica}, *paid);
    EXPECT_EQ(*paid, known->second) << "once for a replica";
    const Amount expected = is_new ? std::min(cost, slashed + fees) : 0;
    EXPECT_EQ(desk_.has("node:" + std::to_string(node.value)) - has, expected);
    EXPECT_EQ(slashed - desk_.can_spend("slash:pool"), std::min(expected, slashed));
    if (is_new) {
      EXPECT_EQ(*paid, expected);
    }
    expect_repeat([&] { return desk_.money.compensate(job, replica, node, cost, desk_.now); });
    return {};
  }

  core::Result<void> submit() {
    JobTerms terms = desk_.terms(jobs_ + 1, price_texts[pick(price_texts.size())]);
    terms.user = core::UserId(pick(user_count));
    terms.reward = rewards_[pick(rewards_.size())];
    terms.limits[0].work = 700'000'000;
    terms.limits[0].usage.core_time = seconds(400);
    terms.max_replicas = 1 + pick(4);
    terms.arbitration_reserve = below(2) * 300;
    terms.fee = pick(1000);
    terms.refunds = {.late = pick(10'001), .not_needed = pick(10'001), .inconclusive = pick(100)};
    terms.vesting = {
        .dispute_window = seconds(500), .vest_jobs = pick(3), .longest = seconds(2000)};
    if (below(3) == 0) {
      terms.vesting.by_word = true;
      terms.vesting.vest_jobs = 0;
      if (below(2) == 0) terms.vesting.longest = {};
    }
    if (below(3) == 0) terms.bounties = {{pot_, 1 + below(50)}};
    terms.purses = {users_[terms.user.value]};
    if (below(2) == 0) terms.purses.insert(terms.purses.begin(), sponsor_);
    if (below(3) == 0) terms.hold_timeout = seconds(300);
    terms.stake_per_replica = below(3) * 200;
    if (terms.price->stream_rate().has_value()) {
      terms.stream = static_cast<StreamMode>(below(3));
      terms.stream_grace = seconds(30);
    }
    terms.bond = below(2) * 100;
    terms.dispute_timeout = seconds(700);
    const auto done = desk_.money.submit(terms, desk_.now);
    if (done) ++jobs_;
    return done;
  }

  ReplicaReport report(ReplicaId replica) {
    ReplicaReport report;
    report.replica = replica;
    report.outcome =
        below(2) == 0 ? ReplicaOutcome::valid : static_cast<ReplicaOutcome>(below(outcome_count));
    report.usage.elapsed = seconds(static_cast<std::int64_t>(below(260)));
    report.usage.core_time = report.usage.elapsed * 2;
    report.progress = pick(1'200'000);
    report.quality = pick(10'001);
    report.claimed_flops = 1'000'000'000 + below(1'000'000'000'000);
    return report;
  }

  /// A verdict on the replicas that exist, or with `some` on part of them.
  Verdict verdict(JobId id, bool some, bool reported_only) {
    Verdict verdict;
    const JobRecord* const job = desk_.money.find(id);
    if (job == nullptr) return verdict;
    for (const auto& [replica, money] : job->replicas) {
      if (some && below(4) == 0) continue;
      if (reported_only && !money.report.has_value()) continue;
      verdict.reports.push_back(report(replica));
      if (verdict.reports.back().outcome == ReplicaOutcome::valid) verdict.canonical = replica;
    }
    while (below(3) == 0) {
      Arbitration& each = verdict.arbitrations.emplace_back();
      each.cost = below(500);
      if (below(4) != 0) each.arbiter = any_node();
    }
    return verdict;
  }

  core::Result<void> settle(JobId id) {
    const Verdict decided = verdict(id, true, false);
    const auto done = desk_.money.settle(id, decided, desk_.now);
    if (done) expect_repeat([&] { return desk_.money.settle(id, decided, desk_.now); });
    return done;
  }

  core::Result<void> revise(JobId id) {
    const Verdict decided = verdict(id, false, true);
    const auto done = desk_.money.revise(id, decided, desk_.now);
    if (done) expect_repeat([&] { return desk_.money.revise(id, decided, desk_.now); });
    return done;
  }

  core::Result<void> stream() {
    JobId job = any_job();
    ReplicaId replica = any_replica();
    for (int i = 0; i < 20 && desk_.money.stream(job, replica) == nullptr; ++i) {
      job = any_job();
      replica = any_replica();
    }
    if (auto status = desk_.money.tick(job, replica, below(300), desk_.now); !status) return status;
    if (below(4) == 0) return desk_.money.close_stream(job, replica, desk_.now);
    return desk_.money.pull(job, replica, desk_.now);
  }

  core::Result<void> convict() {
    const NodeId node = any_node();
    const JobId job = any_job();
    const auto done = desk_.money.convict(node, job, ReplicaId(1), pick(10'001), desk_.now);
    if (done && convicted_.insert({node, job}).second) {
      const AccountId account = desk_.open("node:" + std::to_string(node.value));
      EXPECT_EQ(desk_.ledger.account(account).credits_pending, 0U) << "V-h";
      EXPECT_EQ(desk_.money.locked_stake(node), 0U);
    }
    return done;
  }

  core::Result<void> dispute() {
    JobId job = any_job();
    for (int i = 0; i < 20 && jobs_ != 0; ++i) {
      if (desk_.money.find(job)->state == State::settled) break;
      job = any_job();
    }
    const auto done = desk_.money.dispute(job, users_[pick(user_count)], desk_.now);
    if (!done || below(2) == 0) return done;
    before_failure_ = 1;
    return resolve(job);
  }

  core::Result<void> resolve(JobId job) {
    const std::array losers{any_node(), any_node()};
    return desk_.money.resolve_dispute(
        job, below(2) == 0, {.cost = below(200), .arbiter = any_node()}, losers, desk_.now);
  }

  /// A node spends what it has earned, or takes back its stake.
  core::Result<void> spend() {
    const NodeId node = any_node();
    if (below(2) == 0) {
      return desk_.money.unstake(node, below(800), ++requests_, desk_.now);
    }
    const AccountId own = desk_.open("node:" + std::to_string(node.value));
    const Amount has = desk_.can_spend("node:" + std::to_string(node.value));
    if (has != 0) desk_.book(test::Desk::move(5'000'000 + ++requests_, own, users_[0], has));
    return {};
  }

  template <class Call>
  void expect_repeat(Call call) {
    const std::size_t accepted = desk_.bank.accepted;
    const auto again = call();
    EXPECT_TRUE(again) << again.error().message;
    EXPECT_EQ(desk_.bank.accepted, accepted) << "what is reported twice is booked once";
  }

  void end(std::uint32_t number) {
    const JobId id(number);
    const JobRecord* job = desk_.money.find(id);
    if (job->state == State::running) settle_all(id);
    if (job->state == State::held) MoneyDesk::ok(desk_.money.cancel(id, desk_.now));
    for (const auto& [replica, money] : FlatMap(job->replicas)) {
      // Half of the words come before what they are for.
      const bool early = below(2) == 0;
      words_.emplace(id, replica);
      if (early) MoneyDesk::ok(desk_.money.vest(id, replica, desk_.now));
      if (!money.report.has_value()) {
        MoneyDesk::ok(desk_.money.finish(id, report(replica), desk_.now));
      }
      if (!early) MoneyDesk::ok(desk_.money.vest(id, replica, desk_.now));
    }
  }
  void settle_all(JobId id) {
    MoneyDesk::ok(desk_.money.settle(id, verdict(id, false, false), desk_.now));
  }

  void check_jobs() {
    for (std::uint32_t number = 1; number <= jobs_; ++number) {
      const JobTotals sums = *desk_.money.totals(JobId(number));
      const JobRecord& job = *desk_.money.find(JobId(number));
      if (job.funded || job.state == State::dropped) {
        ASSERT_EQ(sums.held,
                  sums.reward + sums.fee + sums.arbitration + sums.refund + sums.in_escrow)
            << "L13 of job " << number;
      }
      const Account escrow = desk_.ledger.account(job.escrow);
      ASSERT_EQ(escrow.balance().magnitude,
                sums.in_escrow + sums.pending + desk_.pending_bounty(number))
          << "the escrow of job " << number;
      ASSERT_LE(sums.reward + sums.fee, job.quote.most * job.replicas.size());
      ASSERT_LE(sums.arbitration, job.arbitration_reserve);
      check_words(job);
    }
  }

  /// Nothing vests before its word where nothing else lets it.
  void check_words(const JobRecord& job) {
    const VestingRules& rules = job.terms->vesting;
    if (!rules.by_word || rules.longest != core::Duration{}) return;
    if (job.terms->stream == StreamMode::immediate) return;
    std::set<NodeId> trusted;
    for (const auto& [replica, money] : job.replicas) {
      const bool word = words_.contains({job.id(), replica});
      ASSERT_TRUE(word || money.paid == 0) << "job " << job.id().value;
      if (word) trusted.insert(money.node);
    }
    for (std::uint32_t i = 0; i < job.bounties.size(); ++i) {
      const BountyMoney& bounty = job.bounties[i];
      FormerWinner& former = former_winners_[{job.id(), i}];
      if (former.now != bounty.node) former = {bounty.node, bounty.paid};
      ASSERT_TRUE(bounty.paid <= former.kept || trusted.contains(bounty.node.value_or(NodeId{})))
          << "bounty " << i << " of job " << job.id().value;
    }
  }

  void check_books() {
    const auto sound = check(desk_.ledger);
    ASSERT_TRUE(sound) << sound.error().message;
    for (std::uint32_t node = 1; node <= node_count; ++node) {
      Amount streams = 0;
      for (std::uint32_t job = 1; job <= jobs_; ++job) {
        for (const auto& [replica, money] : desk_.money.find(JobId(job))->replicas) {
          if (money.node == NodeId(node) && money.stream_round != 0) {
            streams += money.pending;
          }
        }
      }
      const Account sums = desk_.ledger.account(desk_.open("node:" + std::to_string(node)));
      ASSERT_EQ(sums.credits_pending, desk_.money.pending_rewards(NodeId(node)) + streams);
    }
  }

  void expect_resolved(std::uint32_t number) {
    const JobTotals sums = *desk_.money.totals(JobId(number));
    EXPECT_TRUE(sums.resolved) << "job " << number;
    EXPECT_EQ(sums.held, sums.reward + sums.fee + sums.arbitration + sums.refund) << "L13";
    const Account escrow = desk_.ledger.account(desk_.money.find(JobId(number))->escrow);
    EXPECT_EQ(escrow.balance().magnitude, 0U) << "job " << number;
    EXPECT_EQ(escrow.credits_pending + escrow.debits_pending, 0U) << "job " << number;
  }

  std::uint64_t seed_;
  std::uint32_t draws_ = 0;
  MoneyDesk desk_;
  std::vector<AccountId> users_;
  AccountId sponsor_{};
  AccountId pot_{};
  std::vector<std::shared_ptr<RewardPolicy>> rewards_;
  std::set<std::pair<NodeId, JobId>> convicted_;
  std::map<std::pair<JobId, ReplicaId>, Amount> compensated_;
  std::set<std::pair<JobId, ReplicaId>> words_;
  /// What a node had spent of a bounty before it was taken back counts as paid, whoever wins now.
  struct FormerWinner {
    std::optional<NodeId> now;
    Amount kept = 0;
  };
  std::map<std::pair<JobId, std::uint32_t>, FormerWinner> former_winners_;
  std::map<core::ErrorCode, int> errors_;
  PaymentCounts counts_;
  std::uint32_t jobs_ = 0;
  std::uint32_t requests_ = 0;
  std::size_t before_failure_ = 0;  ///< what a step books before the call that may fail
};

TEST(MoneyProperties, L13_and_Vh_hold_in_random_histories_and_every_escrow_resolves) {
  std::size_t jobs = 0;
  std::size_t accepted = 0;
  std::size_t words = 0;
  std::size_t compensated = 0;
  PaymentCounts payments;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Chaos chaos(seed);
    for (int step = 0; step < 600 && !testing::Test::HasFailure(); ++step) chaos.step();
    if (!testing::Test::HasFailure()) chaos.live();
    if (testing::Test::HasFailure()) {
      std::printf("SEED %llu\n", static_cast<unsigned long long>(seed));
      return;
    }
    jobs += chaos.jobs();
    accepted += chaos.accepted();
    words += chaos.words();
    compensated += chaos.compensated();
    for (const auto& [reason, count] : chaos.payments()) payments[reason] += count;
  }
  // The histories are worth the name.
  EXPECT_GT(jobs, 400U);
  EXPECT_GT(accepted, 3000U);
  EXPECT_GT(words, 300U);
  EXPECT_GT(compensated, 50U);
  for (const Reason reason : {Reason::reward, Reason::fee, Reason::refund, Reason::bounty,
                              Reason::stream, Reason::arbitration, Reason::dispute}) {
    EXPECT_GT(payments[reason], 50U) << name(reason);
  }
}

}  // namespace
}  // namespace nexa::ledger
