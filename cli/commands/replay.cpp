#include "cli/commands/replay.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/errors.hpp"
#include "cli/replay.hpp"

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
  std::string text = fmt::format("  {} ({} command{}):\n", label, commands.size(),
                                 commands.size() == 1 ? "" : "s");
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
  const auto path = std::make_shared<std::string>();
  command->add_option("log", *path, "Event log of 'nexa sim run --event-log'")
      ->type_name("LOG.jsonl")
      ->required();
  command->footer(
      "Exit code 0: the commands are identical; 1: they are not.\n\n"
      "Examples:\n"
      "  nexa replay run.jsonl\n"
      "  nexa replay run.jsonl --json");
  command->callback([path, &context] { context.exit_code = run_replay(*path, context.options); });
}

}  // namespace nexa::cli
