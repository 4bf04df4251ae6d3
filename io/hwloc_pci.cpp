#include "io/hwloc_pci.hpp"

#include <fmt/format.h>
#include <hwloc.h>

#include "io/hwloc_topology.hpp"

namespace nexa::io {

const hwloc_obj* pci_parent(const hwloc_obj& device) {
  const hwloc_obj* object = device.parent;
  while (object != nullptr && object->type == HWLOC_OBJ_OS_DEVICE) object = object->parent;
  return object != nullptr && object->type == HWLOC_OBJ_PCI_DEVICE ? object : nullptr;
}

std::string pci_address(const hwloc_obj& pci) {
  const auto& at = pci.attr->pcidev;
  return fmt::format("{:04x}:{:02x}:{:02x}.{:x}", at.domain, at.bus, at.dev, at.func);
}

PciName pci_name_of(const hwloc_obj& pci, std::string_view pci_ids) {
  PciName name{info_value(pci, "PCIVendor"), info_value(pci, "PCIDevice")};
  if (!name.vendor.empty() && !name.device.empty()) return name;
  const PciName known = pci_name(pci_ids, pci.attr->pcidev.vendor_id, pci.attr->pcidev.device_id);
  if (name.vendor.empty()) name.vendor = known.vendor;
  if (name.device.empty()) name.device = known.device;
  return name;
}

}  // namespace nexa::io
