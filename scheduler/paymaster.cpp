#include "scheduler/paymaster.hpp"

#include <algorithm>
#include <utility>

namespace nexa::scheduler {
namespace {

/// Errors after which the same may succeed later.
bool is_passing(core::ErrorCode code) {
  return code == core::ErrorCode::io;
}

/// Jobs, at the least, after which those that are over are looked for.
constexpr std::size_t least_job_sweep = 1024;

template <class Wanted, class Take>
void for_each(std::span<const CoordinatorCommand> commands, Take take) {
  for (const CoordinatorCommand& command : commands) {
    if (const auto* wanted = std::get_if<Wanted>(&command)) take(*wanted);
  }
}

}  // namespace

Paymaster::Paymaster(ledger::Bank& bank, PaymasterConfig config, ledger::PaymentSink* sink)
    : config_(config), money_(bank, sink) {}

void Paymaster::add_node(core::NodeId id, bool trusted) {
  node(id).trusted = trusted;
}

Paymaster::Node& Paymaster::node(core::NodeId id) {
  if (id.value >= nodes_.size()) nodes_.resize(id.value + 1);
  return nodes_[id.value];
}

Paymaster::Pay* Paymaster::find(core::JobId job) {
  const auto found = jobs_.find(job);
  return found == jobs_.end() ? nullptr : &found->second;
}

Paymaster::Copy* Paymaster::find(Pay& pay, core::ReplicaId replica) {
  const auto found = std::find_if(pay.copies.begin(), pay.copies.end(),
                                  [&](const Copy& copy) { return copy.replica == replica; });
  return found == pay.copies.end() ? nullptr : &*found;
}

// --- booking

bool Paymaster::try_to_book(const Booking& booking, core::Time now) {
  const auto done = booking(now);
  if (done) return true;
  if (is_passing(done.error().code)) return false;
  failures_.push_back(done.error());
  return true;
}

void Paymaster::book(Booking booking, core::Time now) {
  // What came first is booked first, or a verdict could be settled before its replicas are known.
  if (waiting_.empty() && try_to_book(booking, now)) return;
  waiting_.push_back(std::move(booking));
}

void Paymaster::advance(core::Time now) {
  while (!waiting_.empty() && try_to_book(waiting_.front(), now)) waiting_.pop_front();
  if (!waiting_.empty()) return;
  const auto done = money_.advance(now);
  if (!done && !is_passing(done.error().code)) failures_.push_back(done.error());
}

core::Time Paymaster::next_event() const {
  return waiting_.empty() ? money_.next_event() : core::never;
}

core::Result<void> Paymaster::submit(const ledger::JobTerms& terms, core::Time now) {
  auto done = money_.submit(terms, now);
  if (done) jobs_.try_emplace(terms.about.job);
  return done;
}

// --- replicas

void Paymaster::start(const StartReplica& start, core::Time now) {
  Pay* pay = find(start.job);
  if (pay == nullptr) return;
  const core::NodeId on{start.nodes.front().nodes.first};
  const Copy copy{.replica = start.replica,
                  .node = on,
                  .trusted = node(on).trusted,
                  .after_verdict = pay->decision.has_value(),
                  .use = {}};
  pay->copies.push_back(copy);
  if (!copy.is_paid_by_job()) return;
  book(
      [this, job = start.job, replica = start.replica, on](core::Time when) -> core::Result<void> {
        auto done = money_.assign(job, replica, on, when);
        if (done && config_.streams) return money_.open_stream(job, replica, when);
        if (done || done.error().code != core::ErrorCode::refused) return done;
        refused_.push_back({job, replica, on});
        unassigned_.insert({job, replica});
        return {};
      },
      now);
}

void Paymaster::replica_ended(core::JobId job, core::ReplicaId replica, const ReplicaUse& use,
                              core::Time now) {
  Pay* pay = find(job);
  Copy* copy = pay == nullptr ? nullptr : find(*pay, replica);
  if (copy == nullptr || copy->use) return;
  copy->use = use;
  if (config_.streams && copy->is_paid_by_job()) end_stream(job, replica, use.usage.elapsed, now);
  if (pay->decision) ended_.emplace_back(job, replica);
}

void Paymaster::end_stream(core::JobId job, core::ReplicaId replica, core::Duration elapsed,
                           core::Time now) {
  // One tick a second, of which the last is all that counts.
  const auto ticks = static_cast<std::uint64_t>(elapsed / core::seconds(1));
  book(
      [this, job, replica, ticks](core::Time when) -> core::Result<void> {
        if (!is_assigned(job, replica)) return {};
        if (auto done = money_.tick(job, replica, ticks, when); !done) return done;
        return money_.close_stream(job, replica, when);
      },
      now);
}

void Paymaster::finish_ended(core::Time now) {
  // The validator has had its say on all of them: what it did not name it does not care about.
  for (const auto& [job, replica] : ended_) {
    Pay* pay = find(job);
    Copy* copy = pay == nullptr ? nullptr : find(*pay, replica);
    if (copy == nullptr) continue;
    if (copy->is_paid_by_job() && !copy->booked) finish(job, *pay, *copy, now);
  }
  ended_.clear();
}

ledger::ReplicaReport Paymaster::report_on(const Copy& copy, const JobDecision& decision) const {
  ledger::ReplicaReport report;
  report.replica = copy.replica;
  report.outcome = outcome_of(copy.state, copy.use->ending, decision);
  report.tier = copy.use->tier;
  report.usage = copy.use->usage;
  return report;
}

void Paymaster::finish(core::JobId job, const Pay& pay, Copy& copy, core::Time now) {
  copy.booked = true;
  const ledger::ReplicaReport report = report_on(copy, *pay.decision);
  if (report.outcome == ledger::ReplicaOutcome::valid) count_valid(copy.node, now);
  book(
      [this, job, report](core::Time when) -> core::Result<void> {
        if (!is_assigned(job, report.replica)) return {};
        return money_.finish(job, report, when);
      },
      now);
  release_if_final(job, pay, copy, now);
}

void Paymaster::release_if_final(core::JobId job, const Pay& pay, const Copy& copy,
                                 core::Time now) {
  // The validator has no word on the pay of replicas that were stopped: it depends on no result.
  switch (outcome_of(copy.state, copy.use->ending, *pay.decision)) {
    case ledger::ReplicaOutcome::not_needed:
    case ledger::ReplicaOutcome::user_error:
    case ledger::ReplicaOutcome::cancelled:
      return release(job, copy.replica, now);
    default:
      return;
  }
}

void Paymaster::compensate(core::JobId job, Copy& copy, core::Time now) {
  copy.booked = true;
  const ledger::ReplicaReport report = report_on(copy, {});
  book(
      [this, job, report, on = copy.node](core::Time when) -> core::Result<void> {
        const ledger::Amount price = money_.price_of(job, report);
        const auto paid = money_.compensate(job, report.replica, on, price, when);
        if (!paid) return paid.error();
        unpaid_ += price - *paid;
        return {};
      },
      now);
}

// --- verdicts

ledger::Verdict Paymaster::assigned_part(core::JobId job, ledger::Verdict verdict) const {
  std::erase_if(verdict.reports,
                [&](const auto& report) { return !is_assigned(job, report.replica); });
  if (verdict.canonical && !is_assigned(job, *verdict.canonical)) verdict.canonical.reset();
  return verdict;
}

ledger::Verdict Paymaster::verdict_of(const Pay& pay) const {
  ledger::Verdict verdict;
  for (const Copy& copy : pay.copies) {
    if (!copy.is_paid_by_job() || !copy.booked) continue;
    verdict.reports.push_back(report_on(copy, *pay.decision));
    const bool is_valid = verdict.reports.back().outcome == ledger::ReplicaOutcome::valid;
    // A result of the trusted tier can be canonical too, and wins no bounty.
    if (is_valid && copy.replica == pay.canonical) verdict.canonical = copy.replica;
  }
  return verdict;
}

void Paymaster::note_states(Pay& pay, std::span<const validator::ReplicaVerdict> replicas) {
  for (const validator::ReplicaVerdict& verdict : replicas) {
    if (Copy* copy = find(pay, verdict.replica)) copy->state = verdict.state;
  }
}

void Paymaster::settle(const validator::Verdict& verdict, core::Time now) {
  Pay* pay = find(verdict.job);
  if (pay == nullptr || pay->decision) return;
  pay->decision = JobDecision{verdict.outcome, verdict.why};
  pay->canonical = verdict.canonical;
  note_states(*pay, verdict.replicas);
  std::vector<std::pair<ledger::ReplicaReport, core::NodeId>> arbiters;
  for (Copy& copy : pay->copies) {
    if (!copy.use) continue;
    copy.booked = true;
    const bool is_valid = copy.state == validator::ReplicaState::valid;
    if (!copy.trusted) {
      if (is_valid) count_valid(copy.node, now);
    } else if (is_valid) {
      arbiters.emplace_back(report_on(copy, *pay->decision), copy.node);
    }
  }
  book(
      [this, job = verdict.job, booked = verdict_of(*pay), arbiters](core::Time when) mutable {
        for (const auto& [report, arbiter] : arbiters) {
          booked.arbitrations.push_back({money_.price_of(job, report), arbiter});
        }
        arbiters.clear();  // in case that this is tried again
        return money_.settle(job, assigned_part(job, booked), when);
      },
      now);
  for (const Copy& copy : pay->copies) {
    if (copy.booked && copy.is_paid_by_job()) release_if_final(verdict.job, *pay, copy, now);
  }
}

void Paymaster::revise(const validator::VerdictRevised& revised, core::Time now) {
  Pay* pay = find(revised.job);
  if (pay == nullptr || !pay->decision) return;
  bool changed = revised.canonical_changed;
  pay->canonical = revised.canonical;
  note_states(*pay, revised.replicas);
  for (const validator::ReplicaVerdict& verdict : revised.replicas) {
    Copy* copy = find(*pay, verdict.replica);
    if (copy == nullptr || !copy->use) continue;
    const bool is_valid = verdict.state == validator::ReplicaState::valid;
    if (copy->booked) {
      changed = changed || copy->is_paid_by_job();
    } else if (copy->is_paid_by_job()) {
      finish(revised.job, *pay, *copy, now);
    } else if (is_valid) {
      compensate(revised.job, *copy, now);
    }
  }
  if (changed) book_revision(revised.job, *pay, now);
}

void Paymaster::book_revision(core::JobId job, const Pay& pay, core::Time now) {
  book([this, job, verdict = verdict_of(pay)](
           core::Time when) { return money_.revise(job, assigned_part(job, verdict), when); },
       now);
}

void Paymaster::convict(const validator::Convict& convict, core::Time now) {
  if (!convict.convicted) return;
  book(
      [this, convict](core::Time when) {
        return money_.convict(convict.node, convict.job, convict.replica, config_.slash, when);
      },
      now);
}

// --- vesting

void Paymaster::count_valid(core::NodeId id, core::Time now) {
  Node& of = node(id);
  if (++of.valid < config_.probation_results) return;
  for (const auto& [job, replica] : std::exchange(of.on_probation, {})) {
    release(job, replica, now);
  }
}

void Paymaster::release(core::JobId job, core::ReplicaId replica, core::Time now) {
  book(
      [this, job, replica](core::Time when) -> core::Result<void> {
        if (!is_assigned(job, replica)) return {};
        return money_.vest(job, replica, when);
      },
      now);
}

void Paymaster::vest(const validator::Vested& vested, core::Time now) {
  Pay* pay = find(vested.job);
  const Copy* copy = pay == nullptr ? nullptr : find(*pay, vested.replica);
  if (copy == nullptr) return;
  if (copy->is_paid_by_job()) {
    Node& of = node(copy->node);
    if (of.valid < config_.probation_results) {
      of.on_probation.emplace_back(vested.job, vested.replica);
    } else {
      release(vested.job, vested.replica, now);
    }
  }
}

void Paymaster::forfeit(const validator::Forfeited& forfeited, core::Time now) {
  Pay* pay = find(forfeited.job);
  const Copy* copy = pay == nullptr ? nullptr : find(*pay, forfeited.replica);
  if (copy == nullptr) return;
  if (copy->is_paid_by_job()) {
    book(
        [this, forfeited](core::Time when) -> core::Result<void> {
          if (!is_assigned(forfeited.job, forfeited.replica)) return {};
          return money_.forfeit(forfeited.job, forfeited.replica, when);
        },
        now);
  }
}

void Paymaster::forget_what_is_over(std::span<const CoordinatorCommand> commands,
                                    const validator::Validator& validator) {
  const auto is_over = [&](core::JobId job, const Pay& pay) {
    return pay.decision && !validator.knows(job) &&
           std::all_of(pay.copies.begin(), pay.copies.end(),
                       [](const Copy& copy) { return copy.use.has_value(); });
  };
  for (const CoordinatorCommand& command : commands) {
    std::visit(
        [&](const auto& it) {
          if constexpr (requires { it.job; }) {
            const Pay* pay = find(it.job);
            if (pay != nullptr && is_over(it.job, *pay)) jobs_.erase(it.job);
          }
        },
        command);
  }
  // The validator does not say when it forgets a job; see `Coordinator`.
  if (jobs_.size() < sweep_at_) return;
  std::erase_if(jobs_, [&](const auto& job) { return is_over(job.first, job.second); });
  sweep_at_ = std::max(least_job_sweep, 2 * jobs_.size());
}

std::span<const RefusedStart> Paymaster::take(std::span<const CoordinatorCommand> commands,
                                              const validator::Validator& validator,
                                              core::Time now) {
  refused_.clear();
  for_each<StartReplica>(commands, [&](const auto& it) { start(it, now); });
  // What a conviction takes back can pay those whom a verdict of the same instant finds right.
  for_each<validator::Convict>(commands, [&](const auto& it) { convict(it, now); });
  for_each<validator::DisputeDecided>(commands,
                                      [&](const auto& it) { resolve(it, commands, now); });
  for (const CoordinatorCommand& command : commands) {
    if (const auto* verdict = std::get_if<validator::Verdict>(&command)) settle(*verdict, now);
    if (const auto* news = std::get_if<validator::VerdictRevised>(&command)) revise(*news, now);
  }
  finish_ended(now);
  for_each<validator::Forfeited>(commands, [&](const auto& it) { forfeit(it, now); });
  for_each<validator::Vested>(commands, [&](const auto& it) { vest(it, now); });
  forget_what_is_over(commands, validator);
  return refused_;
}

}  // namespace nexa::scheduler
