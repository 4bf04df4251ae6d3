#include "cli/app.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "cli/build_info.hpp"
#include "cli/command.hpp"
#include "cli/commands/attest.hpp"
#include "cli/commands/key.hpp"
#include "cli/commands/ledger.hpp"
#include "cli/commands/node.hpp"
#include "cli/commands/policy.hpp"
#include "cli/commands/replay.hpp"
#include "cli/commands/result.hpp"
#include "cli/commands/schema.hpp"
#include "cli/commands/sim.hpp"
#include "cli/errors.hpp"
#include "cli/words.hpp"
#include "core/suggest.hpp"

namespace nexa::cli {

namespace {

std::string version_text() {
  return "nexa " + std::string(build_version()) + " (commit " + std::string(build_commit()) + ", " +
         std::string(build_compiler()) + ")";
}

void add_global_options(CLI::App& root, GlobalOptions& options) {
  root.add_flag("--json", options.json, "One JSON document instead of text for people");
  root.add_flag("--parsable", options.parsable, "Tables with columns separated by '|'");
  root.add_flag("--no-header", options.no_header, "Tables without their header");
  root.add_option("--color", options.color, "Colours on a terminal")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  root.add_flag("-q,--quiet", options.quiet, "No notes and no progress");
  root.add_flag("-v,--verbose", options.verbose, "Say more on standard error");
}

/// Every page of help says what is understood everywhere.
void mention_global_options(CLI::App& app) {
  for (CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    const bool is_group = !sub->get_subcommands([](const CLI::App*) { return true; }).empty();
    if (!is_group) {
      sub->footer("Everywhere: --json --quiet --verbose --color WHEN --parsable --no-header\n\n" +
                  sub->get_footer());
    }
    mention_global_options(*sub);
  }
}

/// Output that is lost, for example on a full disk, is no success.
int flushed(int exit_code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
  const core::Error error{.code = core::ErrorCode::io,
                          .message = "cannot write to standard output",
                          .hint = "free some space or write to another place",
                          .where = {}};
  std::fputs(error_text(error).c_str(), stderr);
  return exit_code == exit_done ? exit_code_of(error.code) : exit_code;
}

/// The command that was meant last, e.g. `sim run`, and what it is called.
struct Command {
  const CLI::App* app = nullptr;
  std::string name = "nexa";
};

Command command_of(const CLI::App& root) {
  Command command{&root, "nexa"};
  while (!command.app->get_subcommands().empty()) {
    command.app = command.app->get_subcommands().front();
    command.name += ' ' + command.app->get_name();
  }
  return command;
}

std::vector<std::string> subcommands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(sub->get_name());
  }
  return names;
}

std::vector<std::string> flags_of(const Command& command) {
  std::vector<std::string> names;
  for (const CLI::App* app = command.app; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::string nearest_or_help(const std::string& typed, const std::vector<std::string>& names,
                            const std::string& command) {
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string_view near = core::nearest(typed, candidates);
  if (!near.empty()) return "did you mean '" + std::string(near) + "'?";
  return "'" + command + " --help' lists what there is";
}

core::Error usage_error(std::string message, std::string hint) {
  return {.code = core::ErrorCode::invalid_argument,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {}};
}

core::Error unknown_word(const Command& command, const std::string& typed) {
  if (typed.starts_with('-')) {
    const std::string flag = typed.substr(0, typed.find('='));
    return usage_error("unknown option '" + flag + "' for '" + command.name + "'",
                       nearest_or_help(flag, flags_of(command), command.name));
  }
  const std::vector<std::string> known = subcommands_of(*command.app);
  if (known.empty()) {
    return usage_error("'" + command.name + "' cannot use the argument '" + typed + "'",
                       "'" + command.name + " --help' shows how to call it");
  }
  return usage_error("unknown command '" + command.name + ' ' + typed + "'",
                     nearest_or_help(typed, known, command.name));
}

/// The parser's own messages start in upper case and know no suggestions.
core::Error to_error(const CLI::App& root, const CLI::ParseError& error) {
  const Command command = command_of(root);
  const std::vector<std::string> unknown = root.remaining(true);
  if (!unknown.empty()) return unknown_word(command, unknown.front());
  const std::vector<std::string> known = subcommands_of(*command.app);
  if (!known.empty()) {
    return usage_error("'" + command.name + "' needs a command behind it",
                       "one of: " + comma_separated(known));
  }
  std::string message = error.what();
  if (!message.empty() && message[0] >= 'A' && message[0] <= 'Z') {
    message[0] = static_cast<char>(message[0] - 'A' + 'a');
  }
  return usage_error(std::move(message), "'" + command.name + " --help' shows how to call it");
}

bool wants_json(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--json") return true;
  }
  return false;
}

std::string command_line(int argc, char** argv) {
  std::string text = "nexa";
  for (int i = 1; i < argc; ++i) text += ' ' + std::string(argv[i]);
  return text;
}

}  // namespace

int run_app(int argc, char** argv) {
  CommandContext context;
  CLI::App root("nexapod: a batch scheduler that knows tiers", "nexa");
  root.set_help_flag("-h,--help", "Print this help and exit");
  root.set_version_flag("--version", version_text, "Print the version and exit");
  root.get_formatter()->column_width(34);
  root.require_subcommand(0, 1);
  add_global_options(root, context.options);
  add_sim_commands(root, context, command_line(argc, argv));
  add_replay_command(root, context);
  add_policy_commands(root, context);
  add_result_commands(root, context);
  add_node_commands(root, context);
  add_attest_commands(root, context);
  add_key_commands(root, context);
  add_ledger_commands(root, context);
  add_schema_command(root, context);
  root.footer(
      "Examples:\n"
      "  nexa sim run configs/scenarios/demo.yaml\n"
      "  nexa policy list");
  mention_global_options(root);
  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return flushed(root.exit(success));
  } catch (const CLI::ParseError& error) {
    context.options.json = wants_json(argc, argv);
    return report_error(to_error(root, error), context.options);
  }
  if (root.get_subcommands().empty()) std::fputs(root.help().c_str(), stdout);
  return flushed(context.exit_code);
}

}  // namespace nexa::cli
