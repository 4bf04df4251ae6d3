#include "io/hwloc_pci_names.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace nexa::io {

namespace {

/// Makers of GPUs and network cards, so that a machine without `pci.ids` still names them.
constexpr std::array<std::pair<std::uint16_t, std::string_view>, 19> known_vendors{{
    {0x1002, "AMD"},
    {0x1013, "Cirrus Logic"},
    {0x102b, "Matrox"},
    {0x10de, "NVIDIA"},
    {0x1137, "Cisco"},
    {0x1234, "Bochs"},
    {0x1414, "Microsoft Hyper-V"},
    {0x14e4, "Broadcom"},
    {0x15ad, "VMware"},
    {0x15b3, "Mellanox"},
    {0x1077, "QLogic"},
    {0x17db, "Cray"},
    {0x1a03, "ASPEED"},
    {0x1af4, "Virtio"},
    {0x1b36, "QEMU"},
    {0x1d0f, "Amazon"},
    {0x1fc1, "QLogic"},
    {0x8086, "Intel"},
    {0x80ee, "VirtualBox"},
}};

std::string hex4(std::uint16_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (int shift = 12; shift >= 0; shift -= 4) text += digits[(value >> shift) & 0xf];
  return text;
}

std::string_view next_id_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

bool is_entry(std::string_view line, std::string_view id) {
  return line.substr(0, id.size()) == id && line.substr(id.size(), 2) == "  ";
}

/// The file lists `vendor  Name` at the margin and below it `<tab>device  Name`; two tabs are
/// subsystems.
PciName look_up(std::string_view pci_ids, std::uint16_t vendor_id, std::uint16_t device_id) {
  PciName name;
  const std::string vendor = hex4(vendor_id);
  const std::string device = '\t' + hex4(device_id);
  bool inside = false;
  while (!pci_ids.empty()) {
    const std::string_view line = next_id_line(pci_ids);
    if (line.empty() || line.front() == '#') continue;
    if (line.front() != '\t') {
      if (inside) break;
      inside = is_entry(line, vendor);
      if (inside) name.vendor = line.substr(vendor.size() + 2);
    } else if (inside && is_entry(line, device)) {
      name.device = line.substr(device.size() + 2);
      break;
    }
  }
  return name;
}

}  // namespace

PciName pci_name(std::string_view pci_ids, std::uint16_t vendor_id, std::uint16_t device_id) {
  PciName name = look_up(pci_ids, vendor_id, device_id);
  const auto known = std::find_if(known_vendors.begin(), known_vendors.end(),
                                  [vendor_id](const auto& v) { return v.first == vendor_id; });
  if (name.vendor.empty() && known != known_vendors.end()) name.vendor = known->second;
  if (name.device.empty()) name.device = hex4(vendor_id) + ':' + hex4(device_id);
  return name;
}

const std::string& system_pci_ids() {
  static const std::string text = [] {
    for (const char* path : {"/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids"}) {
      if (std::ifstream file(path); file) {
        return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      }
    }
    return std::string{};
  }();
  return text;
}

}  // namespace nexa::io
