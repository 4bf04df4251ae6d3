#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "io/hwloc_pci_names.hpp"

struct hwloc_obj;

namespace nexa::io {

/// The PCI function that an operating-system device belongs to; null where there is none.
const hwloc_obj* pci_parent(const hwloc_obj& device);

/// `0000:17:00.0`. PCI addresses compare as text.
std::string pci_address(const hwloc_obj& pci);

/// The names that the topology holds, completed by `pci_name`.
PciName pci_name_of(const hwloc_obj& pci, std::string_view pci_ids);

}  // namespace nexa::io
