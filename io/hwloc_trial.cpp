#include "io/hwloc_trial.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace nexa::io {

namespace {

constexpr unsigned time_limit_s = 20;
constexpr int passed_code = 0;
constexpr int failed_code = 42;  // sanitizers and abort handlers use other codes

/// An unhandled exception ends the child as well, which the parent sees as a crash.
[[noreturn]] void run_child(const std::function<bool()>& work) noexcept {
  const int null_device = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null_device >= 0) {
    dup2(null_device, STDOUT_FILENO);
    dup2(null_device, STDERR_FILENO);
  }
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGALRM, SIGFPE}) signal(number, SIG_DFL);
  alarm(time_limit_s);
  _exit(work() ? passed_code : failed_code);
}

Trial outcome_of(int status) {
  if (WIFEXITED(status)) {
    if (WEXITSTATUS(status) == passed_code) return Trial::passed;
    return WEXITSTATUS(status) == failed_code ? Trial::failed : Trial::crashed;
  }
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? Trial::timed_out : Trial::crashed;
}

}  // namespace

Trial try_in_child(const std::function<bool()>& work) {
  const pid_t child = fork();
  if (child < 0) return Trial::impossible;
  if (child == 0) run_child(work);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return Trial::impossible;
  }
  return outcome_of(status);
}

}  // namespace nexa::io
