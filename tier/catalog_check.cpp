#include <algorithm>

#include "tier/catalog.hpp"
#include "tier/figures.hpp"

namespace nexa::tier {

namespace {

bool is_name(std::string_view text) {
  const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto allowed = [small](char c) { return small(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && small(text.front()) && std::all_of(text.begin(), text.end(), allowed);
}

std::string child(const std::string& pointer, std::size_t index) {
  return pointer + '/' + std::to_string(index);
}

class Checker {
 public:
  explicit Checker(const Catalog& catalog) : catalog_(catalog) {}

  std::vector<CatalogProblem> run() {
    check_tiers();
    check_names("capability", "/capabilities", catalog_.capabilities);
    for (std::size_t i = 0; i < catalog_.capabilities.size(); ++i) {
      check_rules(child("/capabilities", i), "capability", catalog_.capabilities[i]);
    }
    check_patterns("/gpu_models/datacenter", catalog_.gpu_models.datacenter);
    check_patterns("/gpu_models/display_only", catalog_.gpu_models.display_only);
    check_patterns("/gpu_models/consumer", catalog_.gpu_models.consumer);
    return std::move(problems_);
  }

 private:
  void report(std::string pointer, std::string message, std::string hint = {}) {
    problems_.push_back({std::move(pointer), std::move(message), std::move(hint)});
  }

  void check_tiers() {
    const std::vector<Tier>& tiers = catalog_.tiers;
    if (tiers.empty()) report("/tiers", "the catalogue has no tier", "list at least one");
    if (tiers.size() > core::max_tiers) {
      report("/tiers", "the catalogue has " + std::to_string(tiers.size()) + " tiers",
             "at most " + std::to_string(core::max_tiers) + " are possible");
    }
    check_names("tier", "/tiers", tiers);
    for (std::size_t i = 0; i < tiers.size(); ++i) {
      check_rules(child("/tiers", i), "tier", tiers[i]);
      if (tiers[i].min_benchmark && *tiers[i].min_benchmark < 1) {
        report(child("/tiers", i) + "/min_benchmark",
               "min_benchmark is " + std::to_string(*tiers[i].min_benchmark),
               "it must be positive");
      }
    }
    if (!tiers.empty()) check_lowest(tiers.front());
  }

  /// A node that no tier takes could not be used, so the lowest tier has to take what is left.
  void check_lowest(const Tier& lowest) {
    if (lowest.min_benchmark) {
      report(
          "/tiers/0/min_benchmark",
          "the lowest tier '" + lowest.name + "' has a min_benchmark, but must take every machine",
          "remove min_benchmark");
    }
    const Figures smallest = smallest_machine();
    const auto holds = [&smallest](const Rule& rule) { return smallest.meets(rule); };
    if (lowest.any_of.empty()) return;
    if (std::any_of(lowest.any_of.begin(), lowest.any_of.end(), holds)) return;
    report("/tiers/0/any_of", "the lowest tier '" + lowest.name + "' does not take every machine",
           "give it a rule that always holds, such as {physical_cores: 1}");
  }

  template <class Named>
  void check_names(const std::string& kind, const std::string& pointer,
                   const std::vector<Named>& entries) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::string& name = entries[i].name;
      const std::string where = child(pointer, i) + "/name";
      if (!is_name(name)) {
        report(where, "'" + name + "' is not a " + kind + " name",
               "use small letters, digits and '_', and begin with a letter");
      }
      const auto same = [&name](const Named& entry) { return entry.name == name; };
      const auto end = entries.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::any_of(entries.begin(), end, same)) {
        report(where, kind + " '" + name + "' is listed twice", "names must differ");
      }
    }
  }

  template <class RuleHolder>
  void check_rules(const std::string& pointer, const std::string& kind, const RuleHolder& holder) {
    if (holder.any_of.empty()) {
      report(pointer + "/any_of", kind + " '" + holder.name + "' has no rule",
             "without a rule no node can have it");
    }
    for (std::size_t i = 0; i < holder.any_of.size(); ++i) {
      check_rule(child(pointer + "/any_of", i), holder.any_of[i]);
    }
  }

  void check_rule(const std::string& pointer, const Rule& rule) {
    if (rule.name.empty())
      report(pointer + "/name", "a rule has no name", "say in a few words what it finds");
    if (rule.all_of.empty()) {
      report(pointer + "/all_of", "rule '" + rule.name + "' has no condition",
             "name at least one figure, such as {physical_cores: 1}");
    }
    for (std::size_t i = 0; i < rule.all_of.size(); ++i) {
      const Condition& condition = rule.all_of[i];
      const std::string key(info(condition.figure).key);
      if (condition.at_least < 1) {
        report(pointer + "/all_of/" + key,
               key + " must be at least 1, found " + std::to_string(condition.at_least));
      }
      const auto same = [&condition](const Condition& c) { return c.figure == condition.figure; };
      const auto end = rule.all_of.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::any_of(rule.all_of.begin(), end, same)) {
        report(pointer + "/all_of/" + key, key + " is asked for twice");
      }
    }
  }

  void check_patterns(const std::string& pointer, const std::vector<std::string>& patterns) {
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      const auto meaningful = [](char c) { return c != ' ' && c != '*'; };
      if (std::any_of(patterns[i].begin(), patterns[i].end(), meaningful)) continue;
      report(child(pointer, i), "'" + patterns[i] + "' is not a GPU model pattern",
             "write a word of the model's name, such as A100*");
    }
  }

  const Catalog& catalog_;
  std::vector<CatalogProblem> problems_;
};

}  // namespace

std::vector<CatalogProblem> problems(const Catalog& catalog) {
  return Checker(catalog).run();
}

}  // namespace nexa::tier
