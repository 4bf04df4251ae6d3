// What happens to replicas in a validated simulation: their ends, what is handed in, and verdicts.

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "core/assert.hpp"
#include "simulator/validated_simulation.hpp"
#include "simulator/validation_observer.hpp"

namespace nexa::simulator {
namespace {

/// An answer as bytes: equal answers, and only they, have equal digests.
core::Digest digest_of(const Answer& answer) {
  core::Digest digest;
  const auto put = [&](std::size_t at, std::uint64_t word) {
    for (std::size_t i = 0; i < 8; ++i) {
      digest.bytes[at + i] = static_cast<std::uint8_t>(word >> (56 - 8 * i));
    }
  };
  put(0, answer.value);
  put(8, answer.structure);
  // Deviations are finite, and a millionth of the tolerance apart at the least where they differ.
  put(16, static_cast<std::uint64_t>(std::llround(answer.deviation * 1e6)));
  return digest;
}

std::uint64_t whole_distance(const Answer& a, const Answer& b) {
  const double scaled = distance(a, b) * 1e6;
  return scaled < 1e18 ? static_cast<std::uint64_t>(scaled)
                       : std::numeric_limits<std::uint64_t>::max();
}

std::int32_t lean_permille(const Answer& answer, const Answer& other) {
  const double lean = (answer.deviation - other.deviation) * 1000;
  return static_cast<std::int32_t>(std::lround(std::clamp(lean, -1000.0, 1000.0)));
}

ReplicaFate fate_of(validator::ReplicaState state) {
  switch (state) {
    case validator::ReplicaState::valid:
      return ReplicaFate::valid;
    case validator::ReplicaState::invalid:
      return ReplicaFate::invalid;
    case validator::ReplicaState::too_late:
      return ReplicaFate::too_late;
    case validator::ReplicaState::error:
      return ReplicaFate::error;
    case validator::ReplicaState::no_reply:
      return ReplicaFate::no_reply;
    case validator::ReplicaState::not_needed:
      return ReplicaFate::not_needed;
    default:
      return ReplicaFate::inconclusive;
  }
}

}  // namespace

ValidatedSimulation::Given* ValidatedSimulation::find_given(core::JobId job,
                                                            core::ReplicaId replica) {
  std::vector<Given>& given = jobs_[job.value].given;
  const auto found = std::find_if(given.begin(), given.end(),
                                  [&](const Given& one) { return one.replica == replica; });
  return found == given.end() ? nullptr : &*found;
}

ValidatedSimulation::Given& ValidatedSimulation::given_of(core::JobId job,
                                                          core::ReplicaId replica) {
  Given* given = find_given(job, replica);
  NEXA_ASSERT(given != nullptr, "the replica was started");
  return *given;
}

void ValidatedSimulation::on(const scheduler::CancelReplica& cancel, core::Time /*now*/) {
  const std::uint32_t number = given_of(cancel.job, cancel.replica).run;
  Run& run = runs_[number];
  NEXA_ASSERT(run.active && run.job == cancel.job && run.replica == cancel.replica,
              "the engine cancelled a replica that does not run");
  // At one instant it may reach its limit and be needed no more; it ends once, for the first
  // reason.
  if (is_killed(number)) return;
  if (cancel.why == scheduler::CancelReason::job_cancelled) {
    run.ending = Ending::abort;
  } else {
    // A node that computes says that it was stopped; one that hoards says nothing.
    run.ending = run.overlong ? Ending::crash : Ending::no_reply;
    if (run.overlong) jobs_[cancel.job.value].overlong = true;
  }
  killed_.push_back(number);
}

bool ValidatedSimulation::is_killed(std::uint32_t run) const {
  return std::find(killed_.begin(), killed_.end(), run) != killed_.end();
}

void ValidatedSimulation::end_run(std::uint32_t number, core::Time now) {
  Run& run = runs_[number];
  switch (run.ending) {
    case Ending::result:
      run.ended = scheduler::ReplicaEnding::result;
      hand_in(run, now);
      break;
    case Ending::crash:
      run.ended = scheduler::ReplicaEnding::error;
      fail(run, validator::FailureKind::error, ReplicaFate::error, now);
      break;
    case Ending::abort:
      run.ended = scheduler::ReplicaEnding::aborted;
      fail(run, validator::FailureKind::aborted, ReplicaFate::not_needed, now);
      break;
    case Ending::no_reply:
      run.ended = scheduler::ReplicaEnding::no_reply;
      run.computed = false;
      fail(run, validator::FailureKind::no_reply, ReplicaFate::no_reply, now);
      break;
  }
  leave(number, now);
}

void ValidatedSimulation::leave(std::uint32_t number, core::Time now) {
  Run& run = runs_[number];
  coordinator_.replica_left(run.job, run.replica, now);
  if (books_) tell_books(run, now);
  const double held_s = core::to_seconds(now - run.start) * static_cast<double>(run.cores_held);
  Given& given = given_of(run.job, run.replica);
  given.end = now;
  collector_.computed(given.node, held_s, is_trusted(run.nodes.front()));
  statistics_.add_core_time(run.cores_held, now - run.start);
  for (const auto& [tier, cores] : run.tiers) load_.change_busy_cores(tier, -cores);
  run.tiers.clear();
  run.active = false;
  spare_runs_.push_back(number);
}

void ValidatedSimulation::fail(const Run& run, validator::FailureKind how, ReplicaFate fate,
                               core::Time now) {
  Given& given = given_of(run.job, run.replica);
  given.fate = fate;
  tell(validator::ReplicaFailed{run.job, run.replica, how}, now);
}

bool ValidatedSimulation::proof_holds(const Report& report, const Run& run, core::NodeId node,
                                      core::Time now) const {
  const core::Defences& defences = setup_.defences;
  if (report.copied_commitment) return false;
  if (defences.output_header) {
    if (report.output_job != run.job) return false;
    if (report.attested != Attested{run.job, run.replica.value, 0}) return false;
  }
  if (!defences.signature_checks || report.signature == Signature::own) return true;
  const core::NodeId machine = identities_[node.value].machine;
  return report.signature == Signature::stolen && now < population_.key_revoked_at(machine);
}

bool ValidatedSimulation::is_warned(const Run& run, core::NodeId node) const {
  if (!insider_ || !insider_->favours(node)) return false;
  if (run.replica != core::ReplicaId{1}) return true;
  // The first copy of a job stands alone only if its node is relied on.
  const auto standing = coordinator_.validator().standing(node);
  return standing && standing->bucket != validator::TrustBucket::established;
}

void ValidatedSimulation::hand_in(Run& run, core::Time now) {
  Given& given = given_of(run.job, run.replica);
  Answer answer;
  std::uint32_t resends = 0;
  if (!population_.all_honest()) {
    scratch_answers_.clear();
    for (const Given& other : jobs_[run.job.value].given) {
      if (other.handed_in) scratch_answers_.push_back(other.answer);
    }
    const Disclosure disclosure{setup_.defences.commit_reveal, scratch_answers_};
    for (const core::NodeId node : run.nodes) {
      Report report = population_.finish(assignment(run, node, now), disclosure);
      if (is_wrong(report.answer) && is_warned(run, node)) report.answer = {};
      resends = std::max(resends, report.resends);
      note_claim(run, report);
      if (!proof_holds(report, run, node, now)) {
        given.node = node;
        given.answer = report.answer;
        if (is_wrong(report.answer)) collector_.answered_wrongly(node, now);
        fail(run, validator::FailureKind::bad_proof, ReplicaFate::invalid, now);
        return;
      }
      if (report.attacks_checker && setup_.defences.sandbox) {
        given.node = node;
        run.ended = scheduler::ReplicaEnding::error;
        fail(run, validator::FailureKind::error, ReplicaFate::error, now);
        return;
      }
      if (is_wrong(report.answer)) {
        given.node = node;
        answer = report.answer;
        collector_.answered_wrongly(node, now);
      } else if (!is_wrong(answer) &&
                 std::abs(report.answer.deviation) > std::abs(answer.deviation)) {
        answer = report.answer;
      }
    }
  }
  given.answer = answer;
  given.handed_in = true;
  if (options_.observer != nullptr) {
    options_.observer->on_answer(run.job, run.replica, given.node, is_wrong(answer), now);
  }
  tell_result(run, answer, 1 + resends, now);
}

void ValidatedSimulation::tell_result(const Run& run, const Answer& answer, std::uint32_t times,
                                      core::Time now) {
  scratch_comparisons_.clear();
  for (const Given& other : jobs_[run.job.value].given) {
    if (!other.handed_in || other.replica == run.replica) continue;
    scratch_comparisons_.push_back({.other = other.replica,
                                    .equal = agree(answer, other.answer, comparison_),
                                    .distance = whole_distance(answer, other.answer),
                                    .lean_permille = lean_permille(answer, other.answer)});
  }
  for (std::uint32_t i = 0; i < times; ++i) {
    tell(validator::ResultReported{.job = run.job,
                                   .replica = run.replica,
                                   .digest = digest_of(answer),
                                   .comparisons = scratch_comparisons_},
         now);
  }
}

void ValidatedSimulation::learn(core::NodeId node, const OwnVerdict& verdict, core::Time now) {
  const Identity identity = identities_[node.value];
  const Reaction reaction = population_.learn(identity.machine, verdict);
  if (!reaction.comes_back_new) return;
  coordinator_.set_availability(node, core::NodeAvailability::draining, now);
  if (books_) books_->node_left(node, now);
  foresee(now + std::max(reaction.rest, core::Duration{1}), Happening::node_returns,
          identity.machine.value);
}

void ValidatedSimulation::judge(core::JobId job, const validator::ReplicaVerdict& verdict,
                                bool checked, core::Time now) {
  Given* given = find_given(job, verdict.replica);
  if (given == nullptr) return;
  const ReplicaFate fate = fate_of(verdict.state);
  if (std::exchange(given->judged, true)) {
    collector_.ended_otherwise(given->node, given->fate, fate);
  } else {
    collector_.ended(given->node, fate);
  }
  given->fate = fate;
  if (books_ && checked) books_->result_checked(given->node);
  if (population_.all_honest()) return;
  if (fate != ReplicaFate::valid && fate != ReplicaFate::invalid) return;
  learn(given->node, {.valid = fate == ReplicaFate::valid, .checked = checked, .strike = false},
        now);
}

void ValidatedSimulation::on(const validator::Verdict& verdict, core::Time now) {
  Job& job = jobs_[verdict.job.value];
  job.decided = true;
  --undecided_;
  const bool checked = verdict.replicas.size() > 1 || verdict.confirmed;
  for (const validator::ReplicaVerdict& replica : verdict.replicas) {
    judge(verdict.job, replica, checked, now);
  }
  if (verdict.outcome == validator::Outcome::accepted) {
    job.accepted = true;
    job.wrong = is_wrong(given_of(verdict.job, verdict.canonical).answer);
    collector_.accepted(verdict.job.value, job.wrong, value_of(workload_.jobs[verdict.job.value]));
    note_job(verdict.job, core::JobState::completed, now);
    if (books_) consider_dispute(verdict.job, now);
  }
  if (insider_) insider_->on(verdict, job.accepted && job.wrong);
  if (options_.record_replicas) record_verdict(verdict, now);
  if (verdict.outcome == validator::Outcome::accepted) return;
  if (verdict.outcome == validator::Outcome::cancelled) {
    note_job(verdict.job, core::JobState::cancelled, now);
    return;
  }
  collector_.without_result(verdict.job.value);
  note_job(verdict.job,
           job.first_start == core::never ? core::JobState::rejected
           : job.overlong                 ? core::JobState::timed_out
                                          : core::JobState::failed,
           now);
}

void ValidatedSimulation::on(const validator::VerdictRevised& revised, core::Time now) {
  Job& job = jobs_[revised.job.value];
  for (const validator::ReplicaVerdict& replica : revised.replicas) {
    judge(revised.job, replica, true, now);
  }
  if (revised.canonical_changed && job.accepted) {
    const bool was_wrong = job.wrong;
    const Given* canonical = find_given(revised.job, revised.canonical);
    job.wrong = canonical != nullptr && is_wrong(canonical->answer);
    collector_.revised(revised.job.value, was_wrong, job.wrong,
                       value_of(workload_.jobs[revised.job.value]));
  }
  if (options_.record_replicas) record_revision(revised, now);
}

void ValidatedSimulation::on(const validator::Convict& convict, core::Time now) {
  if (!convict.convicted) return;
  collector_.convicted(convict.node, now);
  if (population_.all_honest()) return;
  learn(convict.node, {.valid = false, .checked = true, .strike = true}, now);
}

void ValidatedSimulation::on(const validator::Leaning& leaning, core::Time /*now*/) {
  if (leaning.leans) collector_.leaned(leaning.node);
}

void ValidatedSimulation::on(const validator::Vested& vested, core::Time /*now*/) {
  // Of a job that ran once nothing can be asked any more, so what was handed in need not be kept.
  Job& job = jobs_[vested.job.value];
  if (job.given.size() != 1) return;
  if (options_.record_replicas) record_replicas(vested.job);
  job.given.clear();
  spare_given_.push_back(std::exchange(job.given, {}));
}

void ValidatedSimulation::on(const validator::SeedCommitted& committed, core::Time /*now*/) {
  if (insider_) insider_->on(committed);
}

void ValidatedSimulation::on(const validator::SeedRevealed& revealed, core::Time now) {
  if (insider_) insider_->on(revealed, now);
}

const ValidatedSimulation::Given* ValidatedSimulation::shown_replica(core::JobId job) const {
  const std::vector<Given>& given = jobs_[job.value].given;
  const auto valid = std::find_if(given.begin(), given.end(), [](const Given& one) {
    return one.fate == ReplicaFate::valid && !one.nodes.empty();
  });
  if (valid != given.end()) return &*valid;
  return given.empty() || given.front().nodes.empty() ? nullptr : &given.front();
}

void ValidatedSimulation::note_job(core::JobId id, core::JobState state, core::Time now) {
  const core::WorkloadJob& job = workload_.jobs[id.value];
  const core::Time start = jobs_[id.value].first_start;
  statistics_.add(state);
  if (start != core::never && state != core::JobState::cancelled) {
    statistics_.add_finished(start - job.submit, now - start, 0, now);
  }
  if (options_.results == nullptr) return;
  core::JobOutcome outcome{.id = id,
                           .workload_index = id.value,
                           .state = state,
                           .selected_by = jobs_[id.value].selected_by,
                           .submit = job.submit,
                           .start = start,
                           .end = now,
                           .started = start != core::never,
                           .time_limit = job.time_limit,
                           .request = workload_.request_of(job),
                           .nodes = {}};
  if (const Given* shown = shown_replica(id)) {
    scratch_intervals_.clear();
    for (const scheduler::NodeShare& share : shown->nodes)
      scratch_intervals_.push_back(share.nodes);
    core::canonicalise(scratch_intervals_);
    outcome.nodes = scratch_intervals_;
    const std::size_t group = index_.group_of(scratch_intervals_.front().first);
    outcome.node_class = static_cast<std::uint32_t>(group);
    outcome.tier = platform_.groups[group].spec.tier;
    outcome.cores_held = workload_.request_of(job).cores();
  }
  options_.results->add(outcome);
}

}  // namespace nexa::simulator
