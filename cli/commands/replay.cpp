#include "cli/commands/replay.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/commands/replay_explain.hpp"
#include "cli/errors.hpp"
#include "cli/job_history.hpp"
#include "cli/replay.hpp"
#include "cli/words.hpp"
#include "io/values.hpp"

namespace nexa::cli {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Divergence& divergence) {
  return {{"line", divergence.line},
          {"time_us", divergence.time.time_since_epoch().count()},
          {"logged", divergence.logged},
          {"replayed", divergence.replayed},
          {"logged_hash", divergence.logged_hash},
          {"replayed_hash", divergence.replayed_hash}};
}

std::string to_json(const ReplayResult& result) {
  Json document{{"schema", "nexa.replay/1"},
                {"identical", !result.divergence.has_value()},
                {"events", result.events},
                {"steps", result.steps},
                {"commands", result.commands},
                {"command_hash", result.hash},
                {"policy", result.header.policy},
                {"seed", result.header.seed},
                {"logged_commit", result.header.commit},
                {"log_has_end", result.has_end},
                {"last_line_is_torn", result.last_line_is_torn},
                {"run_was_complete", result.was_complete}};
  document["divergence"] = result.divergence ? to_json(*result.divergence) : Json();
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string command_list(const char* label, const std::vector<std::string>& commands,
                         std::size_t same) {
  std::string text = fmt::format("  {} ({}):\n", label, counted(commands.size(), "command"));
  constexpr std::size_t most_shown = 10;
  // What both have in common at the front says nothing.
  for (std::size_t i = same; i < commands.size(); ++i) {
    if (i == same + most_shown) {
      return text + fmt::format("    … and {} more\n", commands.size() - i);
    }
    text += fmt::format("    [{}] {}\n", i, commands[i]);
  }
  return text;
}

std::string to_text(const Divergence& divergence, const std::string& path) {
  std::string text = fmt::format("{}:{}: the engine decides differently at {} us\n", path,
                                 divergence.line, divergence.time.time_since_epoch().count());
  std::size_t same = 0;
  while (same < divergence.logged.size() && same < divergence.replayed.size() &&
         divergence.logged[same] == divergence.replayed[same]) {
    ++same;
  }
  if (same > 0 && same == divergence.logged.size() && same == divergence.replayed.size()) {
    return text + fmt::format("  the commands agree, their hash does not: logged {}, replayed {}\n",
                              divergence.logged_hash, divergence.replayed_hash);
  }
  text += command_list("logged", divergence.logged, same);
  text += command_list("replayed", divergence.replayed, same);
  return text;
}

std::string to_text(const ReplayResult& result, const std::string& path) {
  if (result.divergence) return to_text(*result.divergence, path);
  return fmt::format("identical: {} events, {} steps, {} commands, command hash {}\n",
                     result.events, result.steps, result.commands, result.hash);
}

void print_notes(const ReplayResult& result, const GlobalOptions& options) {
  if (options.quiet || result.divergence) return;
  if (result.last_line_is_torn) {
    std::fputs("note: the last line of the log breaks off and was left out\n", stderr);
  }
  if (!result.has_end) {
    std::fputs("note: the log has no last record, so its run was killed\n", stderr);
  } else if (!result.was_complete) {
    std::fputs("note: the run that was logged was stopped before its end\n", stderr);
  }
}

struct ReplayArguments {
  std::string path;
  std::optional<std::uint32_t> job;
  std::string at;
};

int run_explain(const ReplayArguments& arguments, const GlobalOptions& options) {
  std::optional<core::Time> at;
  if (!arguments.at.empty()) {
    auto since_origin = io::parse_duration(arguments.at);
    if (!since_origin) {
      core::Error error = since_origin.error();
      error.message = "--at: " + error.message;
      return report_error(error, options);
    }
    at = core::Time{*since_origin};
  }
  const auto history = job_history(arguments.path, core::JobId{*arguments.job}, at);
  if (!history) return report_error(history.error(), options);
  const ReplayResult& replayed = history->replayed;
  std::string text;
  if (replayed.divergence) {
    text = options.json ? to_json(replayed) : to_text(replayed, arguments.path);
  } else {
    text = options.json ? history_json(*history, at.has_value())
                        : history_text(*history, at.has_value());
  }
  std::fputs(text.c_str(), stdout);
  return replayed.divergence ? exit_failed : exit_done;
}

int run_replay(const std::string& path, const GlobalOptions& options) {
  const auto result = replay(path);
  if (!result) return report_error(result.error(), options);
  const std::string text = options.json ? to_json(*result) : to_text(*result, path);
  std::fputs(text.c_str(), stdout);
  print_notes(*result, options);
  return result->divergence ? exit_failed : exit_done;
}

}  // namespace

void add_replay_command(CLI::App& root, CommandContext& context) {
  CLI::App* command = root.add_subcommand(
      "replay", "Feed a recorded event log to the engine and compare its commands");
  command->fallthrough();
  const auto arguments = std::make_shared<ReplayArguments>();
  command->add_option("log", arguments->path, "Event log of 'nexa sim run --event-log'")
      ->type_name("LOG.jsonl")
      ->required();
  CLI::Option* explain =
      command->add_option("--explain", arguments->job, "Say what became of this job, and why")
          ->type_name("JOB");
  command->add_option("--at", arguments->at, "Explain the job as it stood at this time of the run")
      ->type_name("TIME")
      ->needs(explain);
  command->footer(
      "Exit code 0: the commands are identical; 1: they are not. With --explain the log is\n"
      "replayed for what it says of one job, by its number in the log.\n\n"
      "Examples:\n"
      "  nexa replay run.jsonl\n"
      "  nexa replay run.jsonl --explain 17 --at '1d 3h' --json");
  command->callback([arguments, &context] {
    context.exit_code = arguments->job ? run_explain(*arguments, context.options)
                                       : run_replay(arguments->path, context.options);
  });
}

}  // namespace nexa::cli
