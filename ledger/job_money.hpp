#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "ledger/bank.hpp"
#include "ledger/id_table.hpp"
#include "ledger/job_charge.hpp"
#include "ledger/job_record.hpp"
#include "ledger/job_store.hpp"
#include "ledger/money_draft.hpp"
#include "ledger/node_money.hpp"
#include "ledger/payment.hpp"
#include "ledger/vesting.hpp"

namespace nexa::ledger {

/// Where a job's money is. Once a job is settled and no replica of it is open,
/// held = reward + fee + arbitration + refund + in_escrow, and in_escrow is on its way back.
struct JobTotals {
  Amount held = 0;     ///< set aside by its purses at submission
  Amount reward = 0;   ///< of its nodes, vested or not, less what was taken back
  Amount pending = 0;  ///< the part of `reward` that has not vested
  Amount fee = 0;
  Amount arbitration = 0;
  Amount refund = 0;     ///< back in the purses, or never moved out of them
  Amount in_escrow = 0;  ///< posted, and neither spent nor returned
  Amount bounty_held = 0;
  Amount bounty_paid = 0;  ///< to a node, vested or not
  Amount bounty_returned = 0;
  bool resolved = false;  ///< nothing will move any more, but for a revised verdict
};

/// The life of the money of jobs: escrow at submission, streams, settlement at the verdict,
/// vesting, stakes, bounties, disputes and revised verdicts. Each step is one linked group of
/// transfers that the bank books whole or not at all; a step that fails changes nothing. Steps are
/// idempotent: what a host reports twice is booked once. `docs/money.md` has the picture.
///
/// Pure: time comes with each call, and only the ledger's time counts, never that of a node or a
/// user. Each step costs linear time in the replicas and purses of its job, and logarithmic time in
/// the rewards that are pending; jobs are kept for ever (`bench/job_money.cpp` measures both).
class JobMoney {
 public:
  /// `sink` is told of every payment with its factors; null: nobody asks. Both must outlive this,
  /// and the sink must not call this.
  explicit JobMoney(Bank& bank, PaymentSink* sink = nullptr) : bank_(bank), sink_(sink) {}

  /// An account that pays for jobs of others within these caps.
  void set_sponsor(AccountId account, const SponsorTerms& terms) { sponsors_.set(account, terms); }

  /// Holds the worst case (see `Quote`) and the bounties. Errors: those of `quote`; `refused` where
  /// the purses or a bounty's account have too little; `conflict` for a job that is known with
  /// other terms; those of the bank. Nothing is booked then, and the job must not start.
  core::Result<void> submit(const JobTerms& terms, core::Time now);

  /// A replica is about to start on a node. Locks the node's stake, and makes sure that the job's
  /// money does not lapse. Errors: `refused` for a node whose stake is too low, a job whose hold
  /// has expired, or one replica too many; `conflict` for a job that is decided. The replica must
  /// not start then.
  core::Result<void> assign(core::JobId job, core::ReplicaId replica, core::NodeId node,
                            core::Time now);

  /// The requester withdraws a job that has not started: everything goes back. Errors: `conflict`
  /// once a replica was assigned; then it is settled, with replicas that were `cancelled`.
  core::Result<void> cancel(core::JobId job, core::Time now);

  /// A replica of a streamed job starts to earn, ticks, and is settled by evidence until now: by
  /// the node, whenever it likes, with its latest receipt. The payer can close it at any time, and
  /// owes what is due by then. Errors: `not_found`, `conflict`, those of the bank.
  core::Result<void> open_stream(core::JobId job, core::ReplicaId replica, core::Time now);
  core::Result<void> tick(core::JobId job, core::ReplicaId replica, std::uint64_t count,
                          core::Time now);
  core::Result<void> pull(core::JobId job, core::ReplicaId replica, core::Time now);
  core::Result<void> close_stream(core::JobId job, core::ReplicaId replica, core::Time now);
  [[nodiscard]] const Stream* stream(core::JobId job, core::ReplicaId replica) const;

  /// The verdict: charges by the refund matrix and the policies, rewards that begin to vest, fee,
  /// arbitrations, bounties, refund. Arbitrations are borne by the slashed stakes of the nodes that
  /// are found wrong, then by the job's reserve; what is covered is paid on in their order.
  /// Replicas without a report stay open; what they may cost is kept back until `finish`. Errors:
  /// `not_found`, `invalid_argument` for reports that do not fit the job, `conflict` for a second,
  /// different verdict: that is `revise`.
  core::Result<void> settle(core::JobId job, const Verdict& verdict, core::Time now);

  /// A replica that was still running at the verdict has ended.
  core::Result<void> finish(core::JobId job, const ReplicaReport& report, core::Time now);

