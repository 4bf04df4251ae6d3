#pragma once

#include <cstring>
#include <memory>
#include <string>

#include "core/result.hpp"

struct hwloc_topology;
struct hwloc_obj;

namespace nexa::io {

struct TopologyDeleter {
  void operator()(hwloc_topology* topology) const;
};

/// A loaded hwloc topology with its I/O devices.
using Topology = std::unique_ptr<hwloc_topology, TopologyDeleter>;

/// The machine that this process runs on, as far as the process may use it.
core::Result<Topology> load_this_machine();

/// The text of an XML export (`lstopo file.xml`), looked at from outside. Errors: `not_found` or
/// `io` where the file cannot be read, `limit_exceeded` over 64 MiB, `corrupt` where it is empty,
/// cut off, not XML, or not an hwloc topology.
core::Result<std::string> read_hwloc_xml(const std::string& path);

/// The topology that the text of an XML export describes; null where hwloc cannot make one of it.
/// hwloc may crash on damaged text: see `try_in_child`.
Topology parse_hwloc_xml(const std::string& xml);

/// An `unsigned` from a field of an hwloc enumeration. A topology read from a file can hold numbers
/// that the enumeration does not have, and reading such a one as the enumeration is undefined.
template <class Enum>
unsigned raw_value(const Enum& field) {
  static_assert(sizeof(Enum) == sizeof(unsigned));
  unsigned value = 0;
  std::memcpy(&value, &field, sizeof value);
  return value;
}

/// The value of the object's info attribute, or an empty string.
std::string info_value(const hwloc_obj& object, const char* name);

}  // namespace nexa::io
