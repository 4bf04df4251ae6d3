#include <hwloc.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "io/hwloc_devices.hpp"
#include "io/hwloc_pci.hpp"
#include "io/hwloc_topology.hpp"

namespace nexa::io {

namespace {

using tier::NetworkCard;
using tier::NetworkKind;

/// The devices of the operating system on one PCI function (or on none).
struct Function {
  const hwloc_obj* pci = nullptr;
  std::vector<std::string> interfaces;
  std::vector<std::string> rdma_devices;
};

bool begins(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

/// The class of the PCI function says which protocol the link speaks: the same Mellanox card is an
/// InfiniBand controller or an Ethernet controller.
NetworkKind kind_of_rdma(const Function& function) {
  constexpr unsigned ethernet_controller = 0x0200;
  constexpr unsigned infiniband_controller = 0x0207;
  constexpr unsigned infiniband_serial_bus = 0x0c06;
  const std::string& device = function.rdma_devices.front();
  if (begins(device, "hfi1") || begins(device, "opa")) return NetworkKind::omni_path;
  if (begins(device, "bxi") || begins(device, "efa") || begins(device, "usnic")) {
    return NetworkKind::other_rdma;
  }
  const bool has_ib_interface =
      std::any_of(function.interfaces.begin(), function.interfaces.end(),
                  [](const std::string& name) { return begins(name, "ib"); });
  if (has_ib_interface) return NetworkKind::infiniband;
  if (function.pci == nullptr) return NetworkKind::other_rdma;
  constexpr unsigned amazon = 0x1d0f;
  if (function.pci->attr->pcidev.vendor_id == amazon) return NetworkKind::other_rdma;
  const unsigned pci_class = function.pci->attr->pcidev.class_id;
  if (pci_class == infiniband_controller || pci_class == infiniband_serial_bus) {
    return NetworkKind::infiniband;
  }
  return pci_class == ethernet_controller ? NetworkKind::roce : NetworkKind::other_rdma;
}

NetworkKind kind_of(const Function& function) {
  // Slingshot's RDMA devices are of a class that hwloc 2.9 does not list; its makers make nothing
  // but Slingshot cards under this id.
  constexpr unsigned cray = 0x17db;
  if (function.pci != nullptr && function.pci->attr->pcidev.vendor_id == cray) {
    return NetworkKind::slingshot;
  }
  return function.rdma_devices.empty() ? NetworkKind::ethernet : kind_of_rdma(function);
}

void append_cards(std::vector<NetworkCard>& cards, const Function& function,
                  std::string_view pci_ids) {
  NetworkCard card;
  card.kind = kind_of(function);
  if (function.pci != nullptr) {
    PciName name = pci_name_of(*function.pci, pci_ids);
    card.vendor = std::move(name.vendor);
    card.model = std::move(name.device);
  }
  if (!function.rdma_devices.empty()) card.rdma_device = function.rdma_devices.front();
  for (const std::string& interface : function.interfaces) {
    card.name = interface;
    cards.push_back(card);
  }
  if (!function.interfaces.empty()) return;
  for (const std::string& device : function.rdma_devices) {
    card.name = device;
    card.rdma_device = device;
    cards.push_back(card);
  }
}

std::optional<std::string> first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return line;
}

std::optional<std::int64_t> interface_speed(const std::string& name) {
  const auto text = first_line("/sys/class/net/" + name + "/speed");
  if (!text) return std::nullopt;
  std::int64_t mbit = 0;
  std::from_chars(text->data(), text->data() + text->size(), mbit);
  if (mbit <= 0) return std::nullopt;  // Linux says -1 for a link that is down or virtual
  return mbit;
}

std::optional<std::int64_t> rdma_speed(const std::string& device) {
  const auto text = first_line("/sys/class/infiniband/" + device + "/ports/1/rate");
  if (!text) return std::nullopt;
  const std::int64_t mbit = parse_infiniband_rate(*text);
  if (mbit <= 0) return std::nullopt;
  return mbit;
}

}  // namespace

std::vector<NetworkCard> find_networks(hwloc_topology* topology, std::string_view pci_ids) {
  std::map<std::string, Function> functions;
  for (hwloc_obj_t device = hwloc_get_next_osdev(topology, nullptr); device != nullptr;
       device = hwloc_get_next_osdev(topology, device)) {
    const unsigned type = raw_value(device->attr->osdev.type);
    const bool is_interface = type == HWLOC_OBJ_OSDEV_NETWORK;
    if (device->name == nullptr || (!is_interface && type != HWLOC_OBJ_OSDEV_OPENFABRICS)) continue;
    const hwloc_obj* pci = pci_parent(*device);
    // Devices without a PCI function come last, each on its own.
    Function& function =
        functions[pci == nullptr ? std::string("~") + device->name : pci_address(*pci)];
    function.pci = pci;
    (is_interface ? function.interfaces : function.rdma_devices).emplace_back(device->name);
  }
  std::vector<NetworkCard> cards;
  for (const auto& [address, function] : functions) append_cards(cards, function, pci_ids);
  return cards;
}

void measure_speeds(std::vector<NetworkCard>& cards) {
  for (NetworkCard& card : cards) {
    card.speed_mbit = interface_speed(card.name);
    if (!card.speed_mbit && !card.rdma_device.empty()) {
      card.speed_mbit = rdma_speed(card.rdma_device);
    }
  }
}

std::int64_t parse_infiniband_rate(std::string_view text) {
  const std::size_t unit = text.find(" Gb/sec");
  if (unit == std::string_view::npos) return 0;
  const std::string_view number = text.substr(0, unit);
  double gigabits = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), gigabits);
  if (error != std::errc{} || end != number.data() + number.size() || gigabits <= 0 ||
      gigabits > 1e6) {
    return 0;
  }
  return std::llround(gigabits * 1000);
}

}  // namespace nexa::io
