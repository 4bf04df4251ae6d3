#include "cli/commands/policy.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands/policy_new.hpp"
#include "cli/errors.hpp"
#include "cli/sim_inputs.hpp"
#include "cli/table.hpp"
#include "core/suggest.hpp"
#include "io/policy_text.hpp"
#include "scheduler/policy_set.hpp"

namespace nexa::cli {

namespace {

using scheduler::FieldInfo;
using scheduler::FieldKind;
using scheduler::PolicyDescriptor;
using Json = nlohmann::ordered_json;

std::vector<std::string> kinds_of(const PolicyDescriptor& policy) {
  std::vector<std::string> kinds;
  if (policy.orders) kinds.emplace_back("order");
  if (policy.filters) kinds.emplace_back("filter");
  if (policy.scores) kinds.emplace_back("score");
  if (policy.backfills) kinds.emplace_back("backfill");
  return kinds;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

const char* to_string(FieldKind kind) {
  switch (kind) {
    case FieldKind::integer:
      return "integer";
    case FieldKind::real:
      return "number";
    case FieldKind::flag:
      return "flag";
    case FieldKind::order:
      break;
  }
  return "order policy";
}

bool has_range(const FieldInfo& field) {
  return field.kind == FieldKind::integer || field.kind == FieldKind::real;
}

std::string range_text(const FieldInfo& field) {
  if (field.kind == FieldKind::flag) return "true or false";
  if (!has_range(field)) return "a name";
  std::string text = fmt::format("{} to {}", field.minimum, field.maximum);
  if (!field.unit.empty()) text += ' ' + std::string(field.unit);
  return text;
}

Json to_json(const FieldInfo& field) {
  Json json{{"name", field.name}, {"type", to_string(field.kind)}};
  if (has_range(field)) {
    json["minimum"] = field.minimum;
    json["maximum"] = field.maximum;
  }
  json["unit"] = field.unit;
  json["default"] = field.default_text;
  json["doc"] = field.doc;
  return json;
}

Json to_json(const PolicyDescriptor& policy) {
  Json json{{"name", policy.name},
            {"kinds", kinds_of(policy)},
            {"doc", policy.doc},
            {"parameters", Json::array()}};
  for (const FieldInfo& field : policy.fields()) json["parameters"].push_back(to_json(field));
  return json;
}

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
}

int list_policies(const GlobalOptions& options) {
  if (options.json) {
    Json document{{"schema", "nexa.policy_list/1"}, {"policies", Json::array()}};
    for (const PolicyDescriptor* policy : scheduler::all_policies()) {
      document["policies"].push_back(to_json(*policy));
    }
    print(document.dump(2) + '\n');
    return exit_done;
  }
  Table table({"NAME", "KIND", "WHAT IT DOES"});
  for (const char* const kind : {"order", "backfill", "filter", "score"}) {
    for (const PolicyDescriptor* policy : scheduler::all_policies()) {
      const std::vector<std::string> kinds = kinds_of(*policy);
      if (kinds.front() != kind) continue;
      table.add({std::string(policy->name), joined(kinds), std::string(policy->doc)});
    }
  }
  print(table.text(options));
  return exit_done;
}

std::string doc_text(const PolicyDescriptor& policy, const GlobalOptions& options) {
  std::string text =
      fmt::format("{} ({})\n{}\n", policy.name, joined(kinds_of(policy)), policy.doc);
  const std::vector<FieldInfo> fields = policy.fields();
  if (fields.empty()) {
    return text + fmt::format("\nIt has no parameters.\n\nUse: --policy {}\n", policy.name);
  }
  Table table({"PARAMETER", "TYPE", "RANGE", "DEFAULT", "MEANING"});
  for (const FieldInfo& field : fields) {
    table.add({std::string(field.name), to_string(field.kind), range_text(field),
               field.default_text, std::string(field.doc)});
  }
  const FieldInfo& first = fields.front();
  return text + '\n' + table.text(options) +
         fmt::format("\nUse: --policy {}:{}={}\n", policy.name, first.name, first.default_text);
}

int document_policy(const std::string& name, const GlobalOptions& options) {
  const PolicyDescriptor* policy = scheduler::find_policy(name);
  if (policy == nullptr) {
    std::vector<std::string_view> known;
    for (const PolicyDescriptor* each : scheduler::all_policies()) known.push_back(each->name);
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

int check_one_policy(const std::string& text_or_file, const GlobalOptions& options) {
  io::Diagnostics diagnostics;
  const auto policy = load_policy_option("policy", text_or_file, diagnostics);
  if (policy) io::check_policy(*policy, check_policy_component, diagnostics);
  if (!diagnostics.ok()) return report_errors(diagnostics, options);
  const auto set = scheduler::parse_policy_set(policy->text);
  if (!set) return report_error(set.error(), options);
  if (options.json) {
    print(Json{{"schema", "nexa.policy_check/1"}, {"ok", true}, {"policy", set->text}}.dump(2) +
          '\n');
  } else {
    print("ok: " + set->text + '\n');
  }
  return exit_done;
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

CLI::App* add_command(CLI::App& policy, const char* name, const char* doc, const char* footer) {
  CLI::App* command = policy.add_subcommand(name, doc);
  command->fallthrough();
  command->footer(footer);
  return command;
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
  CLI::App* policy = root.add_subcommand("policy", "Scheduling policies and their parameters");
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
