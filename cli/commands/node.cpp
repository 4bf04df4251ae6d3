#include "cli/commands/node.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "cli/commands/node_report.hpp"
#include "cli/commands/node_show.hpp"
#include "cli/commands/node_slurm.hpp"
#include "cli/errors.hpp"
#include "io/hwloc_probe.hpp"
#include "io/tier_file.hpp"

namespace nexa::cli {

namespace {

struct ProfileOptions {
  std::string hwloc_xml;
  std::string catalog;
  std::string name;
  bool slurm = false;
};

/// Nothing where the catalogue is wrong; its errors have been reported then.
std::optional<tier::Catalog> load_catalog(const ProfileOptions& options, CommandContext& context) {
  if (options.catalog.empty()) return tier::default_catalog();
  io::Diagnostics diagnostics;
  auto catalog = io::load_tiers(options.catalog, diagnostics);
  if (catalog) return std::move(*catalog);
  context.exit_code = diagnostics.ok() ? report_error(catalog.error(), context.options)
                                       : report_errors(diagnostics, context.options);
  return std::nullopt;
}

core::Result<NodeReport> measure_node(const ProfileOptions& options, tier::Catalog catalog) {
  auto profile = options.hwloc_xml.empty() ? io::probe_this_machine()
                                           : io::profile_from_hwloc_xml(options.hwloc_xml);
  if (!profile) return profile.error();
  if (!options.name.empty()) profile->hostname = options.name;
  tier::Classification verdict = classify(catalog, *profile);
  return NodeReport{options.hwloc_xml.empty() ? "this machine" : options.hwloc_xml,
                    std::move(catalog), std::move(*profile), std::move(verdict)};
}

void note_left_out_threads(const SlurmNode& node, const NodeReport& report,
                           const GlobalOptions& options) {
  if (node.threads_left_out == 0 || options.quiet) return;
  std::cerr << "note: " << node.threads_left_out << " of " << report.profile.hardware_threads
            << " hardware threads are left out: Slurm describes a node by equal sockets of equal "
               "cores\n";
}

int print_slurm(const NodeReport& report, const ProfileOptions& options,
                const GlobalOptions& global) {
  const auto node = slurm_node(report.profile, report.catalog, report.classification, options.name);
  if (!node) return report_error(node.error(), global);
  if (global.json) {
    auto document = to_json(report);
    document["slurm"] = {{"line", slurm_line(*node)}, {"threads_left_out", node->threads_left_out}};
    std::cout << json_text(document) << std::flush;
    return exit_done;
  }
  std::cout << slurm_line(*node) << '\n' << std::flush;
  note_left_out_threads(*node, report, global);
  return exit_done;
}

int print_profile(const NodeReport& report, const GlobalOptions& global) {
  std::cout << (global.json ? json_text(to_json(report)) : to_text(report)) << std::flush;
  return exit_done;
}

void run_profile(const ProfileOptions& options, CommandContext& context) {
  auto catalog = load_catalog(options, context);
  if (!catalog) return;
  const auto report = measure_node(options, std::move(*catalog));
  if (!report) {
    context.exit_code = report_error(report.error(), context.options);
  } else if (options.slurm) {
    context.exit_code = print_slurm(*report, options, context.options);
  } else {
    context.exit_code = print_profile(*report, context.options);
  }
}

}  // namespace

void add_node_commands(CLI::App& root, CommandContext& context) {
  CLI::App* node = root.add_subcommand("node", "Nodes and their tiers");
  node->require_subcommand(1);
  node->fallthrough();
  CLI::App* profile = node->add_subcommand("profile", "Measure a machine and say which tier it is");
  profile->fallthrough();
  const auto options = std::make_shared<ProfileOptions>();
  profile->add_option("--hwloc-xml", options->hwloc_xml, "hwloc's XML export of any machine")
      ->type_name("FILE");
  profile->add_option("--catalog", options->catalog, "Tier catalogue (default: the built-in one)")
      ->type_name("FILE");
  profile->add_option("--name", options->name, "Name of the node (default: its host name)")
      ->type_name("NAME");
  profile->add_flag("--slurm", options->slurm, "Print the node's line for slurm.conf");
  profile->footer(
      "Examples:\n"
      "  nexa node profile\n"
      "  nexa node profile --hwloc-xml node17.xml --slurm");
  profile->callback([options, &context] { run_profile(*options, context); });
  add_node_show_command(*node, context);
}

}  // namespace nexa::cli
