#pragma once

namespace nexa::cli {

/// What a command's exit status means; docs and scripts rely on the numbers.
enum ExitCode : int {
  exit_done = 0,
  exit_failed = 1,         ///< the thing asked for failed, e.g. a job under `--wait`
  exit_usage = 2,          ///< wrong usage or an invalid input file
  exit_impossible = 3,     ///< valid, but impossible on this cluster
  exit_refused = 4,        ///< refused by a policy
  exit_unreachable = 5,    ///< the daemon or Slurm cannot be reached
  exit_internal = 70,      ///< a defect of the program
  exit_interrupted = 130,  ///< SIGINT; partial results are kept
  exit_terminated = 143,   ///< SIGTERM; partial results are kept
};

}  // namespace nexa::cli
