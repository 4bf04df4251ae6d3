#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/availability.hpp"
#include "core/result.hpp"
#include "io/byte_source.hpp"

namespace nexa::io {

/// Reads recorded failures of nodes, plain or gzip. The first line tells which of two forms:
///
/// - `node,down_s,up_s`: one outage per line in seconds, whole or with decimals, since any origin.
///   Times count from the first outage.
/// - LANL's public release LA-UR-05-7318, whose second line begins `System,machine type,nodes`:
///   outages of 22 systems from 1996 to 2005 with local times of the minute. One system is read;
///   zero means the one that the file names first. The nodes that failed are numbered from 0 in
///   the order of their numbers, and those of column `nodes` that never failed come last.
///
/// Outages of one node that overlap or touch are joined. Errors name file and line: `not_found` and
/// `io` of the file, `corrupt` for what is not of the form or ends before it starts, `not_found`
/// for a system that the file does not have.
core::Result<core::FailureTrace> read_failures(const std::string& path, std::uint32_t system);

/// The same from bytes.
core::Result<core::FailureTrace> read_failures(std::unique_ptr<ByteSource> source,
                                               std::uint32_t system);

}  // namespace nexa::io
