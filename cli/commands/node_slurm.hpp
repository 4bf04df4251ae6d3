#pragma once

#include <cstdint>
#include <string>

#include "core/result.hpp"
#include "tier/classify.hpp"
#include "tier/profile.hpp"

namespace nexa::cli {

/// A node as Slurm describes it: equal sockets of equal cores with equally many threads. Where a
/// machine is not like that, each number is that of its smallest part, so that the line never
/// promises what is not there; `threads_left_out` says what it costs.
struct SlurmNode {
  std::string name;
  std::uint32_t sockets = 1;
  std::uint32_t cores_per_socket = 1;
  std::uint32_t threads_per_core = 1;
  std::uint64_t memory_mib = 0;
  std::string gres;     ///< `gpu:a100_sxm4_40gb:4`; empty without GPUs
  std::string feature;  ///< `tier_hpc`
  std::uint32_t threads_left_out = 0;

  [[nodiscard]] std::uint32_t cpus() const { return sockets * cores_per_socket * threads_per_core; }
};

/// `name` empty: the profile's host name up to the first point. Errors: `invalid_argument` where
/// there is no name, or one that slurm.conf cannot hold.
core::Result<SlurmNode> slurm_node(const tier::Profile& profile, const tier::Catalog& catalog,
                                   const tier::Classification& classification,
                                   const std::string& name);

/// The line of slurm.conf, in the order in which `slurmd -C` prints its parts.
std::string slurm_line(const SlurmNode& node);

/// A GPU type for Slurm from a model's name: `GA100 [A100 SXM4 40GB]` gives `a100_sxm4_40gb`.
std::string slurm_gpu_type(const std::string& model);

}  // namespace nexa::cli
