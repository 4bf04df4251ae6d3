#include "io/hwloc_probe.hpp"

#include <hwloc.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>

#include "io/hwloc_devices.hpp"
#include "io/hwloc_isa.hpp"
#include "io/hwloc_pci_names.hpp"
#include "io/hwloc_topology.hpp"
#include "io/hwloc_trial.hpp"

namespace nexa::io {

namespace {

using tier::Cache;
using tier::CoreKind;
using tier::Package;
using tier::Profile;

std::vector<hwloc_obj_t> objects(hwloc_topology_t topology, hwloc_obj_type_t type) {
  std::vector<hwloc_obj_t> found;
  for (hwloc_obj_t object = hwloc_get_next_obj_by_type(topology, type, nullptr); object != nullptr;
       object = hwloc_get_next_obj_by_type(topology, type, object)) {
    found.push_back(object);
  }
  return found;
}

std::uint32_t weight(hwloc_const_cpuset_t set) {
  return static_cast<std::uint32_t>(std::max(hwloc_bitmap_weight(set), 0));
}

/// Cores within a set of hardware threads. Some virtual machines show threads without cores; there
/// each thread counts as a core.
std::uint32_t cores_inside(hwloc_topology_t topology, hwloc_const_cpuset_t set) {
  if (hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE) <= 0) return weight(set);
  const int count = hwloc_get_nbobjs_inside_cpuset_by_type(topology, set, HWLOC_OBJ_CORE);
  return static_cast<std::uint32_t>(std::max(count, 0));
}

void measure_packages(hwloc_topology_t topology, Profile& profile) {
  auto packages = objects(topology, HWLOC_OBJ_PACKAGE);
  if (packages.empty()) packages.push_back(hwloc_get_root_obj(topology));
  for (const hwloc_obj_t package : packages) {
    profile.packages.push_back(Package{cores_inside(topology, package->cpuset),
                                       weight(package->cpuset), info_value(*package, "CPUModel")});
  }
}

void measure_cores(hwloc_topology_t topology, Profile& profile) {
  hwloc_const_cpuset_t all = hwloc_get_root_obj(topology)->cpuset;
  profile.hardware_threads = weight(all);
  profile.physical_cores = cores_inside(topology, all);
  const auto cores = objects(topology, HWLOC_OBJ_CORE);
  if (cores.empty()) return;
  std::uint32_t fewest = UINT32_MAX;
  for (const hwloc_obj_t core : cores) fewest = std::min(fewest, weight(core->cpuset));
  profile.min_threads_per_core = std::max(fewest, 1U);
}

std::string kind_name(unsigned count, const hwloc_info_s* infos) {
  std::string capacity;
  for (unsigned i = 0; i < count; ++i) {
    const std::string_view name = infos[i].name;
    if (name == "CoreType") return infos[i].value;
    if (name == "LinuxCapacity") capacity = std::string("capacity ") + infos[i].value;
  }
  return capacity;
}

/// hwloc also tells cores apart by their highest clock, which differs between equal cores of one
/// processor. Only kinds with different names make a machine hybrid.
void measure_core_kinds(hwloc_topology_t topology, Profile& profile) {
  const int count = hwloc_cpukinds_get_nr(topology, 0);
  hwloc_bitmap_t set = hwloc_bitmap_alloc();
  std::vector<CoreKind> kinds;
  for (int i = 0; i < count; ++i) {
    int efficiency = 0;
    unsigned info_count = 0;
    hwloc_info_s* infos = nullptr;
    if (hwloc_cpukinds_get_info(topology, static_cast<unsigned>(i), set, &efficiency, &info_count,
                                &infos, 0) != 0) {
      continue;
    }
    const std::string name = kind_name(info_count, infos);
    auto same = std::find_if(kinds.begin(), kinds.end(),
                             [&name](const CoreKind& kind) { return kind.name == name; });
    if (same == kinds.end()) same = kinds.insert(kinds.end(), CoreKind{name, 0, 0});
    same->cores += cores_inside(topology, set);
    same->threads += weight(set);
  }
  hwloc_bitmap_free(set);
  if (kinds.size() > 1) profile.core_kinds = std::move(kinds);
}

/// Some machines show the memory of their GPUs as NUMA nodes; programs do not run from it.
bool is_main_memory(const hwloc_obj& node) {
  return node.subtype == nullptr || std::string_view(node.subtype) != "GPUMemory";
}

void measure_memory(hwloc_topology_t topology, Profile& profile) {
  for (const hwloc_obj_t node : objects(topology, HWLOC_OBJ_NUMANODE)) {
    if (!is_main_memory(*node)) continue;
    ++profile.numa_nodes;
    profile.memory_kib += node->attr->numanode.local_memory / 1024;
  }
}

void measure_caches(hwloc_topology_t topology, Profile& profile) {
  for (const auto type : {HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L3CACHE,
                          HWLOC_OBJ_L4CACHE, HWLOC_OBJ_L5CACHE}) {
    for (const hwloc_obj_t object : objects(topology, type)) {
      Cache cache{object->attr->cache.depth,
                  raw_value(object->attr->cache.type) == HWLOC_OBJ_CACHE_DATA,
                  object->attr->cache.size / 1024, 1, cores_inside(topology, object->cpuset)};
      const auto same =
          std::find_if(profile.caches.begin(), profile.caches.end(), [&cache](const Cache& known) {
            return std::tie(known.level, known.data_only, known.size_kib) ==
                   std::tie(cache.level, cache.data_only, cache.size_kib);
          });
      if (same == profile.caches.end()) {
        profile.caches.push_back(cache);
        continue;
      }
      ++same->count;
      if (same->cores_per_cache != cache.cores_per_cache) same->cores_per_cache = 0;
    }
  }
}

std::string processor_flags(hwloc_topology_t topology) {
  const std::string flags = info_value(*hwloc_get_root_obj(topology), "CPUFlags");
  const auto packages = objects(topology, HWLOC_OBJ_PACKAGE);
  if (!flags.empty() || packages.empty()) return flags;
  return info_value(*packages.front(), "CPUFlags");
}

Profile measure(hwloc_topology_t topology, const std::string& flags) {
  const hwloc_obj& root = *hwloc_get_root_obj(topology);
  Profile profile;
  profile.hostname = info_value(root, "HostName");
  profile.architecture = info_value(root, "Architecture");
  measure_packages(topology, profile);
  measure_cores(topology, profile);
  measure_core_kinds(topology, profile);
  measure_memory(topology, profile);
  measure_caches(topology, profile);
  profile.gpus = find_gpus(topology, system_pci_ids());
  profile.networks = find_networks(topology, system_pci_ids());
  IsaSummary isa = summarise_isa(profile.architecture, flags);
  profile.isa_features = std::move(isa.features);
  profile.x86_64_level = isa.x86_64_level;
  return profile;
}

/// Nothing where hwloc cannot read the text, or where it describes no processor.
std::optional<Profile> profile_of(const std::string& xml) {
  const Topology topology = parse_hwloc_xml(xml);
  if (topology == nullptr) return std::nullopt;
  Profile profile = measure(topology.get(), processor_flags(topology.get()));
  if (profile.physical_cores == 0) return std::nullopt;
  return profile;
}

core::Error trial_error(Trial trial, const std::string& path) {
  using core::ErrorCode;
  core::Error error{
      ErrorCode::corrupt, {}, "check it with 'lstopo -i FILE', or export it again", {path, 0, 0}};
  switch (trial) {
    case Trial::crashed:
      error.message = "the topology is damaged: hwloc crashes while it reads this file";
      break;
    case Trial::timed_out:
      error.message = "the topology is damaged: hwloc does not come to an end with this file";
      break;
    case Trial::impossible:
      error = {ErrorCode::io, "no process can be started to try the topology", {}, {path, 0, 0}};
      break;
    case Trial::passed:
    case Trial::failed:
      error.message = "hwloc cannot make a machine of this topology";
      break;
  }
  return error;
}

}  // namespace

core::Result<Profile> probe_this_machine() {
  const auto topology = load_this_machine();
  if (!topology) return topology.error();
  Profile profile = measure(topology->get(), std::string(cpuinfo_flags(read_cpuinfo())));
  measure_speeds(profile.networks);
  return profile;
}

core::Result<Profile> profile_from_hwloc_xml(const std::string& path) {
  const auto xml = read_hwloc_xml(path);
  if (!xml) return xml.error();
  const Trial trial = try_in_child([&xml] { return profile_of(*xml).has_value(); });
  if (trial != Trial::passed) return trial_error(trial, path);
  auto profile = profile_of(*xml);
  if (!profile) return trial_error(Trial::failed, path);
  return std::move(*profile);
}

}  // namespace nexa::io
