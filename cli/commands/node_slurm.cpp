#include "cli/commands/node_slurm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "tier/gpu_class.hpp"

namespace nexa::cli {

namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_node_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
  });
}

core::Result<std::string> node_name(const tier::Profile& profile, const std::string& given) {
  using core::Error;
  using core::ErrorCode;
  const std::string name =
      given.empty() ? profile.hostname.substr(0, profile.hostname.find('.')) : given;
  if (name.empty()) {
    return Error{
        ErrorCode::invalid_argument, "the topology does not name its host", "give --name NAME", {}};
  }
  if (!is_node_name(name)) {
    return Error{ErrorCode::invalid_argument,
                 "'" + name + "' is not a node name for Slurm",
                 "use letters, digits, '-', '_' and '.'",
                 {}};
  }
  return name;
}

std::uint32_t fewest_cores(const std::vector<tier::Package>& packages) {
  std::uint32_t fewest = UINT32_MAX;
  for (const tier::Package& package : packages) fewest = std::min(fewest, package.cores);
  return std::max(packages.empty() ? 1U : fewest, 1U);
}

/// Types in alphabetical order, as a map gives them.
std::string gres_of(const tier::Profile& profile, const tier::GpuModels& models) {
  std::map<std::string, int> counts;
  for (const tier::Gpu& gpu : profile.gpus) {
    if (gpu_class(models, gpu) != tier::GpuClass::display_only) ++counts[slurm_gpu_type(gpu.model)];
  }
  std::string gres;
  for (const auto& [type, count] : counts) {
    if (!gres.empty()) gres += ',';
    gres += type.empty() ? fmt::format("gpu:{}", count) : fmt::format("gpu:{}:{}", type, count);
  }
  return gres;
}

}  // namespace

std::string slurm_gpu_type(const std::string& model) {
  std::string name = model;
  const std::size_t open = name.rfind('[');
  const std::size_t close = name.rfind(']');
  if (open != std::string::npos && close != std::string::npos && open < close) {
    name = name.substr(open + 1, close - open - 1);
  }
  std::string type;
  for (const char c : name) {
    if (is_alphanumeric(c)) {
      type += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!type.empty() && type.back() != '_') {
      type += '_';
    }
  }
  if (!type.empty() && type.back() == '_') type.pop_back();
  return type;
}

core::Result<SlurmNode> slurm_node(const tier::Profile& profile, const tier::Catalog& catalog,
                                   const tier::Classification& classification,
                                   const std::string& name) {
  auto checked_name = node_name(profile, name);
  if (!checked_name) return checked_name.error();
  SlurmNode node;
  node.name = std::move(*checked_name);
  node.sockets = std::max(static_cast<std::uint32_t>(profile.packages.size()), 1U);
  node.cores_per_socket = fewest_cores(profile.packages);
  node.threads_per_core = profile.min_threads_per_core;
  node.memory_mib = profile.memory_kib / 1024;
  node.gres = gres_of(profile, catalog.gpu_models);
  node.feature = "tier_" + classification.name;
  node.threads_left_out =
      profile.hardware_threads - std::min(profile.hardware_threads, node.cpus());
  return node;
}

std::string slurm_line(const SlurmNode& node) {
  std::string line = fmt::format(
      "NodeName={} CPUs={} Boards=1 SocketsPerBoard={} CoresPerSocket={} ThreadsPerCore={} "
      "RealMemory={}",
      node.name, node.cpus(), node.sockets, node.cores_per_socket, node.threads_per_core,
      node.memory_mib);
  if (!node.gres.empty()) line += " Gres=" + node.gres;
  return line + " Feature=" + node.feature;
}

}  // namespace nexa::cli
