#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tier/profile.hpp"

struct hwloc_topology;

namespace nexa::io {

/// The GPUs of a topology: those that a GPU library reported (CUDA, NVML, RSMI, LevelZero, OpenCL)
/// and the PCI display controllers that none reported. One entry per PCI function, in the order of
/// PCI addresses. `pci_ids` names devices that the topology does not name; see `pci_name`.
std::vector<tier::Gpu> find_gpus(hwloc_topology* topology, std::string_view pci_ids);

/// The network interfaces and RDMA devices of a topology, by PCI address. Their speeds are left
/// open: a topology does not hold them.
std::vector<tier::NetworkCard> find_networks(hwloc_topology* topology, std::string_view pci_ids);

/// Fills the speeds in from this machine's `/sys`.
void measure_speeds(std::vector<tier::NetworkCard>& cards);

/// Megabits per second of an InfiniBand rate as Linux writes it: `100 Gb/sec (4X EDR)`,
/// `2.5 Gb/sec (1X SDR)`. Zero where it cannot be read.
std::int64_t parse_infiniband_rate(std::string_view text);

}  // namespace nexa::io
