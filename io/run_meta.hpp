#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace nexa::io {

/// A file that a run has read.
struct InputFile {
  std::string path;
  std::string sha256;  ///< hexadecimal, of the file as stored; empty where it is not known
  std::uint64_t bytes = 0;
};

/// What every output of a run says about its origin.
struct RunMeta {
  std::string format_version;
  std::string command_line;
  std::string config_yaml;  ///< the whole effective configuration
  std::string policy;
  std::string platform_name;
  std::string workload_name;
  std::uint64_t seed = 0;
  std::vector<InputFile> inputs;
  std::string commit;
  std::string version;
  std::string compiler;
};

/// The record as one JSON document with a line break at its end; for outputs whose own format has
/// no room for it, such as `jobs.csv`. `complete` is false where the run was stopped.
std::string to_json(const RunMeta& meta, bool complete);

/// Writes `to_json` to a file, which appears whole or not at all.
core::Result<void> write_run_meta(const std::string& path, const RunMeta& meta, bool complete);

}  // namespace nexa::io
