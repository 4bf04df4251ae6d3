#include "tier/classify.hpp"

#include <algorithm>

namespace nexa::tier {

namespace {

Check check(const Figures& figures, const Condition& condition) {
  return Check{condition, figures.get(condition.figure)};
}

const Rule* first_rule_that_holds(const Tier& tier, const Figures& figures) {
  const auto holds = [&figures](const Rule& rule) { return figures.meets(rule); };
  const auto rule = std::find_if(tier.any_of.begin(), tier.any_of.end(), holds);
  return rule == tier.any_of.end() ? nullptr : &*rule;
}

bool too_slow_for(const Tier& tier, std::optional<std::int64_t> benchmark) {
  return tier.min_benchmark && benchmark && *benchmark < *tier.min_benchmark;
}

TierMiss explain_miss(const Tier& tier, core::TierId id, const Figures& figures,
                      std::optional<std::int64_t> benchmark) {
  TierMiss miss{id, tier.name, {}, std::nullopt};
  for (const Rule& rule : tier.any_of) {
    RuleMiss rule_miss{rule.name, {}};
    for (const Condition& condition : rule.all_of) {
      if (!figures.meets(condition)) rule_miss.unmet.push_back(check(figures, condition));
    }
    miss.rules.push_back(std::move(rule_miss));
  }
  if (too_slow_for(tier, benchmark))
    miss.benchmark = BenchmarkMiss{*benchmark, *tier.min_benchmark};
  return miss;
}

void take(Classification& result, const Tier& tier, core::TierId id, const Rule& rule,
          const Figures& figures) {
  result.tier = id;
  result.name = tier.name;
  result.rule = rule.name;
  for (const Condition& condition : rule.all_of) {
    result.checks.push_back(check(figures, condition));
  }
  result.decided_by = result.checks.front();
}

}  // namespace

Classification classify(const Catalog& catalog, const Figures& figures,
                        std::optional<std::int64_t> benchmark) {
  Classification result;
  for (const Capability& capability : catalog.capabilities) {
    const bool has = std::any_of(capability.any_of.begin(), capability.any_of.end(),
                                 [&figures](const Rule& rule) { return figures.meets(rule); });
    if (has) result.capabilities.push_back(capability.name);
  }
  for (std::size_t i = catalog.tiers.size(); i-- > 0;) {
    const Tier& tier = catalog.tiers[i];
    const core::TierId id{static_cast<std::uint8_t>(i)};
    const Rule* rule = first_rule_that_holds(tier, figures);
    if (rule != nullptr && !too_slow_for(tier, benchmark)) {
      take(result, tier, id, *rule, figures);
      return result;
    }
    result.higher.push_back(explain_miss(tier, id, figures, benchmark));
  }
  NEXA_ASSERT(false, "the lowest tier of a checked catalogue takes every machine");
}

Classification classify(const Catalog& catalog, const Profile& profile) {
  return classify(catalog, measure(catalog.gpu_models, profile), profile.benchmark);
}

std::string text(const Check& check) {
  const FigureInfo& figure = info(check.needed.figure);
  const std::string needed = value_text(figure.figure, check.needed.at_least);
  std::string line(figure.label);
  if (!check.found) return line + " not measured, needs " + needed;
  line += ' ' + value_text(figure.figure, *check.found);
  return line + (check.met() ? " >= " : " < ") + needed;
}

std::string verdict_text(const Classification& classification) {
  return "tier " + classification.name + ": rule '" + classification.rule + "' (" +
         text(classification.decided_by) + ')';
}

std::vector<std::string> why_not_higher(const Classification& classification) {
  std::vector<std::string> lines;
  for (const TierMiss& miss : classification.higher) {
    if (miss.benchmark) {
      lines.push_back("not " + miss.name + ": benchmark " + std::to_string(miss.benchmark->found) +
                      " < " + std::to_string(miss.benchmark->needed) +
                      " per mille of the reference core");
    }
    for (const RuleMiss& rule : miss.rules) {
      if (rule.unmet.empty()) continue;  // the benchmark alone spoke against it
      std::string line = "not " + miss.name + ": rule '" + rule.rule + "' (";
      for (std::size_t i = 0; i < rule.unmet.size(); ++i) {
        if (i != 0) line += "; ";
        line += text(rule.unmet[i]);
      }
      lines.push_back(line + ')');
    }
  }
  return lines;
}

}  // namespace nexa::tier
