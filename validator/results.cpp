// Which results of a job take part in a decision, and how they compare.
#include <algorithm>
#include <array>
#include <numeric>
#include <span>

#include "validator/state.hpp"

namespace nexa::validator {
namespace {

/// Whether two sorted sequences have an element in common.
bool have_common(std::span<const core::FaultDomain> a, std::span<const core::FaultDomain> b) {
  auto in_a = a.begin();
  auto in_b = b.begin();
  while (in_a != a.end() && in_b != b.end()) {
    if (*in_a == *in_b) return true;
    *in_a < *in_b ? ++in_a : ++in_b;
  }
  return false;
}

}  // namespace

void ValidatorState::list_domains(const Redundancy& rules, const ReplicaRecord& replica,
                                  std::vector<core::FaultDomain>& domains) const {
  domains.clear();
  // In the order of kinds, and within one mostly in the order of nodes: little is left to sort.
  const auto add = [&](auto add_domain_of) {
    add_domain_of(nodes.node(replica.node));
    for (const NodeSlot node : replica.more_nodes) add_domain_of(nodes.node(node));
  };
  if ((rules.distinct & distinct_owner) != 0) {
    add([&](const NodeRecord& node) { domains.push_back(core::FaultDomain::of(node.owner)); });
  }
  if ((rules.distinct & distinct_site) != 0) {
    add([&](const NodeRecord& node) { domains.push_back(core::FaultDomain::of(node.site)); });
  }
  if ((rules.distinct & distinct_rack) != 0) {
    add([&](const NodeRecord& node) {
      if (node.rack.value != 0) domains.push_back(core::FaultDomain::of(node.rack));
    });
  }
  // The same machine never vouches for itself; its first node stands for it.
  add([&](const NodeRecord& node) {
    const NodeSlot first = nodes.machines()[node.machine].nodes.front();
    domains.push_back(core::FaultDomain::of(nodes.node(first).id));
  });
  core::canonicalise(domains);
}

bool ValidatorState::share_a_domain(const Redundancy& rules, const ReplicaRecord& a,
                                    const ReplicaRecord& b) {
  list_domains(rules, a, domain_scratch);
  list_domains(rules, b, other_domain_scratch);
  return have_common(domain_scratch, other_domain_scratch);
}

bool ValidatorState::is_first_of_machine(const ReplicaRecord& replica, std::size_t index) const {
  const std::uint32_t machine = nodes.node(replica.more_nodes[index]).machine;
  if (nodes.node(replica.node).machine == machine) return false;
  for (std::size_t i = 0; i < index; ++i) {
    if (nodes.node(replica.more_nodes[i]).machine == machine) return false;
  }
  return true;
}

bool ValidatorState::do_machines_repeat(const ReplicaRecord& replica) {
  machine_scratch.clear();
  machine_scratch.push_back(nodes.node(replica.node).machine);
  bool ascend = true;
  for (const NodeSlot node : replica.more_nodes) {
    const std::uint32_t machine = nodes.node(node).machine;
    ascend = ascend && machine > machine_scratch.back();
    machine_scratch.push_back(machine);
  }
  if (ascend) return false;
  std::sort(machine_scratch.begin(), machine_scratch.end());
  return std::adjacent_find(machine_scratch.begin(), machine_scratch.end()) !=
         machine_scratch.end();
}

Case ValidatorState::gather(const JobRecord& job, bool with_judges) {
  std::array<std::uint8_t, max_results + 1> at{};  // by order of arrival: index of the replica + 1
  for (std::size_t i = 0; i < job.replicas.size(); ++i) {
    const ReplicaRecord& replica = job.replicas[i];
    if (replica.has_result) at[replica.order] = static_cast<std::uint8_t>(i + 1);
  }
  Case result;
  const auto add = [&result, &job](std::size_t index) {
    const ReplicaRecord& replica = job.replicas[index];
    result.votes.push_back({.digest = replica.digest,
                            .replica = replica_id(index),
                            .domain = static_cast<std::uint8_t>(result.votes.size()),
                            .weight = replica.weight,
                            .checks = replica.checks,
                            .newcomer = replica.newcomer,
                            .entry = static_cast<std::uint32_t>(index)});
  };
  for (std::size_t order = 1; order <= job.results; ++order) {
    if (at[order] != 0 && job.replicas[at[order] - 1U].votes) add(at[order] - 1U);
  }
  result.voting = result.votes.size();
  // Votes that share a fault domain, directly or through others, are one.
  for (std::size_t b = 1; b < result.voting; ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      const std::uint8_t of_a = result.votes[a].domain;
      const std::uint8_t of_b = result.votes[b].domain;
      if (of_a == of_b || !share_a_domain(job.rules, job.replicas[result.votes[a].entry],
                                          job.replicas[result.votes[b].entry])) {
        continue;
      }
      for (std::size_t c = 0; c <= b; ++c) {
        if (result.votes[c].domain == of_b) result.votes[c].domain = of_a;
      }
    }
  }
  if (with_judges) {
    for (std::size_t order = 1; order <= job.results; ++order) {
      if (at[order] != 0 && job.replicas[at[order] - 1U].judges) add(at[order] - 1U);
    }
  }
  result.equality = Equality(result.votes);
  if (job.pairs.empty()) return result;
  std::array<std::uint8_t, 256> place{};  // by replica: index in the case + 1
  for (std::size_t i = 0; i < result.votes.size(); ++i) {
    place[result.votes[i].entry] = static_cast<std::uint8_t>(i + 1);
  }
  for (const PairRecord& pair : job.pairs) {
    if (place[pair.a] == 0 || place[pair.b] == 0) continue;
    result.equality.set(place[pair.a] - 1U, place[pair.b] - 1U, pair.equal, pair.distance);
  }
  return result;
}

// Of several machines nobody can say which of them leans.
void ValidatorState::note_lean(const JobRecord& job, const ReplicaRecord& replica,
                               const ReplicaRecord& other, std::int32_t lean_permille) {
  if (job.comparator == ComparatorKind::exact) return;
  if (!replica.more_nodes.empty() || !other.more_nodes.empty()) return;
  if (nodes.node(replica.node).machine == nodes.node(other.node).machine) return;
  nodes.compared(replica.node, other.node, lean_permille);
  nodes.compared(other.node, replica.node, -lean_permille);
}

bool ValidatorState::equal(const JobRecord& job, std::size_t a, std::size_t b) const {
  for (auto pair = job.pairs.rbegin(); pair != job.pairs.rend(); ++pair) {
    if ((pair->a == a && pair->b == b) || (pair->a == b && pair->b == a)) return pair->equal;
  }
  return job.replicas[a].digest == job.replicas[b].digest;
}

}  // namespace nexa::validator
