#include "cli/coordinator_summary.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "cli/sim_summary.hpp"

namespace nexa::cli {
namespace {

using Json = nlohmann::ordered_json;
using simulator::CoordinatorFigures;
using Noticed = std::optional<core::Time>;

Json seconds_of(const Noticed& noticed) {
  return noticed ? Json(core::to_seconds(noticed->time_since_epoch())) : Json();
}

std::string when(const Noticed& noticed) {
  if (!noticed) return "never noticed";
  return "noticed after " + rough_duration(core::to_seconds(noticed->time_since_epoch()));
}

}  // namespace

Json coordinator_json(const CoordinatorFigures& figures) {
  return {{"audits",
           {{"demanded", figures.audits_demanded},
            {"skipped", figures.audits_skipped},
            {"wrong_shielded", figures.wrong_shielded},
            {"draws_checked", figures.draws_checked},
            {"draws_false", figures.draws_false},
            {"noticed_s", seconds_of(figures.draws_noticed)}}},
          {"ledger",
           {{"entries", figures.ledger_entries},
            {"forked", figures.entries_forked},
            {"backdated", figures.entries_backdated},
            {"checkpoints_cosigned", figures.checkpoints_cosigned},
            {"checkpoints_refused", figures.checkpoints_refused},
            {"fork_noticed_s", seconds_of(figures.fork_noticed)},
            {"backdating_noticed_s", seconds_of(figures.backdating_noticed)}}},
          {"replaced_s", seconds_of(figures.replaced)}};
}

std::string coordinator_text(const CoordinatorFigures& figures) {
  std::string text =
      fmt::format("{:<14}{} of {} demanded left out, {} wrong results shielded; {}\n", "audits",
                  figures.audits_skipped, figures.audits_demanded, figures.wrong_shielded,
                  figures.audits_skipped > 0 ? when(figures.draws_noticed) : "nothing to notice");
  text += fmt::format("{:<14}", "ledger");
  if (figures.entries_forked + figures.entries_backdated == 0) {
    return text + "shown to everybody as it is\n";
  }
  std::string separator;
  if (figures.entries_forked > 0) {
    text += fmt::format("{} entries shown otherwise to one reader, {}", figures.entries_forked,
                        when(figures.fork_noticed));
    separator = "; ";
  }
  if (figures.entries_backdated > 0) {
    text += fmt::format("{}{} backdated, {}", separator, figures.entries_backdated,
                        when(figures.backdating_noticed));
  }
  return text + '\n';
}

}  // namespace nexa::cli
