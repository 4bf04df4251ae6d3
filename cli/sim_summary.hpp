#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/platform.hpp"
#include "core/workload.hpp"
#include "io/run_meta.hpp"
#include "simulator/simulation.hpp"

namespace nexa::cli {

/// What a run is summed up from. The references must outlive the summary.
struct RunSummary {
  const simulator::SimulationResult& result;
  const core::Workload& workload;
  const core::Platform& platform;
  const io::RunMeta& meta;
  double read_s = 0;
  double simulate_s = 0;
  double wall_s = 0;  ///< from the start of the command to the last event
  double peak_rss_mib = 0;
  std::vector<std::string> files;  ///< written, or about to be
  bool complete = true;

  /// Jobs of the workload that did not leave the system, also those that were not submitted.
  [[nodiscard]] std::uint64_t unfinished() const;
};

/// For a person: a few aligned lines.
std::string to_text(const RunSummary& summary);

/// The document of schema `nexa.sim_run/1`, with a line break at its end.
std::string to_json(const RunSummary& summary);

/// Two units at the most: `3d 4h`, `1h 46m`, `12.5s`.
std::string rough_duration(double seconds);

}  // namespace nexa::cli
