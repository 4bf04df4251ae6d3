#pragma once

#include <atomic>

namespace nexa::cli {

/// SIGINT and SIGTERM ask a long command to stop and keep what it has; a second one ends the
/// process at once. SIGUSR1 asks for a line on how far it has come.
class StopSignals {
 public:
  /// From now on the process stops as described, and a file that may not grow is an error of the
  /// write instead of the end of the process. May be called more than once.
  static void install();

  /// True once a signal or `request_stop` asked to stop.
  static const std::atomic<bool>& stop_wanted();
  /// Stops without a signal, for example when the disk is full.
  static void request_stop();
  /// The signal that asked to stop, or 0.
  static int signal_received();
  /// True once after each SIGUSR1.
  static bool take_status_request();
};

}  // namespace nexa::cli
