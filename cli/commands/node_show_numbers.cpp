// What changed from one standing of a node to the next, and figures that follow from the rules.
#include <algorithm>
#include <cmath>
#include <string_view>

#include "cli/commands/node_show.hpp"

namespace nexa::cli {

namespace {

using Json = nlohmann::ordered_json;
using validator::NodeStanding;

double tenths(double value) {
  return std::round(value * 10) / 10;
}

Json rest_of(const NodeStanding& standing) {
  if (standing.expelled || !standing.quarantined_until) return nullptr;
  return standing.quarantined_until->time_since_epoch().count();
}

std::uint32_t earned_with(const NodeStanding& standing, validator::JobClass job_class) {
  for (const validator::Earned& entry : standing.earned) {
    if (entry.job_class == job_class) return entry.checked;
  }
  return 0;
}

class Changes {
 public:
  void add(std::string name, Json before, Json after) {
    if (before == after) return;
    list_.push_back({std::move(name), std::move(before), std::move(after)});
  }
  void add_run(const std::string& name, const validator::Run& before, const validator::Run& after) {
    add(name, before.total, after.total);
    add(name + "_in_a_row", before.length, after.length);
  }
  std::vector<NumberChange> take() { return std::move(list_); }

 private:
  std::vector<NumberChange> list_;
};

std::vector<validator::JobClass> classes_of(const NodeStanding& before, const NodeStanding& after) {
  std::vector<validator::JobClass> classes;
  for (const validator::Earned& entry : before.earned) classes.push_back(entry.job_class);
  for (const validator::Earned& entry : after.earned) classes.push_back(entry.job_class);
  std::sort(classes.begin(), classes.end());
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  return classes;
}

}  // namespace

std::vector<NumberChange> number_changes(const NodeStanding& before, const NodeStanding& after) {
  Changes changes;
  changes.add("bucket", to_text(before.bucket), to_text(after.bucket));
  changes.add("owner", before.owner.value, after.owner.value);
  for (const validator::JobClass job_class : classes_of(before, after)) {
    changes.add("k[" + std::to_string(job_class.value) + "]", earned_with(before, job_class),
                earned_with(after, job_class));
  }
  changes.add("strikes", before.strikes_that_count, after.strikes_that_count);
  changes.add("soft_strikes", before.soft_strikes.size(), after.soft_strikes.size());
  changes.add("good", tenths(before.good), tenths(after.good));
  changes.add("bad", tenths(before.bad), tenths(after.bad));
  changes.add("reputation_ppm", before.reputation_ppm, after.reputation_ppm);
  changes.add("valid", before.valid, after.valid);
  changes.add("invalid", before.invalid, after.invalid);
  changes.add("inconclusive", before.inconclusive, after.inconclusive);
  changes.add_run("errors", before.errors, after.errors);
  changes.add_run("wrong", before.wrong, after.wrong);
  changes.add_run("late", before.late, after.late);
  changes.add("aborted", before.aborted, after.aborted);
  changes.add("disagreed_with_itself", before.intermittent, after.intermittent);
  changes.add("leans", before.leans, after.leans);
  changes.add("expelled", before.expelled, after.expelled);
  changes.add("rests_until_us", rest_of(before), rest_of(after));
  return changes.take();
}

core::Duration next_rest(const validator::BackOff& rule, const validator::Run& run) {
  core::Duration length = rule.first;
  for (std::uint32_t i = 0; i < run.level && length < rule.longest; ++i) length *= 2;
  return std::min(length, rule.longest);
}

bool relies_on_earned_trust(const validator::Redundancy& rules) {
  return rules.policy == validator::RedundancyPolicy::adaptive ||
         rules.policy == validator::RedundancyPolicy::arbitrated;
}

std::uint32_t audit_share_ppm(const validator::ValidatorConfig& config, std::uint32_t earned) {
  const std::uint64_t by_record = 1'000'000ULL * config.audit_numerator / (1ULL + earned);
  const std::uint64_t share = std::max<std::uint64_t>(by_record, config.audit_min_ppm);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(share, 1'000'000));
}

}  // namespace nexa::cli
