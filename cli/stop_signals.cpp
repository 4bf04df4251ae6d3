#include "cli/stop_signals.hpp"

#include <csignal>

namespace nexa::cli {

namespace {

std::atomic<bool> stop{false};
std::atomic<int> stop_signal{0};
std::atomic<bool> status_wanted{false};

// A signal handler may only touch atomics that need no lock.
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void on_stop_signal(int number) {
  // The second signal may be of the other kind, whose default action is back as well by now.
  if (stop_signal != 0) std::raise(number);
  stop_signal = number;
  stop = true;
}

void on_status_signal(int /*number*/) {
  status_wanted = true;
}

}  // namespace

void StopSignals::install() {
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  // The default action comes back with the first signal, so that the second one is deadly.
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  action.sa_handler = on_stop_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  action.sa_flags = SA_RESTART;
  action.sa_handler = on_status_signal;
  ::sigaction(SIGUSR1, &action, nullptr);
  // A file that may not grow is an error of the write, which is reported.
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGXFSZ, &action, nullptr);
}

const std::atomic<bool>& StopSignals::stop_wanted() {
  return stop;
}
void StopSignals::request_stop() {
  stop = true;
}
int StopSignals::signal_received() {
  return stop_signal;
}
bool StopSignals::take_status_request() {
  // Reading is free of charge, exchanging is not, and this is asked often.
  return status_wanted.load(std::memory_order_relaxed) && status_wanted.exchange(false);
}

}  // namespace nexa::cli
