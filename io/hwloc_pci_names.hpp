#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nexa::io {

struct PciName {
  std::string vendor;
  std::string device;
};

/// The name of a PCI device: from the text of a `pci.ids` file (the list of the PCI ID project)
/// where it has one, else the vendor from a short built-in list, and as the device its id,
/// `10de:20b0`.
PciName pci_name(std::string_view pci_ids, std::uint16_t vendor_id, std::uint16_t device_id);

/// The text of this system's `pci.ids` (Debian package `pci.ids`), read once; empty where there
/// is none.
const std::string& system_pci_ids();

}  // namespace nexa::io
