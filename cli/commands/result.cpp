#include "cli/commands/result.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/comparison_report.hpp"
#include "cli/errors.hpp"
#include "cli/subcommand.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"
#include "core/suggest.hpp"
#include "io/atomic_file.hpp"
#include "io/compare/ensemble_files.hpp"
#include "io/compare/result_comparer.hpp"

namespace nexa::cli {

namespace {

using validator::compare::Agreement;
using validator::compare::ComparatorInfo;
using Parameter = validator::compare::FieldInfo;
using ParameterKind = validator::compare::FieldKind;
using Json = nlohmann::ordered_json;

struct CompareArguments {
  std::string a;
  std::string b;
  std::string comparator = "exact";
};

int exit_code_of(Agreement agreement) {
  switch (agreement) {
    case Agreement::equal:
      return exit_done;
    case Agreement::different:
      return exit_failed;
    case Agreement::incomparable:
      break;
  }
  return exit_usage;
}

int run_compare(const CompareArguments& arguments, const GlobalOptions& options) {
  auto comparator = validator::compare::parse_comparator(arguments.comparator);
  if (!comparator) {
    core::Error error = comparator.error();
    error.message = "--comparator: " + error.message;
    return report_error(error, options);
  }
  const auto comparer = io::compare::ResultComparer::prepare(std::move(*comparator));
  if (!comparer) return report_error(comparer.error(), options);
  const auto found = comparer->compare(arguments.a, arguments.b);
  if (!found) return report_error(found.error(), options);
  const std::string text = options.json ? comparison_json(*found, comparer->identity())
                                        : comparison_text(*found, comparer->identity());
  std::fputs(text.c_str(), stdout);
  return exit_code_of(found->agreement);
}

const char* kind_word(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::real:
      return "number";
    case ParameterKind::integer:
      return "integer";
    case ParameterKind::choice:
      return "choice";
    case ParameterKind::file:
      break;
  }
  return "file";
}

std::string parameter_range(const Parameter& field) {
  if (field.kind == ParameterKind::file) return "a path";
  std::string text;
  if (field.kind == ParameterKind::choice) {
    for (const std::string_view choice : field.choices) {
      text += (text.empty() ? "" : " ") + std::string(choice);
    }
    return text;
  }
  text = field.kind == ParameterKind::integer
             ? fmt::format("{:.0f} to {:.0f}", field.minimum, field.maximum)
             : fmt::format("{} to {:.4g}", field.minimum, field.maximum);
  return field.unit.empty() ? text : text + ' ' + std::string(field.unit);
}

Json parameter_json(const Parameter& field) {
  Json json{{"name", field.name}, {"type", kind_word(field.kind)}};
  if (field.kind == ParameterKind::real || field.kind == ParameterKind::integer) {
    json["minimum"] = field.minimum;
    json["maximum"] = field.maximum;
  }
  if (field.kind == ParameterKind::choice) {
    json["choices"] = std::vector<std::string>(field.choices.begin(), field.choices.end());
  }
  json["unit"] = field.unit;
  json["default"] = field.default_text;
  json["doc"] = field.doc;
  return json;
}

Json to_json(const ComparatorInfo& info) {
  Json json{{"name", info.name},       {"version", info.version}, {"doc", info.doc},
            {"example", info.example}, {"rules", info.has_rules}, {"parameters", Json::array()}};
  for (const Parameter& field : info.fields) json["parameters"].push_back(parameter_json(field));
  return json;
}

int list_comparators(const GlobalOptions& options) {
  const std::vector<ComparatorInfo> all = validator::compare::all_comparators();
  if (options.json) {
    Json document{{"schema", "nexa.comparator_list/1"}, {"comparators", Json::array()}};
    for (const ComparatorInfo& info : all) document["comparators"].push_back(to_json(info));
    print(document.dump(2) + '\n');
    return exit_done;
  }
  Table table({"NAME", "VERSION", "WHAT IT COMPARES", "EXAMPLE"});
  for (const ComparatorInfo& info : all) {
    table.add({std::string(info.name), std::to_string(info.version), std::string(info.doc),
               std::string(info.example)});
  }
  print(table.text(options));
  return exit_done;
}

std::string doc_text(const ComparatorInfo& info, const GlobalOptions& options) {
  std::string text = fmt::format("{} (version {})\n{}\n", info.name, info.version, info.doc);
  if (info.fields.empty()) {
    text += "\nIt has no parameters.\n";
  } else {
    Table table({"PARAMETER", "TYPE", "RANGE", "DEFAULT", "MEANING"});
    for (const Parameter& field : info.fields) {
      table.add({std::string(field.name), kind_word(field.kind), parameter_range(field),
                 field.default_text, std::string(field.doc)});
    }
    text += '\n' + table.text(options);
  }
  if (info.has_rules) {
    text +=
        "\nRules change parameters for some objects: +/PATTERN:name=value,... behind the rest. In "
        "a\n"
        "pattern * is any part of one name and ** any path; the last rule that matches holds.\n";
  }
  return text + fmt::format("\nUse: --comparator {}\n", info.example);
}

int describe_comparator(const std::string& name, const GlobalOptions& options) {
  const std::vector<ComparatorInfo> all = validator::compare::all_comparators();
  std::vector<std::string_view> known;
  for (const ComparatorInfo& info : all) {
    known.push_back(info.name);
    if (info.name != name) continue;
    if (options.json) {
      Json document{{"schema", "nexa.comparator/1"}};
      document.update(to_json(info));
      print(document.dump(2) + '\n');
    } else {
      print(doc_text(info, options));
    }
    return exit_done;
  }
  return report_error({.code = core::ErrorCode::not_found,
                       .message = "unknown comparator '" + name + "'",
                       .hint = core::suggestion(name, known),
                       .where = {}},
                      options);
}

struct EnsembleArguments {
  std::string runs;
  std::string output;
};

int run_ensemble(const EnsembleArguments& arguments, const GlobalOptions& options) {
  const auto runs = io::compare::read_runs(arguments.runs);
  if (!runs) return report_error(runs.error(), options);
  const auto summary = validator::compare::summarize(*runs);
  if (!summary) {
    core::Error error = summary.error();
    error.where.file = arguments.runs;
    return report_error(error, options);
  }
  if (auto written = io::write_file(arguments.output, io::compare::summary_json(*summary));
      !written) {
    return report_error(written.error(), options);
  }
  if (options.json) {
    print(Json{{"schema", "nexa.result_ensemble/1"},
               {"file", arguments.output},
               {"runs", summary->runs},
               {"variables", summary->variables.size()},
               {"constants", summary->constants.size()},
               {"components", summary->components.size()}}
              .dump(2, ' ', false, Json::error_handler_t::replace) +
          '\n');
  } else {
    print(fmt::format("wrote {}: {} runs, {} variables that vary, {} that do not, {} components\n",
                      arguments.output, summary->runs, summary->variables.size(),
                      summary->constants.size(), summary->components.size()));
  }
  return exit_done;
}

void add_compare(CLI::App& result, CommandContext& context) {
  CLI::App* command = add_command(
      result, "compare", "Say whether two results are equal, and what differs first",
      "Exit code 0: equal; 1: different; 2: wrong usage, or nothing can be said.\n"
      "'nexa result comparators' lists the ways to compare.\n\n"
      "Examples:\n"
      "  nexa result compare a.txt b.txt --comparator absrel:rtol=1e-6\n"
      "  nexa result compare run1/ run2/ --comparator hdf5:rtol=1e-6+/log/**:check=presence");
  const auto arguments = std::make_shared<CompareArguments>();
  command->add_option("a", arguments->a, "One result: a file, or a folder of files")
      ->type_name("A")
      ->required();
  command->add_option("b", arguments->b, "The other one")->type_name("B")->required();
  command->add_option("--comparator", arguments->comparator, "How to compare (default: exact)")
      ->type_name("NAME[:PARAMETER=VALUE,...]");
  command->callback(
      [arguments, &context] { context.exit_code = run_compare(*arguments, context.options); });
}

void add_comparators(CLI::App& result, CommandContext& context) {
  CLI::App* command =
      add_command(result, "comparators", "List the ways to compare, or describe one",
                  "Examples:\n"
                  "  nexa result comparators\n"
                  "  nexa result comparators hdf5");
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "Name of a comparator")->type_name("NAME");
  command->callback([name, &context] {
    context.exit_code = name->empty() ? list_comparators(context.options)
                                      : describe_comparator(*name, context.options);
  });
}