  /// The verdict was wrong. What was paid for replicas whose outcome changed is taken back, as far
  /// as it can be: pending rewards in full, vested ones from what the node has, the rest from its
  /// slashed stake. Replicas that are right now are paid from that, and the remainder is refunded.
  /// Nothing that was booked is edited.
  core::Result<void> revise(core::JobId job, const Verdict& verdict, core::Time now);

  /// The validator's word that the reward of this replica is no longer at risk, and the bounties
  /// that its result has won with it: it vests once its window is over. For jobs whose rewards vest
  /// `by_word`; for others it means nothing. The word stands, so it may come before the reward is
  /// booked, and holds for what a revised verdict pays the replica. Errors: `not_found`.
  core::Result<void> vest(core::JobId job, core::ReplicaId replica, core::Time now);

  /// The validator's word that the reward of this replica is void, with the bounties that its
  /// result has won, as far as they have not vested. They lie in the escrow until the next
  /// `advance`, as after `convict`, which has voided most of them already. Errors: `not_found`.
  core::Result<void> forfeit(core::JobId job, core::ReplicaId replica, core::Time now);

  /// Pays a node for a copy after the verdict, which is the platform's cost: from what was slashed,
  /// then from its fees, as far as they go. Returns what was paid, and the same again for this
  /// replica ever after. The replica need not have been assigned; the job's totals do not change.
  /// Errors: `not_found` for the job, those of the bank.
  core::Result<Amount> compensate(core::JobId job, core::ReplicaId replica, core::NodeId node,
                                  Amount amount, core::Time now);

  /// What the price policy makes of the usage of a replica, at most what is held for it: the cost
  /// of a trusted copy. Zero for a job that is not known and for negative usage.
  [[nodiscard]] Amount price_of(core::JobId job, const ReplicaReport& report) const;

  /// Stake, from any account, and back to the node's own as far as it is not locked. `request`
  /// makes the call idempotent: a number that the caller uses once for this node.
  core::Result<void> stake(core::NodeId node, AccountId from, Amount amount, std::uint32_t request,
                           core::Time now);
  core::Result<void> unstake(core::NodeId node, Amount amount, std::uint32_t request,
                             core::Time now);

  /// A node was caught with a replica: all its pending rewards and locks are void, and `share`
  /// basis points of its stake go to the pool. Once per replica, however often it is reported. The
  /// voided amounts lie in the escrows until the next `advance`, so that a verdict that is revised
  /// at the same instant can pay others from them.
  core::Result<void> convict(core::NodeId node, core::JobId job, core::ReplicaId replica,
                             std::uint32_t share, core::Time now);

  /// Somebody contests the verdict within the dispute window and puts up the bond. Rewards of the
  /// job do not vest meanwhile. If nobody decides until the deadline, the verdict stands and the
  /// bond goes back. Errors: `conflict` after the window or while there is a dispute.
  core::Result<void> dispute(core::JobId job, AccountId by, core::Time now);

  /// The loser pays the arbitration: a dispute that is rejected from its bond, one that is upheld
  /// from the slashed stakes of `losers`, nodes that were convicted for it. Then comes `revise`.
  core::Result<void> resolve_dispute(core::JobId job, bool upheld, const Arbitration& cost,
                                     std::span<const core::NodeId> losers, core::Time now);

  /// Does what has become due: holds that expired, disputes that defaulted, rewards that vested,
  /// voided amounts that go back. An error leaves the rest to the next call.
  core::Result<void> advance(core::Time now);
  /// When `advance` has something to do next; the origin of time: now; `core::never`: nothing.
  [[nodiscard]] core::Time next_event() const;

  /// Null for a job that was never submitted with success. The record stays where it is until the
  /// next `advance`, which packs those of resolved jobs; `totals` costs less for them.
  [[nodiscard]] const JobRecord* find(core::JobId job) const;
  [[nodiscard]] std::optional<JobTotals> totals(core::JobId job) const;
  /// How many jobs have records of some 600 bytes; those of others are packed.
  [[nodiscard]] std::size_t unpacked_jobs() const { return jobs_.unpacked(); }
  [[nodiscard]] Amount pending_rewards(core::NodeId node) const { return vesting_.pending(node); }
  [[nodiscard]] Amount locked_stake(core::NodeId node) const;

 private:
  struct House {
    AccountId fee{};
    AccountId slash{};
    AccountId arbitration{};
  };

  /// A step of one job's money. The record is written in place, and is as it was before unless the
  /// bank books.
  class Step {
   public:
    Step(JobMoney& money, JobRecord& record);
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step();
    core::Result<void> book(core::Time now);

   private:
    JobMoney& money_;
    JobRecord& record_;
    bool booked_ = false;
  };

