#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scheduler/engine.hpp"

namespace nexa::test {
// Apart from the desk of the ledger, with which it shares a test program.
inline namespace scheduling {

/// An engine at which a test stands and tells it facts one by one. Times are in seconds; commands
/// come as text.
class Desk {
 public:
  explicit Desk(std::string_view policies)
      : engine(scheduler::parse_policy_set(policies).value()) {}

  void at(std::int64_t seconds) { now = core::at_seconds(seconds); }
  void tell(scheduler::Fact fact) { engine.apply({now, std::move(fact)}); }

  void add_nodes(std::uint32_t first, std::uint32_t count, const core::NodeSpec& spec = {}) {
    for (std::uint32_t id = first; id < first + count; ++id) {
      tell(scheduler::NodeAdded{core::NodeId{id}, spec});
    }
  }
  void set_node(std::uint32_t id, core::NodeAvailability availability) {
    tell(scheduler::NodeStateChanged{core::NodeId{id}, availability});
  }
  /// With a place in the order of arrival, if it is not zero.
  void submit(std::uint32_t id, std::uint32_t slots, std::int64_t limit_seconds,
              std::uint64_t place = 0) {
    core::Request request;
    request.slots = slots;
    tell(scheduler::JobSubmitted{{.id = core::JobId{id},
                                  .submit = now,
                                  .time_limit = core::seconds(limit_seconds),
                                  .request = request},
                                 place});
  }
  void change(std::uint32_t id, std::uint32_t slots, std::int64_t limit_seconds) {
    core::Job job{.id = core::JobId{id}, .submit = now, .time_limit = core::seconds(limit_seconds)};
    job.request.slots = slots;
    tell(scheduler::JobChanged{job});
  }
  void reload(std::string_view policies) { tell(scheduler::PolicyReloaded{policies}); }
  void cancel(std::uint32_t job) { tell(scheduler::JobCancelled{core::JobId{job}}); }
  void end(std::uint32_t job, std::uint32_t replica = 1,
           scheduler::ReplicaEnd how = scheduler::ReplicaEnd::completed) {
    tell(scheduler::ReplicaEnded{core::JobId{job}, core::ReplicaId{replica}, how});
  }
  void refuse(std::uint32_t job, std::uint32_t replica = 1) {
    tell(scheduler::CommandRejected{core::JobId{job}, core::ReplicaId{replica}});
  }

  /// Steps, checks all invariants, and gives `start 7.1 on 0-3` and the like: job and replica.
  std::vector<std::string> step() {
    std::vector<std::string> texts;
    for (const scheduler::Command& command : engine.step(now)) {
      texts.push_back(std::visit([](const auto& c) { return short_text(c); }, command));
    }
    engine.check();
    return texts;
  }

  std::vector<std::uint32_t> waiting() const {
    std::vector<std::uint32_t> ids;
    for (const core::JobId job : engine.waiting()) ids.push_back(job.value);
    return ids;
  }
  scheduler::Explanation explain(std::uint32_t job) const {
    return engine.explain(core::JobId{job}, now);
  }

  core::Time now{};
  scheduler::Engine engine;

 private:
  static std::string short_text(const scheduler::StartReplica& start) {
    std::string text = "start " + std::to_string(start.job.value) + "." +
                       std::to_string(start.replica.value) + " on";
    for (const scheduler::NodeShare& share : start.nodes) {
      text += ' ';
      core::append_text(text, std::span(&share.nodes, 1));
      if (share.slots_per_node != 1) text += 'x' + std::to_string(share.slots_per_node);
    }
    return text;
  }
  static std::string short_text(const scheduler::CancelReplica& cancel) {
    return "cancel " + std::to_string(cancel.job.value) + "." +
           std::to_string(cancel.replica.value) + " " + std::string(to_text(cancel.why));
  }
  static std::string short_text(const scheduler::RejectJob& reject) {
    return "reject " + std::to_string(reject.job.value) + " " +
           std::string(scheduler::info(reject.why).name);
  }
};

}  // namespace scheduling
}  // namespace nexa::test
