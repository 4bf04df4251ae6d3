#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace nexa::io {

/// What a program in the sandbox may use. Limits of memory, time and open files hold for each of
/// its processes.
struct SandboxLimits {
  core::Duration wall{};
  std::uint64_t cpu_s = 60;
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
  std::uint64_t processes = 32;  ///< and threads, at a time
  std::uint64_t open_files = 64;
  std::uint64_t disk_bytes = std::uint64_t{64} << 20;  ///< of its /tmp, and of each file
  std::uint64_t output_bytes = std::uint64_t{64} << 10;
};

/// A file or folder of this machine that the program may read.
struct SandboxInput {
  std::string path;
  std::string inside;  ///< where the program finds it, such as `/input/a`
};

/// A program and what it sees: a root of its own with this machine's `/usr`, its inputs, an empty
/// `/tmp`, a minimal `/dev` and `/proc` of its own processes; no network, no other process, no
/// environment but PATH and what keeps numeric libraries at one thread.
struct SandboxRun {
  core::Bytes program;  ///< the bytes of an executable file; a script starts with `#!`
  std::vector<std::string> arguments;
  std::vector<SandboxInput> inputs;
  SandboxLimits limits;
};

enum class SandboxEnd : std::uint8_t {
  exited,        ///< with `exit_code`; 128 + n where signal n killed it
  wall_limit,    ///< was killed after its time
  output_limit,  ///< was killed since it printed too much
};

struct SandboxOutcome {
  SandboxEnd end = SandboxEnd::exited;
  int exit_code = 0;
  std::string output;  ///< at most `output_bytes`
  std::string errors;  ///< what it wrote to standard error, at most as much
};

/// Runs a program by bubblewrap and waits for its end; then no process of it is left. Never runs it
/// outside of the sandbox. A caller who is root runs it as the user `nobody`, since limits of
/// processes do not hold for root; the inputs must be readable for that user.
///
/// Errors: `unsupported` where bubblewrap is missing, the kernel forbids what it needs, or the
/// program cannot be executed; `io` where pipes or processes are not to be had.
core::Result<SandboxOutcome> run_sandboxed(const SandboxRun& run);

}  // namespace nexa::io
