// Engine::explain: why a job is where it is.
#include <algorithm>
#include <array>

#include "scheduler/engine.hpp"
#include "scheduler/engine_state.hpp"

namespace nexa::scheduler {
namespace {

/// What keeps a class from hosting a single slot more, although it could when idle.
RejectCode shortage(const RequestClass& request_class, const NodeClass& node_class) {
  if (node_class.offline_count() == node_class.node_count()) return RejectCode::node_offline;
  if (request_class.whole_nodes()) return RejectCode::no_idle_node;
  const core::Resources& need = request_class.request.per_slot;
  if (node_class.free_cores() < need.cores) return RejectCode::cores_busy;
  bool cores_somewhere = false;
  bool gpus_next_to_them = false;
  for (const std::uint32_t index : node_class.order()) {
    const Level& level = node_class.level(index);
    if (level.count == 0 || level.free.cores < need.cores) continue;
    cores_somewhere = true;
    if (level.free.gpus >= need.gpus) gpus_next_to_them = true;
  }
  if (!cores_somewhere) return RejectCode::cores_busy;
  return gpus_next_to_them ? RejectCode::memory_busy : RejectCode::gpus_busy;
}

/// The most frequent reason among nodes that could help at another time.
RejectCode main_shortage(const Explanation& explanation) {
  RejectCode code = RejectCode::cores_busy;
  std::uint64_t most = 0;
  for (const NodeReason& reason : explanation.nodes) {
    if (info(reason.code).never || reason.nodes <= most) continue;
    most = reason.nodes;
    code = reason.code;
  }
  return code;
}

void count_nodes(Cluster& cluster, RequestClass& request_class, Explanation& out) {
  std::array<std::uint64_t, reject_code_count> nodes{};
  out.slots_available = cluster.available(request_class);
  const auto count = [&nodes](RejectCode code, std::uint64_t more) {
    nodes[static_cast<std::size_t>(code)] += more;
  };
  const RequestClass& terms = cluster.terms_of(request_class);
  for (std::uint32_t index = 0; index < cluster.classes().size(); ++index) {
    const RejectCode verdict = terms.verdicts[index];
    if (verdict != RejectCode::none) count(verdict, cluster.classes()[index].node_count());
  }
  for (const Candidate& candidate : terms.candidates) {
    const std::uint32_t index = candidate.node_class;
    const NodeClass& node_class = cluster.classes()[index];
    std::uint64_t avoided = request_class.avoids(index) ? node_class.node_count() : 0;
    for (const AvoidedNodes& run : request_class.avoided_in(index)) avoided += run.nodes.size();
    count(RejectCode::kept_apart, avoided);
    const std::uint64_t suitable = node_class.node_count() - avoided;
    out.nodes_suitable += suitable;
    if (suitable == 0) continue;
    if (candidate.slots_free == 0) {
      count(shortage(request_class, node_class), suitable);
    } else if (candidate.slots_free == cluster.slots_avoided(request_class, index)) {
      count(RejectCode::separation, suitable);
    }
  }
  for (std::size_t code = 0; code < nodes.size(); ++code) {
    if (nodes[code] != 0) out.nodes.push_back({static_cast<RejectCode>(code), nodes[code]});
  }
}

}  // namespace

Explanation Engine::explain(core::JobId job, core::Time now) const {
  EngineState& state = *state_;
  state.cluster.settle();  // what was told of nodes since the last step counts
  Explanation out{
      .job = job, .nodes = {}, .blocked_by = {}, .blocked_until = {}, .start_estimate = {}};
  const auto slot = state.jobs.find(job);
  if (!slot) return out;
  const JobRecord& record = state.jobs[*slot];
  out.since = record.job.submit;
  out.slots_needed = record.job.request.slots;
  out.queue_length = state.queue.size();
  if (record.phase == Phase::running) {
    out.state = ExplainedState::running;
    return out;
  }
  out.state = ExplainedState::waiting;
  out.position = state.queue.position(*slot) + 1;
  count_nodes(state.cluster, state.cluster.request_class(record.request_class), out);
  const QueueEntry head = state.queue.front();
  const bool is_head = head.job == *slot;
  const bool fits = out.slots_available >= out.slots_needed;

  if (state.plan) {
    out.start_estimate = state.plan->start_of(*slot);
    if (out.start_estimate) out.start_estimate = std::max(*out.start_estimate, now);
  } else {
    ProjectedNodes projected;
    const core::Time shadow =
        HeadReservation(state.cluster, state.jobs, state.running, head, projected).shadow();
    auto& estimate = is_head ? out.start_estimate : out.blocked_until;
    if (shadow != core::never) estimate = std::max(shadow, now);
    if (!is_head) out.blocked_by = state.jobs[head.job].job.id;
  }

  if (record.refused_by_host) {
    out.decisive = RejectCode::refused_by_host;
  } else if (!fits) {
    RequestClass& request_class = state.cluster.request_class(record.request_class);
    const bool would_fit =
        request_class.keeps_apart() &&
        state.cluster.can_host(state.cluster.request_class(request_class.base), out.slots_needed);
    out.decisive = would_fit ? RejectCode::separation : main_shortage(out);
  } else if (state.plan) {
    out.decisive = RejectCode::reserved_for_later;
  } else if (is_head) {
    out.decisive = RejectCode::behind_earlier_job;
  } else {
    out.decisive =
        state.passes_beyond_head ? RejectCode::would_delay_head : RejectCode::behind_earlier_job;
  }
  return out;
}

std::string to_text(const Explanation& explanation, core::Time now) {
  const auto seconds = [](core::Duration d) {
    return std::to_string(d.count() / 1'000'000) + " s";
  };
  std::string text = "job " + std::to_string(explanation.job.value);
  if (explanation.state == ExplainedState::unknown) return text + " is not known\n";
  if (explanation.state == ExplainedState::running) return text + " is running\n";
  text += " is waiting since " + seconds(now - explanation.since) + " - position " +
          std::to_string(explanation.position) + " of " + std::to_string(explanation.queue_length) +
          "\n  " + std::string(info(explanation.decisive).sentence) + "\n  needs " +
          std::to_string(explanation.slots_needed) + " slots; " +
          std::to_string(explanation.slots_available) + " could start now on " +
          std::to_string(explanation.nodes_suitable) + " suitable nodes\n";
  for (const NodeReason& reason : explanation.nodes) {
    text += "  " + std::to_string(reason.nodes) +
            " nodes: " + std::string(info(reason.code).sentence) + "\n";
  }
  if (const std::string_view hint = info(explanation.decisive).hint; !hint.empty()) {
    text += "  hint: " + std::string(hint) + "\n";
  }
  if (explanation.blocked_by) {
    text += "  first in the queue: job " + std::to_string(explanation.blocked_by->value) + "\n";
  }
  if (explanation.start_estimate) {
    text += "  starts in " + seconds(*explanation.start_estimate - now) + " at the latest\n";
  }
  return text;
}

}  // namespace nexa::scheduler
