#include "scheduler/command.hpp"

namespace nexa::scheduler {
namespace {

// Numbers of the alternatives in a hash; they are part of every golden value.
enum : std::uint64_t { start_tag = 1, cancel_tag = 2, reject_tag = 3 };

std::string text_of(const StartReplica& start) {
  std::string text = "start job=" + std::to_string(start.job.value) +
                     " replica=" + std::to_string(start.replica.value) +
                     " nodes=" + to_text(start.nodes);
  text += " until_us=" + std::to_string(start.until.time_since_epoch().count());
  return text + " by=" + std::string(to_text(start.selected_by));
}

std::string text_of(const CancelReplica& cancel) {
  return "cancel job=" + std::to_string(cancel.job.value) +
         " replica=" + std::to_string(cancel.replica.value) +
         " why=" + std::string(to_text(cancel.why));
}

std::string text_of(const RejectJob& reject) {
  return "reject job=" + std::to_string(reject.job.value) +
         " why=" + std::string(info(reject.why).name);
}

constexpr std::uint64_t pair(std::uint32_t high, std::uint32_t low) {
  return (std::uint64_t{high} << 32) | low;
}

}  // namespace

std::string to_text(std::span<const NodeShare> nodes) {
  std::string text;
  for (const NodeShare& share : nodes) {
    if (!text.empty()) text += ',';
    core::append_text(text, std::span(&share.nodes, 1));
    text += 'x' + std::to_string(share.slots_per_node);
  }
  return text;
}

std::string_view to_text(core::SelectedBy selected_by) {
  switch (selected_by) {
    case core::SelectedBy::order:
      return "order";
    case core::SelectedBy::backfill:
      return "backfill";
    case core::SelectedBy::reservation:
      return "reservation";
  }
  return "?";
}

std::string_view to_text(CancelReason why) {
  return why == CancelReason::time_limit ? "time_limit" : "job_cancelled";
}

std::string to_text(const Command& command) {
  return std::visit([](const auto& alternative) { return text_of(alternative); }, command);
}

void add_to_hash(core::StreamHash& hash, const Command& command) {
  if (const auto* start = std::get_if<StartReplica>(&command)) {
    hash.add(pair(start->job.value, start->replica.value));
    hash.add(static_cast<std::uint64_t>(start->until.time_since_epoch().count()));
    hash.add(start_tag | (std::uint64_t{static_cast<std::uint8_t>(start->selected_by)} << 8) |
             (std::uint64_t{start->nodes.size()} << 32));
    for (const NodeShare& share : start->nodes) {
      hash.add(pair(share.nodes.first, share.nodes.last));
      hash.add(share.slots_per_node);
    }
  } else if (const auto* cancel = std::get_if<CancelReplica>(&command)) {
    hash.add(pair(cancel->job.value, cancel->replica.value));
    hash.add(cancel_tag | (std::uint64_t{static_cast<std::uint8_t>(cancel->why)} << 8));
  } else if (const auto* reject = std::get_if<RejectJob>(&command)) {
    hash.add(pair(reject->job.value, 0));
    hash.add(reject_tag | (std::uint64_t{static_cast<std::uint8_t>(reject->why)} << 8));
  }
}

}  // namespace nexa::scheduler
