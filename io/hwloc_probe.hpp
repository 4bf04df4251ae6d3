#pragma once

#include <string>

#include "core/result.hpp"
#include "tier/profile.hpp"

namespace nexa::io {

/// Measures the machine that this process runs on, as far as the process may use it: inside a
/// container or a job, that is the part given to it.
core::Result<tier::Profile> probe_this_machine();

/// Reads the profile of a machine from hwloc's XML export of it. What hwloc does not export stays
/// unknown: network speeds, and the processor's features, unless the export's root or first
/// package has an info attribute `CPUFlags` with the flags of `/proc/cpuinfo` (`hwloc-annotate`
/// adds one). Errors: see `read_hwloc_xml`; `corrupt` also where hwloc cannot
/// make a machine of the topology, crashes or does not end. The file is tried in a child process
/// first, so the caller must not have threads that hold locks of the C++ library.
core::Result<tier::Profile> profile_from_hwloc_xml(const std::string& path);

}  // namespace nexa::io
