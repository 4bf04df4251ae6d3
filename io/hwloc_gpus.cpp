#include <hwloc.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "io/hwloc_devices.hpp"
#include "io/hwloc_pci.hpp"
#include "io/hwloc_topology.hpp"

namespace nexa::io {

namespace {

/// The libraries that hwloc asks for GPUs. Where several know the same GPU, the first of this list
/// names it.
constexpr std::array<std::string_view, 5> backends{"NVML", "CUDA", "RSMI", "LevelZero", "OpenCL"};

std::size_t rank(std::string_view backend) {
  return static_cast<std::size_t>(std::find(backends.begin(), backends.end(), backend) -
                                  backends.begin());
}

std::optional<std::uint64_t> number_info(const hwloc_obj& object, const char* name) {
  const std::string text = info_value(object, name);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

/// All of these attributes are in KiB.
std::optional<std::uint64_t> gpu_memory(const hwloc_obj& device) {
  for (const char* name : {"CUDAGlobalMemorySize", "RSMIVRAMSize", "LevelZeroHBMSize",
                           "LevelZeroDDRSize", "LevelZeroMemorySize", "OpenCLGlobalMemorySize"}) {
    if (const auto size = number_info(device, name)) return size;
  }
  return std::nullopt;
}

bool is_gpu(const hwloc_obj& device) {
  const unsigned type = raw_value(device.attr->osdev.type);
  if (type != HWLOC_OBJ_OSDEV_GPU && type != HWLOC_OBJ_OSDEV_COPROC) return false;
  const std::string backend = device.subtype == nullptr ? "" : device.subtype;
  if (rank(backend) == backends.size()) return false;
  // An OpenCL platform may well run on the processor.
  const std::string opencl_type = info_value(device, "OpenCLDeviceType");
  return backend != "OpenCL" || opencl_type.empty() || opencl_type == "GPU";
}

tier::Gpu read_gpu(const hwloc_obj& device) {
  tier::Gpu gpu;
  gpu.backend = device.subtype;
  gpu.vendor = info_value(device, "GPUVendor");
  gpu.model = info_value(device, "GPUModel");
  gpu.memory_kib = gpu_memory(device);
  return gpu;
}

/// Joins what two libraries say of one GPU.
tier::Gpu merged(tier::Gpu a, tier::Gpu b) {
  if (rank(b.backend) < rank(a.backend)) std::swap(a, b);
  if (a.vendor.empty()) a.vendor = b.vendor;
  if (a.model.empty()) a.model = b.model;
  if (!a.memory_kib) a.memory_kib = b.memory_kib;
  return a;
}

/// Display controllers of any kind, and the accelerators of the two makers who give their
/// largest GPUs that class (AMD Instinct MI300, for one).
bool is_display_class(const hwloc_obj& pci) {
  constexpr unsigned amd = 0x1002;
  constexpr unsigned nvidia = 0x10de;
  const unsigned base_class = pci.attr->pcidev.class_id >> 8;
  const unsigned vendor = pci.attr->pcidev.vendor_id;
  return base_class == 0x03 || (base_class == 0x12 && (vendor == amd || vendor == nvidia));
}

using GpusByAddress = std::map<std::string, tier::Gpu>;

/// A library that reports GPUs without their PCI function cannot be matched with another one, so
/// only the first of them is believed.
std::vector<tier::Gpu> without_address(const std::vector<tier::Gpu>& loose) {
  std::vector<tier::Gpu> kept;
  for (const std::string_view backend : backends) {
    std::copy_if(loose.begin(), loose.end(), std::back_inserter(kept),
                 [backend](const tier::Gpu& gpu) { return gpu.backend == backend; });
    if (!kept.empty()) break;
  }
  return kept;
}

void name_after_pci(tier::Gpu& gpu, const hwloc_obj& pci, std::string_view pci_ids) {
  gpu.pci_address = pci_address(pci);
  const PciName name = pci_name_of(pci, pci_ids);
  if (gpu.vendor.empty()) gpu.vendor = name.vendor;
  if (gpu.model.empty()) gpu.model = name.device;
}

}  // namespace

std::vector<tier::Gpu> find_gpus(hwloc_topology* topology, std::string_view pci_ids) {
  GpusByAddress found;
  std::vector<tier::Gpu> loose;
  for (hwloc_obj_t device = hwloc_get_next_osdev(topology, nullptr); device != nullptr;
       device = hwloc_get_next_osdev(topology, device)) {
    if (!is_gpu(*device)) continue;
    const hwloc_obj* pci = pci_parent(*device);
    if (pci == nullptr) {
      loose.push_back(read_gpu(*device));
      continue;
    }
    const auto [entry, is_new] = found.try_emplace(pci_address(*pci), read_gpu(*device));
    if (!is_new) entry->second = merged(entry->second, read_gpu(*device));
  }
  for (hwloc_obj_t pci = hwloc_get_next_pcidev(topology, nullptr); pci != nullptr;
       pci = hwloc_get_next_pcidev(topology, pci)) {
    const std::string address = pci_address(*pci);
    if (is_display_class(*pci)) found.try_emplace(address, tier::Gpu{{}, {}, "PCI", {}, {}});
    if (const auto entry = found.find(address); entry != found.end()) {
      name_after_pci(entry->second, *pci, pci_ids);
    }
  }
  const bool any_reported = std::any_of(
      found.begin(), found.end(), [](const auto& entry) { return entry.second.backend != "PCI"; });
  // Display controllers that no library reported are the same GPUs as those without an address.
  if (!loose.empty() && !any_reported) return without_address(loose);
  std::vector<tier::Gpu> gpus;
  for (auto& [address, gpu] : found) gpus.push_back(std::move(gpu));
  return gpus;
}

}  // namespace nexa::io
