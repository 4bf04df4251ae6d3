#include "cli/commands/schema.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "cli/errors.hpp"
#include "core/suggest.hpp"
#include "io/platform_file.hpp"
#include "io/policy_text.hpp"
#include "io/scenario_file.hpp"
#include "io/tier_file.hpp"

namespace nexa::cli {

namespace {

constexpr std::array<std::string_view, 4> kinds{"scenario", "platform", "policy", "tiers"};

std::string schema_of(std::string_view kind) {
  if (kind == "scenario") return io::scenario_json_schema();
  if (kind == "platform") return io::platform_json_schema();
  if (kind == "policy") return io::policy_json_schema();
  return io::tiers_json_schema();
}

int print_schema(const std::string& kind, const GlobalOptions& options) {
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    return report_error({.code = core::ErrorCode::not_found,
                         .message = "no schema of '" + kind + "'",
                         .hint = core::suggestion(kind, kinds),
                         .where = {}},
                        options);
  }
  std::string schema = schema_of(kind);
  if (!schema.ends_with('\n')) schema += '\n';
  std::fputs(schema.c_str(), stdout);
  return exit_done;
}

}  // namespace

void add_schema_command(CLI::App& root, CommandContext& context) {
  CLI::App* command = root.add_subcommand("schema", "Print the JSON Schema of a kind of file");
  command->fallthrough();
  const auto kind = std::make_shared<std::string>();
  command->add_option("kind", *kind, "scenario, platform, policy or tiers")
      ->type_name("KIND")
      ->required();
  command->footer(
      "Editors with a YAML language server check a file that starts with\n"
      "  # yaml-language-server: $schema=scenario.schema.json\n\n"
      "Examples:\n"
      "  nexa schema scenario > scenario.schema.json\n"
      "  nexa schema platform");
  command->callback([kind, &context] { context.exit_code = print_schema(*kind, context.options); });
}

}  // namespace nexa::cli