  // Shared by the steps.
  core::Result<House> house(core::Time now);
  core::Result<NodeMoney*> node(core::NodeId id, core::Time now);
  core::Result<JobRecord*> job(core::JobId id);
  core::Result<void> book(core::Time now);
  void take_holds(JobRecord& next, Amount amount);
  void give_back(JobRecord& next, core::Time now);
  void note_freed(const JobRecord& job, AccountId purse, Amount amount);
  /// A payment to be told of once it is booked; null where nobody asks.
  Payment* tell(const JobRecord& job, TransferId id, Reason reason, Amount amount, core::Time now);

  // What is remembered, once a group is booked.
  void apply(const effect::SponsorHeld& it, core::Time now);
  void apply(const effect::SponsorFreed& it, core::Time now);
  void apply(const effect::HoldOver& it, core::Time now);
  void apply(const effect::DisputeBegun& it, core::Time now);
  void apply(const effect::DisputeOver& it, core::Time now);
  void apply(const effect::StakeLocked& it, core::Time now);
  void apply(const effect::StakeUnlocked& it, core::Time now);
  void apply(const effect::StreamReserved& it, core::Time now);
  void apply(const effect::StreamOver& it, core::Time now);
  void apply(const effect::SlashUsed& it, core::Time now);
  void apply(const effect::ResultCounted& it, core::Time now);
  void apply(const effect::RewardPending& it, core::Time now);
  void apply(const effect::RewardOver& it, core::Time now);
  void apply(const effect::RewardVouched& it, core::Time now);

  // Submission.
  core::Result<void> hold(const JobTerms& terms, JobRecord& record, core::Time now);
  core::Result<void> pledge(const JobTerms& terms, JobRecord& record);
  core::Result<void> lock_stake(const JobRecord& job, core::ReplicaId replica, NodeMoney& node);
  void renew_holds(JobRecord& next);

  // Streams.
  core::Result<ReplicaMoney*> streamed(core::JobId job, core::ReplicaId replica);
  void void_stream_of(JobRecord& next, core::ReplicaId replica, ReplicaMoney& money);
  void reserve_due(JobRecord& next, core::ReplicaId replica, Amount charge, core::Time now);
  void pay_due(JobRecord& next, core::ReplicaId replica, Amount charge, core::Time now);

  // Settlement.
  core::Result<void> book_verdict(Step& step, JobRecord& next,
                                  std::span<const ReplicaReport> reports,
                                  std::span<const Arbitration> arbitrations, core::Time now);
  void end_stream(ReplicaMoney& money, const Charge& charge, JobRecord& next);
  void pay_replica(const Charge& charge, JobRecord& next, core::Time now);
  void pay_fees(std::span<const Charge> charges, JobRecord& next, core::Time now);
  void pay_bounties(JobRecord& next, core::Time now);
  void unlock(core::ReplicaId replica, const JobRecord& next);

  // Arbitrations.
  static Amount cost_of(std::span<const Arbitration> arbitrations);
  core::Result<void> open_arbiters(std::span<const Arbitration> arbitrations, core::Time now);
  void pay_arbitrations(std::span<const Arbitration> arbitrations, JobRecord& next, core::Time now);
  /// What the slashed stake of a node, or of these nodes one after the other, bears of a cost.
  Amount charge_loser(core::NodeId id, Amount cost, AccountId to, TransferId transfer,
                      Reason reason);
  Amount charge_losers(std::span<const core::NodeId> losers, Amount cost, const JobRecord& job);

  // Revision.
  Amount claw_back(AccountId from, Amount amount, TransferId id, const JobRecord& job);
  void take_back(core::ReplicaId replica, JobRecord& next);
  void take_back_bounties(JobRecord& next);
  void return_bounties(JobRecord& next);
  core::Result<void> check_revision(const JobRecord& job, const Verdict& verdict) const;

  // Convictions and disputes.
  void void_reward(RewardHandle handle);
  void void_stream(const ReplicaKey& key);
  void end_dispute(JobRecord& next);

  // Time.
  core::Result<void> expire_holds(core::Time now);
  core::Result<void> default_disputes(core::Time now);
  core::Result<void> release_rewards(core::Time now);
  core::Result<void> release(RewardHandle handle, core::Time now);
  core::Result<void> return_voided(core::Time now);

  Bank& bank_;
  PaymentSink* sink_;
  std::optional<House> house_;
  /// A look at a record may unpack it, which changes nothing but where it is.
  mutable JobStore jobs_;
  IdTable<NodeMoney> nodes_;
  std::map<core::JobId, std::uint32_t> failed_rounds_;  ///< of jobs that could not be submitted
  std::map<ReplicaKey, Amount> compensated_;
  Sponsors sponsors_;
  Vesting vesting_;
  std::set<std::pair<core::Time, core::JobId>> hold_ends_;
  std::set<std::pair<core::Time, core::JobId>> dispute_ends_;
  std::set<core::JobId> owed_;  ///< with voided amounts in their escrow

  // The step in the making, whose memory is used again by the next one.
  MoneyDraft draft_;
  JobProgress before_;
  Charger charger_;
};

}  // namespace nexa::ledger