void add_ensemble(CLI::App& result, CommandContext& context) {
  CLI::App* command =
      add_command(result, "ensemble", "Summarise trusted runs for the comparator 'ensemble'",
                  "The table names the variables in its first line; each further line is a run.\n\n"
                  "Examples:\n"
                  "  nexa result ensemble trusted.csv --output trusted.json\n"
                  "  nexa result ensemble means.csv -o means.json --json");
  const auto arguments = std::make_shared<EnsembleArguments>();
  command->add_option("runs", arguments->runs, "Table of the trusted runs")
      ->type_name("RUNS.csv")
      ->required();
  command->add_option("-o,--output", arguments->output, "The summary to write")
      ->type_name("FILE.json")
      ->required();
  command->callback(
      [arguments, &context] { context.exit_code = run_ensemble(*arguments, context.options); });
}

}  // namespace

void add_result_commands(CLI::App& root, CommandContext& context) {
  CLI::App* result = root.add_subcommand("result", "Compare results of replicas");
  result->require_subcommand(1);
  result->fallthrough();
  result->footer(
      "Examples:\n"
      "  nexa result compare a.txt b.txt --comparator absrel:rtol=1e-6\n"
      "  nexa result comparators");
  add_compare(*result, context);
  add_comparators(*result, context);
  add_ensemble(*result, context);
}

}  // namespace nexa::cli
