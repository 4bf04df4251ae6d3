#include "simulator/books.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "core/assert.hpp"
#include "ledger/check.hpp"
#include "simulator/amounts.hpp"
#include "simulator/coordinator_faults.hpp"

namespace nexa::simulator {
namespace {

using ledger::Amount;

core::Duration times(core::Duration time, std::uint64_t factor) {
  const Wide product = Wide{time.count()} * factor;
  return core::Duration{
      static_cast<std::int64_t>(std::min<Wide>(product, std::numeric_limits<std::int64_t>::max()))};
}

std::int64_t gib_seconds(core::Duration time, std::uint64_t kib) {
  // Microseconds are millionths of a second.
  const Wide product = Wide{time.count()} * kib / (1 << 20);
  return static_cast<std::int64_t>(
      std::min<Wide>(product, std::numeric_limits<std::int64_t>::max()));
}

Amount amount_of(core::Credits credits) {
  return static_cast<Amount>(std::max<std::int64_t>(credits.micro(), 0));
}

scheduler::PaymasterConfig paymaster_config(const CreditSetup& credits) {
  return {.slash = credits.slash,
          .probation_results = credits.economy ? credits.economy->probation_jobs : 0,
          .streams = credits.stream != ledger::StreamMode::none};
}

}  // namespace

ledger::Usage usage_of(const core::Request& request, std::uint64_t cores, core::Duration elapsed) {
  return {.elapsed = elapsed,
          .core_time = times(elapsed, cores),
          .gpu_time = times(elapsed, std::uint64_t{request.slots} * request.per_slot.gpus),
          .gib_seconds = gib_seconds(elapsed, request.slots * request.per_slot.memory_kib)};
}

Books::Books(const ValidationSetup& setup, const core::Platform& platform,
             const core::Workload& workload, const Requesters& requesters, std::uint64_t seed,
             ResultSink* results, ledger::Journal* journal, ledger::Journal* published)
    : setup_(*setup.credits),
      faults_(setup.faults),
      vests_by_word_(setup.defences.vesting),
      platform_(platform),
      workload_(workload),
      requesters_(requesters),
      paymaster_(bank_, paymaster_config(setup_), &till_),
      machines_(platform.node_count()) {
  if (results != nullptr) journals_.add(&recorder_.emplace(ledger_, *results));
  journals_.add(journal);
  journals_.add_without_notes(published);
  if (journal != nullptr) {
    notes_.emplace(ledger_, validator::Lottery(setup.config.lottery_secret, setup.sha256));
  }
  if (!journals_.empty()) ledger_.attach(&journals_);
  const auto founded = ledger_.found({.ledger = setup_.origin}, core::Time{});
  NEXA_ASSERT(founded.has_value(), "a new ledger has no entries");
  mint_ = *ledger_.open("op:mint", core::Time{});
  platform_fee_ = *ledger_.open("fee:platform", core::Time{});
  if (setup_.economy) providers_.emplace(platform, *setup_.economy, seed);
  std::size_t number = 0;
  for (const core::NodeGroup& group : platform.groups) {
    const std::uint32_t cores = group.spec.capacity.cores;
    widest_node_ = std::max(widest_node_, cores);
    for (std::uint32_t i = 0; i < group.count; ++i) machines_[number++].cores = cores;
  }
}

// --- requesters

ledger::AccountId Books::user_account(std::uint32_t user, core::Time now) {
  const auto known = users_.find(user);
  if (known != users_.end()) return known->second;
  const ledger::AccountId account = *ledger_.open("user:" + std::to_string(user), now);
  users_.emplace(user, account);
  if (const auto budget = requesters_.budget_of(user)) mint(account, amount_of(*budget), now);
  return account;
}

void Books::mint(ledger::AccountId to, Amount amount, core::Time now) {
  if (amount > 0) move(mint_, to, amount, ledger::Reason::grant, now);
}

void Books::move(ledger::AccountId from, ledger::AccountId to, Amount amount, ledger::Reason reason,
                 core::Time now) {
  // Ids of jobs and nodes begin with 4d and 4e, see `ledger/money_id.hpp`.
  const ledger::TransferId id{(Amount{0x53} << 120) | ++moves_};
  ledger::Transfer transfer;
  transfer.id = id;
  transfer.debit = from;
  transfer.credit = to;
  transfer.amount = amount;
  transfer.reason = reason;
  const ledger::Status status = ledger_.book(transfer, now);
  NEXA_ASSERT(status == ledger::Status::booked, "a simulation pays from what is there");
}

ledger::JobTerms Books::terms_of(core::JobId id, std::uint32_t most_replicas, core::TierMask tiers,
                                 ledger::AccountId user) const {
  const core::WorkloadJob& job = workload_.jobs[id.value];
  const core::Request request = workload_.request_of(job);
  const std::uint64_t cores = request.sharing == core::Sharing::whole_nodes
                                  ? std::uint64_t{request.slots} * widest_node_
                                  : request.cores();
  ledger::JobTerms terms;
  terms.user = core::UserId{job.user};
  terms.price = setup_.price;
  terms.reward = setup_.reward;
  terms.about.job = id;
  for (std::uint32_t tier = 0; tier < platform_.tiers.size(); ++tier) {
    if ((tiers >> tier & 1) == 0) continue;
    // What a run on the trusted tier has found the job to be.
    const std::int64_t work = times(job.run_time, request.cores()).count();
    terms.limits.push_back({.tier = core::TierId{static_cast<std::uint8_t>(tier)},
                            .work = work,
                            .usage = usage_of(request, cores, job.time_limit)});
  }
  terms.max_replicas = most_replicas;
  terms.fee = setup_.fee;
  terms.refunds = setup_.refunds;
  terms.vesting = {.dispute_window = setup_.dispute_window, .longest = setup_.longest_vesting};
  terms.vesting.by_word = vests_by_word_;
  terms.purses = {user};
  terms.stake_per_replica = amount_of(setup_.stake_per_replica);
  terms.stream = setup_.stream;
  terms.stream_grace = setup_.stream_grace;
  terms.bond = amount_of(setup_.bond);
  terms.dispute_timeout = setup_.dispute_timeout;
  return terms;
}

Books::Admission Books::submit(core::JobId job, std::uint32_t most_replicas, core::TierMask tiers,
                               core::Time now) {
  if (!bank_.is_up()) return Admission::no_bank;
  const std::uint32_t user = workload_.jobs[job.value].user;
  const ledger::AccountId account = user_account(user, now);
  ledger::JobTerms terms = terms_of(job, most_replicas, tiers, account);
  auto quote = ledger::quote(terms);
  if (quote) {
    terms.arbitration_reserve = quote->replica * setup_.arbitration_copies;
    quote = ledger::quote(terms);
  }
  const Amount bounty = amount_of(requesters_.bounty_of(user));
  if (bounty > 0) terms.bounties = {{.account = account, .amount = bounty}};
  if (quote && !requesters_.budget_of(user)) {
    const Amount has = bank_.available(account);
    const Amount wanted = quote->job + bounty;
    if (has < wanted) mint(account, wanted - has, now);
  }
  if (quote && paymaster_.submit(terms, now)) return Admission::paid;
  ++figures_.jobs_refused;
  return Admission::refused;
}

bool Books::dispute(core::JobId job, core::Time now) {
  const std::uint32_t user = workload_.jobs[job.value].user;
  const ledger::AccountId account = user_account(user, now);
  if (!requesters_.budget_of(user)) mint(account, amount_of(setup_.bond), now);
  if (!paymaster_.dispute(job, account, now)) return false;
  ++figures_.disputes;
  return true;
}

// --- nodes

void Books::add_node(core::NodeId node, const NodeOwnership& ownership) {
  NEXA_ASSERT(node.value == nodes_.size(), "nodes are numbered without gaps");
  nodes_.push_back({.machine = ownership.machine, .trusted = ownership.trusted});
  paymaster_.add_node(node, ownership.trusted);
  machines_[ownership.machine.value].name = node;
}

bool Books::takes_part_at_first(core::NodeId machine) const {
  return !providers_ || nodes_[machines_[machine.value].name.value].trusted ||
         providers_->record_of(machine).present;
}

void Books::node_joined(core::NodeId node, bool pays_fee, core::Time now) {
  NodeMoney& money = nodes_[node.value];
  Machine& machine = machines_[money.machine.value];
  NEXA_ASSERT(!money.joined, "an identity is registered once");
  money.joined = true;
  if (!std::exchange(machine.present, true)) machine.since = now;
  if (!providers_) return;
  // The trusted tier is the platform's own, and reckons with nothing.
  if (money.trusted) return providers_->on_departure(money.machine);
  const core::Economy& economy = *setup_.economy;
  if (pays_fee) {
    providers_->on_registration(money.machine);
    machine.fees += economy.registration_fee;
    figures_.registration += economy.registration_fee;
    mint(platform_fee_, amount_of(economy.registration_fee), now);
  }
  money.staked = amount_of(economy.stake);
  lock_stake(node, now);
}

void Books::lock_stake(core::NodeId node, core::Time now) {
  const Amount amount = nodes_[node.value].staked;
  if (amount == 0) return;
  const auto own = ledger_.open("node:" + std::to_string(node.value), now);
  mint(*own, amount, now);
  const auto done = paymaster_.money().stake(node, *own, amount, ++stakings_, now);
  NEXA_ASSERT(done.has_value(), "what is staked was minted");
}

void Books::node_left(core::NodeId node, core::Time now) {
  NodeMoney& money = nodes_[node.value];
  Machine& machine = machines_[money.machine.value];
  if (std::exchange(machine.present, false)) machine.was_present += now - machine.since;
  if (!providers_) return;
  const Amount free = free_stake(node);
  if (free > 0 && paymaster_.money().unstake(node, free, ++stakings_, now)) {
    money.taken_home += free;
  }
  providers_->on_departure(money.machine);
}

bool Books::can_answer_for_more(core::NodeId node) const {
  return free_stake(node) >= amount_of(setup_.stake_per_replica);
}

Amount Books::free_stake(core::NodeId node) const {
  const auto account = ledger_.names().find("stake:" + std::to_string(node.value));
  return account ? ledger_.account(*account).available().magnitude : 0;
}

Amount Books::lost_stake(core::NodeId node) const {
  const NodeMoney& money = nodes_[node.value];
  if (money.staked == 0) return 0;
  const auto account = ledger_.names().find("stake:" + std::to_string(node.value));
  return money.staked - money.taken_home - ledger_.account(*account).balance().magnitude;
}

// --- replicas

void Books::replica_ended(core::JobId job, core::ReplicaId replica, core::NodeId node,
                          const scheduler::ReplicaUse& use, bool computed, core::Time now) {
  const NodeMoney& money = nodes_[node.value];
  Machine& machine = machines_[money.machine.value];
  if (computed) machine.computed += use.usage.core_time;
  if (providers_ && machine.name == node) {
    providers_->on_result(money.machine, use.usage.core_time, computed);
  }
  paymaster_.replica_ended(job, replica, use, now);
}

void Books::result_checked(core::NodeId node) {
  const core::NodeId machine = nodes_[node.value].machine;
  if (providers_ && machines_[machine.value].name == node) providers_->on_check(machine);
}

void Books::pay_provider(const ledger::Payment& payment) {
  const bool is_for_work =
      payment.reason == ledger::Reason::reward || payment.reason == ledger::Reason::bounty;
  if (!providers_ || !is_for_work) return;
  const core::NodeId machine = nodes_[payment.node.value].machine;
  if (machines_[machine.value].name != payment.node) return;
  providers_->on_pay(machine, credits_of(payment.amount), vests_by_word_);
}

void Books::note_withheld(core::NodeId machine) {
  const core::Credits pending =
      credits_of(paymaster_.money().pending_rewards(machines_[machine.value].name));
  const core::Credits known = providers_->record_of(machine).withheld;
  if (pending < known) providers_->on_vest(machine, known - pending);
}

std::span<const scheduler::RefusedStart> Books::take(
    std::span<const scheduler::CoordinatorCommand> commands, const validator::Validator& validator,
    core::Time now) {
  // Before the money that follows.
  if (notes_) notes_->take(commands);
  if (notes_ && bank_.is_up()) notes_->write(now);
  for (const scheduler::CoordinatorCommand& command : commands) {
    const auto* decided = std::get_if<validator::DisputeDecided>(&command);
    if (decided != nullptr && decided->upheld) ++figures_.disputes_upheld;
  }
  std::vector<std::pair<core::NodeId, Amount>> lost_before;
  if (providers_) {
    for (const scheduler::CoordinatorCommand& command : commands) {
      const auto* convict = std::get_if<validator::Convict>(&command);
      if (convict == nullptr || !convict->convicted) continue;
      note_withheld(nodes_[convict->node.value].machine);
      lost_before.emplace_back(convict->node, lost_stake(convict->node));
    }
  }
  const auto refused = paymaster_.take(commands, validator, now);
  for (const auto& [node, before] : lost_before) {
    const core::NodeId machine = nodes_[node.value].machine;
    if (machines_[machine.value].name != node) continue;
    const core::Credits lost = credits_of(lost_stake(node) - before);
    providers_->on_conviction(machine, std::min(lost, providers_->record_of(machine).stake));
  }
  return refused;
}

void Books::advance(core::Time now) {
  bank_.set_up(simulator::bank_is_up(faults_, now));
  if (bank_.is_up()) {
    // Now, whether there are notes or not, so that they change nothing else.
    ledger_.expire(now);
    if (notes_) notes_->write(now);
  }
  if (paymaster_.next_event() <= now || paymaster_.waiting() > 0) paymaster_.advance(now);
}

void Books::close(core::Time now) {
  if (notes_ && bank_.is_up()) notes_->close(now);
}

core::Time Books::next_bank_change(core::Time now) const {
  return simulator::next_bank_change(faults_, now);
}

std::vector<ProviderMove> Books::review(const std::vector<bool>& is_opportunist) {
  for (std::uint32_t machine = 0; machine < machines_.size(); ++machine) {
    note_withheld(core::NodeId{machine});
  }
  return providers_->review(is_opportunist);
}

void Books::note_move(ProviderStep step) {
  figures_.joined += step == ProviderStep::join ? 1 : 0;
  figures_.left += step == ProviderStep::leave ? 1 : 0;
  figures_.whitewashed += step == ProviderStep::whitewash ? 1 : 0;
}

void Books::check() const {
  const auto sound = ledger::check(ledger_);
  NEXA_ASSERT(sound.has_value(), "the ledger does not add up");
  NEXA_ASSERT(paymaster_.failures().empty(), "something could not be booked");
}

}  // namespace nexa::simulator
