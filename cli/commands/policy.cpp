#include "cli/commands/policy.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands/policy_new.hpp"
#include "cli/errors.hpp"
#include "cli/sim_inputs.hpp"
#include "cli/subcommand.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"
#include "core/policy_component.hpp"
#include "core/suggest.hpp"
#include "io/policy_text.hpp"
#include "ledger/policy_descriptor.hpp"
#include "scheduler/policy_set.hpp"

namespace nexa::cli {

namespace {

using core::FieldInfo;
using core::FieldKind;
using Json = nlohmann::ordered_json;

/// A policy of any module, as it is listed and described.
struct ListedPolicy {
  std::string_view name;
  std::string_view doc;
  std::vector<std::string> kinds;
  std::vector<FieldInfo> fields;
};

std::vector<std::string> kinds_of(const scheduler::PolicyDescriptor& policy) {
  std::vector<std::string> kinds;
  if (policy.orders) kinds.emplace_back("order");
  if (policy.filters) kinds.emplace_back("filter");
  if (policy.scores) kinds.emplace_back("score");
  if (policy.backfills) kinds.emplace_back("backfill");
  return kinds;
}

/// Those of the scheduler first, each module's by name.
std::vector<ListedPolicy> listed_policies() {
  std::vector<ListedPolicy> policies;
  for (const scheduler::PolicyDescriptor* policy : scheduler::all_policies()) {
    policies.push_back({policy->name, policy->doc, kinds_of(*policy), policy->fields()});
  }
  for (const ledger::PolicyDescriptor* policy : ledger::all_policies()) {
    const char* const kind = policy->prices() ? "price" : "reward";
    policies.push_back({policy->name, policy->doc, {kind}, policy->fields()});
  }
  return policies;
}

bool is_about_money(const ListedPolicy& policy) {
  return policy.kinds.front() == "price" || policy.kinds.front() == "reward";
}

const char* field_kind_word(FieldKind kind) {
  switch (kind) {
    case FieldKind::integer:
      return "integer";
    case FieldKind::real:
      return "number";
    case FieldKind::flag:
      return "flag";
    case FieldKind::list:
      return "integers";
    case FieldKind::order:
      break;
  }
  return "order policy";
}

bool has_range(const FieldInfo& field) {
  return field.kind == FieldKind::integer || field.kind == FieldKind::real ||
         field.kind == FieldKind::list;
}

std::string range_text(const FieldInfo& field) {
  if (field.kind == FieldKind::flag) return "true or false";
  if (!has_range(field)) return "a name";
  std::string text = fmt::format("{} to {}", field.minimum, field.maximum);
  if (!field.unit.empty()) text += ' ' + std::string(field.unit);
  return text;
}

Json to_json(const FieldInfo& field) {
  Json json{{"name", field.name}, {"type", field_kind_word(field.kind)}};
  if (has_range(field)) {
    json["minimum"] = field.minimum;
    json["maximum"] = field.maximum;
  }
  json["unit"] = field.unit;
  json["default"] = field.default_text;
  json["doc"] = field.doc;
  return json;
}

Json to_json(const ListedPolicy& policy) {
  Json json{{"name", policy.name},
            {"kinds", policy.kinds},
            {"doc", policy.doc},
            {"parameters", Json::array()}};
  for (const FieldInfo& field : policy.fields) json["parameters"].push_back(to_json(field));
  return json;
}

int list_policies(const GlobalOptions& options) {
  if (options.json) {
    Json document{{"schema", "nexa.policy_list/1"}, {"policies", Json::array()}};
    for (const ListedPolicy& policy : listed_policies()) {
      document["policies"].push_back(to_json(policy));
    }
    print(document.dump(2) + '\n');
    return exit_done;
  }
  Table table({"NAME", "KIND", "WHAT IT DOES"});
  const std::vector<ListedPolicy> policies = listed_policies();
  for (const char* const kind : {"order", "backfill", "filter", "score", "price", "reward"}) {
    for (const ListedPolicy& policy : policies) {
      if (policy.kinds.front() != kind) continue;
      table.add({std::string(policy.name), comma_separated(policy.kinds), std::string(policy.doc)});
    }
  }
  print(table.text(options));
  return exit_done;
}

/// How to write a policy with its first parameter.
std::string use_text(const ListedPolicy& policy) {
  const std::string where = is_about_money(policy) ? policy.kinds.front() + ": " : "--policy ";
  std::string text = "\nUse: " + where + std::string(policy.name);
  if (!policy.fields.empty()) {
    const FieldInfo& first = policy.fields.front();
    text += fmt::format(":{}={}", first.name, first.default_text);
  }
  return text + '\n';
}

std::string doc_text(const ListedPolicy& policy, const GlobalOptions& options) {
  std::string text =
      fmt::format("{} ({})\n{}\n", policy.name, comma_separated(policy.kinds), policy.doc);
  if (policy.fields.empty()) return text + "\nIt has no parameters.\n" + use_text(policy);
  Table table({"PARAMETER", "TYPE", "RANGE", "DEFAULT", "MEANING"});
  for (const FieldInfo& field : policy.fields) {
    table.add({std::string(field.name), field_kind_word(field.kind), range_text(field),
               field.default_text, std::string(field.doc)});
  }
  return text + '\n' + table.text(options) + use_text(policy);
}

int document_policy(const std::string& name, const GlobalOptions& options) {
  const std::vector<ListedPolicy> policies = listed_policies();
  const auto policy = std::find_if(policies.begin(), policies.end(),
                                   [&](const ListedPolicy& each) { return each.name == name; });
  if (policy == policies.end()) {
    std::vector<std::string_view> known;
    for (const ListedPolicy& each : policies) known.push_back(each.name);
    return report_error({.code = core::ErrorCode::not_found,
                         .message = "unknown policy '" + name + "'",
                         .hint = core::suggestion(name, known),
                         .where = {}},
                        options);
  }
  if (options.json) {
    Json document{{"schema", "nexa.policy/1"}};
    document.update(to_json(*policy));
    print(document.dump(2) + '\n');
  } else {
    print(doc_text(*policy, options));
  }
  return exit_done;
}

int report_checked(const std::string& text, const GlobalOptions& options) {
  if (options.json) {
    print(Json{{"schema", "nexa.policy_check/1"}, {"ok", true}, {"policy", text}}.dump(2) + '\n');
  } else {
    print("ok: " + text + '\n');
  }
  return exit_done;
}

/// A price or reward policy, which is never part of a set of scheduling policies.
int check_money_policy(const ledger::PolicyDescriptor& policy, const std::string& text,
                       const GlobalOptions& options) {
  core::Error error;
  if (policy.prices()) {
    const auto made = ledger::make_price_policy(text);
    if (made) return report_checked(text, options);
    error = made.error();
  } else {
    const auto made = ledger::make_reward_policy(text);
    if (made) return report_checked(text, options);
    error = made.error();
  }
  return report_error(error, options);
}

int check_one_policy(const std::string& text_or_file, const GlobalOptions& options) {
  const auto* money = ledger::find_policy(core::policy_name_of(text_or_file));
  if (money != nullptr) return check_money_policy(*money, text_or_file, options);
  io::Diagnostics diagnostics;
  const auto policy = load_policy_option("policy", text_or_file, diagnostics);
  if (policy) io::check_policy(*policy, check_policy_component, diagnostics);
  if (!diagnostics.ok()) return report_errors(diagnostics, options);
  const auto set = scheduler::parse_policy_set(policy->text);
  if (!set) return report_error(set.error(), options);
  return report_checked(set->text, options);
}

int start_policy(const NewPolicy& policy, const GlobalOptions& options) {
  const auto path = write_new_policy(policy);
  if (!path) return report_error(path.error(), options);
  if (options.json) {
    print(Json{{"schema", "nexa.policy_new/1"}, {"file", *path}}.dump(2) + '\n');
  } else {
    print(fmt::format("wrote {}\nnext: edit it, run 'make build', try --policy {}\n", *path,
                      policy.name));
  }
  return exit_done;
}

void add_check_and_new(CLI::App& policy, CommandContext& context) {
  CLI::App* check = add_command(policy, "check", "Check a policy text or file",
                                "Examples:\n"
                                "  nexa policy check sjf+easy:order=saf\n"
                                "  nexa policy check tuned.yaml");
  const auto text = std::make_shared<std::string>();
  check->add_option("policy", *text, "Text as for --policy, or a file")
      ->type_name("TEXT|FILE.yaml")
      ->required();
  check->callback(
      [text, &context] { context.exit_code = check_one_policy(*text, context.options); });

  CLI::App* start = add_command(policy, "new", "Start a policy of your own: write its one file",
                                "Examples:\n"
                                "  nexa policy new shortest_first\n"
                                "  nexa policy new no_slow_nodes --kind filter");
  const auto created = std::make_shared<NewPolicy>();
  start->add_option("name", created->name, "Name of the policy and of its file")
      ->type_name("NAME")
      ->required();
  start->add_option("--kind", created->kind, "order, filter, score or backfill")
      ->check(CLI::IsMember({"order", "filter", "score", "backfill"}))
      ->type_name("KIND");
  start->add_option("--dir", created->folder, "Folder (default: scheduler/policies)")
      ->type_name("DIR");
  start->callback(
      [created, &context] { context.exit_code = start_policy(*created, context.options); });
}

}  // namespace

void add_policy_commands(CLI::App& root, CommandContext& context) {
  CLI::App* policy =
      root.add_subcommand("policy", "Policies of scheduling and money, and their parameters");
  policy->require_subcommand(1);
  policy->fallthrough();
  policy->footer(
      "Examples:\n"
      "  nexa policy list\n"
      "  nexa policy doc easy");
  CLI::App* list = add_command(*policy, "list", "List all policies",
                               "Examples:\n"
                               "  nexa policy list\n"
                               "  nexa policy list --json");
  list->callback([&context] { context.exit_code = list_policies(context.options); });
  CLI::App* doc = add_command(*policy, "doc", "Describe one policy and its parameters",
                              "Examples:\n"
                              "  nexa policy doc easy\n"
                              "  nexa policy doc lowest_tier --json");
  const auto name = std::make_shared<std::string>();
  doc->add_option("name", *name, "Name of the policy")->type_name("NAME")->required();
  doc->callback([name, &context] { context.exit_code = document_policy(*name, context.options); });
  add_check_and_new(*policy, context);
}

}  // namespace nexa::cli
