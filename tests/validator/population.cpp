#include "tests/validator/population.hpp"

#include <algorithm>

#include "io/sha256.hpp"

namespace nexa::validator::test {
namespace {

constexpr std::uint64_t common_lie = 1;

bool is_hostile(Kind kind) {
  return kind != Kind::honest && kind != Kind::defective;
}

}  // namespace

bool is_founded(const Verdict& verdict, std::uint32_t quorum) {
  // By class: domains, and the heaviest vote of each.
  std::map<std::uint8_t, std::map<std::uint8_t, std::uint32_t>> classes;
  bool judged = false;
  std::size_t votes = 0;
  for (const ReplicaVerdict& replica : verdict.replicas) {
    if (replica.class_number == 0) continue;
    ++votes;
    std::uint32_t& weight = classes[replica.class_number][replica.domain];
    weight = std::max(weight, replica.weight);
    const bool won = replica.class_number == 1;
    if (won != (replica.state == ReplicaState::valid)) return false;
    judged = judged || (won && replica.trusted);
  }
  const auto weight_of = [&classes](std::uint8_t number) {
    std::uint64_t sum = 0;
    for (const auto& [domain, weight] : classes[number]) sum += weight + 0U * domain;
    return sum;
  };
  switch (verdict.rule) {
    case Rule::earned:
      return votes == 1 && verdict.draw && verdict.draw->value >= verdict.draw->audit_below;
    case Rule::arbiter:
    case Rule::spot_check:
      return judged && verdict.confirmed;
    case Rule::quorum: {
      if (classes[1].size() < quorum) return false;
      for (std::uint8_t other = 2; other <= classes.size(); ++other) {
        if (weight_of(other) >= weight_of(1)) return false;
      }
      return true;
    }
    default:
      return false;
  }
}

core::Digest digest_of(std::uint64_t job, std::uint64_t variant) {
  core::Digest digest;
  for (std::size_t i = 0; i < 8; ++i) {
    digest.bytes[i] = static_cast<std::uint8_t>(variant >> (8 * i));
    digest.bytes[8 + i] = static_cast<std::uint8_t>(job >> (8 * i));
  }
  return digest;
}

core::Sha256 sha256_for_tests() {
  return io::sha256_of_parts;
}

Population::Population(Mix mix)
    : mix_(std::move(mix)), validator_(mix_.config, sha256_for_tests()) {
  const std::uint32_t hostile = mix_.nodes * mix_.hostile_permille / 1000;
  for (std::uint32_t i = 0; i < mix_.nodes; ++i) {
    // Spread, so that nothing depends on the numbers of nodes.
    const bool is_hostile_one = (i * 7919ULL) % mix_.nodes < hostile;
    workers_.push_back(join(is_hostile_one ? mix_.kind : Kind::honest, false, MachineId{}));
  }
  for (std::uint32_t i = 0; i < mix_.arbiters; ++i) {
    arbiters_.push_back(join(Kind::honest, true, MachineId{}));
  }
  tally_.identities = mix_.nodes;
}

double Population::unit(std::uint64_t entity, std::uint32_t draw) const {
  return core::random_unit(
      {.seed = mix_.seed, .stream = core::RandomStream::test, .entity = entity, .draw = draw});
}

std::uint32_t Population::join(Kind kind, bool trusted, MachineId machine) {
  const auto index = static_cast<std::uint32_t>(members_.size());
  Member member;
  member.id = core::NodeId{index};
  member.kind = kind;
  // The arbiters belong to one site; all others to somebody each.
  member.owner = core::OwnerId{trusted ? 1'000'000 : index};
  member.machine = machine.value != 0 ? machine : MachineId{index + 1ULL};
  member.trusted = trusted;
  if (trusted) member.bucket = TrustBucket::trusted;
  members_.push_back(member);
  validator_.apply(NodeJoined{.node = member.id,
                              .owner = member.owner,
                              .site = core::SiteId{trusted ? 9U : 1U},
                              .rack = {},
                              .machine = member.machine,
                              .host_class = core::HostClassId{1},
                              .trusted = trusted},
                   now_);
  return index;
}

Tally Population::run() {
  wrong_.assign(mix_.jobs, false);
  runs_.assign(mix_.jobs, {});
  tally_.jobs = mix_.jobs;
  drain();
  for (std::uint32_t job = 0; job < mix_.jobs; ++job) {
    now_ += core::seconds(3600) / mix_.nodes;  // as many jobs an hour as there are nodes
    second_half_ = job >= mix_.jobs / 2;
    validator_.apply(JobSubmitted{.job = core::JobId{job},
                                  .rules = mix_.rules,
                                  .value = core::Credits::whole(1),
                                  .comparator = ComparatorKind::exact,
                                  .job_class = JobClass{0}},
                     now_);
    drain();
  }
  tally_.wrong = static_cast<std::uint64_t>(std::count(wrong_.begin(), wrong_.end(), true));
  return tally_;
}

void Population::drain() {
  core::StreamHash hash;
  hash.add(tally_.digest_of_decisions);
  while (true) {
    const std::span<const Decision> decisions = validator_.decide(now_);
    if (decisions.empty()) break;
    // Facts make the spans of decisions invalid; only the wishes are needed after them.
    std::vector<SendReplica> wishes;
    std::vector<std::vector<core::FaultDomain>> avoid;
    std::vector<Convict> convicted;
    for (const Decision& decision : decisions) {
      hash.add(decision.index());
      if (const auto* wish = std::get_if<SendReplica>(&decision)) {
        wishes.push_back(*wish);
        avoid.emplace_back(wish->avoid.begin(), wish->avoid.end());
      } else if (const auto* verdict = std::get_if<Verdict>(&decision)) {
        on(*verdict);
      } else if (const auto* revised = std::get_if<VerdictRevised>(&decision)) {
        on(*revised);
      } else if (const auto* quarantine = std::get_if<Quarantine>(&decision)) {
        members_[quarantine->node.value].available = false;
      } else if (const auto* release = std::get_if<Release>(&decision)) {
        members_[release->node.value].available = true;
      } else if (const auto* trust = std::get_if<TrustChanged>(&decision)) {
        Member& member = members_[trust->node.value];
        member.bucket = trust->bucket;
        member.lies = mix_.build == 0 && trust->bucket == TrustBucket::established;
        member.answered = 0;
      } else if (const auto* convict = std::get_if<Convict>(&decision)) {
        convicted.push_back(*convict);
      }
    }
    for (const Convict& convict : convicted) on(convict);
    for (std::size_t i = 0; i < wishes.size(); ++i) {
      wishes[i].avoid = avoid[i];
      place(wishes[i]);
    }
  }
  tally_.digest_of_decisions = hash.value();
}

bool Population::may_run(const SendReplica& wish, const Member& member) const {
  if (member.gone || !member.available || member.bucket < wish.min_trust) return false;
  if (wish.only_node && *wish.only_node != member.id) return false;
  for (const core::FaultDomain domain :
       {core::FaultDomain::of(member.owner), core::FaultDomain::of(member.id)}) {
    if (std::binary_search(wish.avoid.begin(), wish.avoid.end(), domain)) return false;
  }
  return true;
}

void Population::place(const SendReplica& wish) {
  const std::vector<std::uint32_t>& pool =
      wish.min_trust == TrustBucket::trusted ? arbiters_ : workers_;
  std::uint32_t chosen = UINT32_MAX;
  const std::uint64_t begin =
      core::random_below({.seed = mix_.seed + 1, .entity = draws_++}, pool.size());
  for (std::size_t i = 0; i < pool.size(); ++i) {
    // Most often the first one will do; otherwise steps that are coprime to the size go round.
    const std::uint32_t candidate = pool[(begin + i * 104'729) % pool.size()];
    if (!may_run(wish, members_[candidate])) continue;
    chosen = candidate;
    break;
  }
  if (chosen == UINT32_MAX) {
    validator_.apply(ReplicaUnplaceable{wish.job, wish.replica}, now_);
    return;
  }
  Member& member = members_[chosen];
  // V-b: no two replicas of a job on one machine or of one owner, but for the arbiters' own.
  for (const auto& [replica, other] : runs_[wish.job.value]) {
    const Member& earlier = members_[other];
    const bool both_judge = earlier.trusted && member.trusted;
    if (earlier.machine == member.machine || (earlier.owner == member.owner && !both_judge)) {
      ++tally_.same_domain_pairs;
    }
  }
  runs_[wish.job.value].emplace_back(wish.replica.value, chosen);
  ++tally_.copies;
  ++tally_.by_purpose[wish.purpose];
  if (second_half_) ++tally_.steady_copies;
  const core::NodeId nodes[] = {member.id};
  validator_.apply(ReplicaPlaced{wish.job, wish.replica, nodes}, now_);
  validator_.apply(
      ResultReported{wish.job, wish.replica, answer(wish.job, wish.replica, member), {}}, now_);
}

core::Digest Population::answer(core::JobId job, core::ReplicaId replica, Member& member) {
  const std::uint64_t own = 2 + (job.value * 64ULL + replica.value);
  const core::Digest right = digest_of(job.value, 0);
  if (member.trusted) {
    return unit(draws_++, 1) < mix_.arbiter_sdc ? digest_of(job.value, own) : right;
  }
  switch (member.kind) {
    case Kind::honest:
      return right;
    case Kind::saboteur:
    case Kind::defective:
      return unit(draws_++, 2) < mix_.rate ? digest_of(job.value, own) : right;
    case Kind::colluder:
      return unit(job.value, 3) < mix_.rate ? digest_of(job.value, common_lie) : right;
    case Kind::betrayer:
    case Kind::colluding_betrayer:
      if (!member.lies || member.answered++ < mix_.patience) return right;
      return digest_of(job.value, member.kind == Kind::betrayer ? own : common_lie);
  }
  return right;
}

void Population::note_canonical(core::JobId job, const core::Digest& digest) {
  wrong_[job.value] = digest != digest_of(job.value, 0);
}

void Population::on(const Verdict& verdict) {
  if (verdict.outcome != Outcome::accepted) {
    ++tally_.failed;
    return;
  }
  ++tally_.accepted;
  if (!is_founded(verdict, std::max(2U, mix_.rules.min_quorum))) ++tally_.unfounded;
  note_canonical(verdict.job, verdict.digest);
  if (wrong_[verdict.job.value]) ++tally_.wrong_at_first;
  std::size_t results = 0;
  for (const ReplicaVerdict& replica : verdict.replicas) {
    if (replica.class_number > 0) ++results;
  }
  for (const auto& [number, who] : runs_[verdict.job.value]) {
    const ReplicaVerdict& replica = verdict.replicas[number - 1];
    Member& member = members_[who];
    if (replica.state == ReplicaState::invalid) {
      member.checked = 0;
      if (mix_.build > 0) member.lies = false;
    } else if (replica.state == ReplicaState::valid && results >= 2) {
      ++member.checked;
      if (mix_.build > 0 && member.checked >= mix_.build) member.lies = true;
    }
  }
}

void Population::on(const VerdictRevised& revised) {
  note_canonical(revised.job, revised.digest);
}

void Population::on(const Convict& convict) {
  if (!convict.convicted) return;
  ++tally_.convictions;
  Member& member = members_[convict.node.value];
  if (member.kind == Kind::honest && !member.trusted) {
    tally_.honest_convicted.insert(convict.node.value);
  }
  if (!mix_.reregisters || !is_hostile(member.kind) || member.gone) return;
  member.gone = true;
  const Kind kind = member.kind;
  const MachineId machine = mix_.same_machine ? member.machine : MachineId{};
  validator_.apply(NodeLeft{member.id}, now_);
  const std::uint32_t fresh = join(kind, false, machine);
  *std::find(workers_.begin(), workers_.end(), convict.node.value) = fresh;
  ++tally_.identities;
}

}  // namespace nexa::validator::test
