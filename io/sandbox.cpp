#include "io/sandbox.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

#include "io/posix_file.hpp"
#include "io/sandbox_arguments.hpp"

namespace nexa::io {

namespace {

using core::Error;
using core::ErrorCode;
using core::Result;
using Clock = std::chrono::steady_clock;

/// What the child exits with where it cannot even start bubblewrap.
constexpr int exit_unreadable_input = 121;
constexpr int exit_not_prepared = 122;

/// The user and the group of nobody on Debian.
constexpr unsigned nobody = 65534;

Error unsupported(std::string message, std::string hint) {
  return {.code = ErrorCode::unsupported,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {}};
}

Error not_executable(const std::string& reason) {
  return unsupported("the program cannot be executed" + reason,
                     "it must be a program for this machine, or a script that starts with #! and "
                     "the path of an interpreter below /usr");
}

/// What is neither a script nor a program would be taken for a script of the shell.
bool looks_executable(core::Bytes program) {
  const auto starts_with = [&](std::string_view mark) {
    return program.size() >= mark.size() && std::equal(mark.begin(), mark.end(), program.begin());
  };
  return starts_with("#!") || starts_with("\x7f\x45LF");
}

std::string first_line_of(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::string find_bubblewrap() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in this program changes the environment.
  const char* const path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
  while (true) {
    const std::size_t end = rest.find(':');
    const std::string file = std::string(rest.substr(0, end)) + "/bwrap";
    if (file.front() == '/' && ::access(file.c_str(), X_OK) == 0) return file;
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
}

/// Moves a descriptor out of the way of those that the child gets.
FileDescriptor high(int fd) {
  const FileDescriptor low(fd);
  constexpr int lowest = 20;
  return FileDescriptor(fd < 0 ? -1 : ::fcntl(fd, F_DUPFD_CLOEXEC, lowest));
}

struct Channel {
  FileDescriptor ours;
  FileDescriptor theirs;

  /// Through which they say something.
  bool open_pipe() {
    std::array<int, 2> ends{-1, -1};
    return ::pipe2(ends.data(), O_CLOEXEC) == 0 && keep(ends);
  }
  /// To which we can write without being killed by a signal.
  bool open_sockets() {
    std::array<int, 2> ends{-1, -1};
    return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0 && keep(ends);
  }

 private:
  bool keep(const std::array<int, 2>& ends) {
    ours = high(ends[0]);
    theirs = high(ends[1]);
    return ours.is_open() && theirs.is_open();
  }
};

FileDescriptor memory_file(core::Bytes bytes) {
  FileDescriptor file = high(::memfd_create("program", MFD_CLOEXEC));
  while (file.is_open() && !bytes.empty()) {
    const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return FileDescriptor();
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  if (file.is_open() && ::lseek(file.get(), 0, SEEK_SET) != 0) return FileDescriptor();
  return file;
}

/// All that the child needs, made before it exists: behind fork() it may not allocate.
struct Launch {
  std::string command;
  std::vector<std::string> arguments;
  std::vector<char*> argument_pointers;
  const SandboxRun* run = nullptr;
  Channel output, errors, status, block;
  FileDescriptor program;
  FileDescriptor nothing;
  bool drop_root = false;
};

bool become_nobody() {
  return ::setgroups(0, nullptr) == 0 && ::setresgid(nobody, nobody, nobody) == 0 &&
         ::setresuid(nobody, nobody, nobody) == 0;
}

[[noreturn]] void run_child(const Launch& launch) {
  const std::array<std::pair<int, int>, 6> descriptors{
      {{launch.nothing.get(), STDIN_FILENO},
       {launch.output.theirs.get(), STDOUT_FILENO},
       {launch.errors.theirs.get(), STDERR_FILENO},
       {launch.status.theirs.get(), sandbox_status_fd},
       {launch.block.theirs.get(), sandbox_block_fd},
       {launch.program.get(), sandbox_program_fd}}};
  for (const auto& [from, to] : descriptors) {
    if (::dup2(from, to) < 0) ::_exit(exit_not_prepared);
  }
  ::syscall(SYS_close_range, sandbox_program_fd + 1, ~0U, 0U);
  if (launch.drop_root && !become_nobody()) ::_exit(exit_not_prepared);
  for (const SandboxInput& input : launch.run->inputs) {
    if (::access(input.path.c_str(), R_OK) != 0) ::_exit(exit_unreadable_input);
  }
  sigset_t no_signals;
  ::sigemptyset(&no_signals);
  ::sigprocmask(SIG_SETMASK, &no_signals, nullptr);
  std::array<char*, 1> no_environment{nullptr};
  ::execve(launch.command.c_str(), launch.argument_pointers.data(), no_environment.data());
  ::_exit(exit_not_prepared);
}

/// The number behind a key of bubblewrap's status, which is JSON of its own making.
std::optional<int> status_number(std::string_view status, std::string_view key) {
  const std::size_t at = status.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  status.remove_prefix(at + key.size());
  status.remove_prefix(std::min(status.find_first_not_of("\": "), status.size()));
  int number = 0;
  const auto [stop, error] = std::from_chars(status.data(), status.data() + status.size(), number);
  // Without a character behind it the number may not be all there yet.
  if (error != std::errc{} || stop == status.data() + status.size()) return std::nullopt;
  return number;
}

/// Sets the limits of the process that will become the program. They are set from outside once it
/// has its own user namespace, in which its processes are counted apart from those of its user.
bool set_limits(pid_t process, const SandboxLimits& limits) {
  const std::array<std::pair<__rlimit_resource, rlim_t>, 6> all{{{RLIMIT_CPU, limits.cpu_s},
                                                                 {RLIMIT_AS, limits.memory_bytes},
                                                                 {RLIMIT_FSIZE, limits.disk_bytes},
                                                                 {RLIMIT_NOFILE, limits.open_files},
                                                                 {RLIMIT_NPROC, limits.processes},
                                                                 {RLIMIT_CORE, 0}}};
  return std::all_of(all.begin(), all.end(), [&](const auto& limit) {
    rlimit now{};
    if (::prlimit(process, limit.first, nullptr, &now) != 0) return false;
    // Where this process itself is limited, its programs are too.
    const rlim_t most = std::min(limit.second, now.rlim_max);
    const rlimit value{most, most};
    return ::prlimit(process, limit.first, &value, nullptr) == 0;
  });
}

/// The same by a process of the user `nobody`: root may not have the right to limit others.
bool set_limits_as_nobody(pid_t process, const SandboxLimits& limits) {
  const pid_t helper = ::fork();
  if (helper < 0) return false;
  if (helper == 0) ::_exit(become_nobody() && set_limits(process, limits) ? 0 : 1);
  int status = 0;
  while (::waitpid(helper, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// A handle of a process, which never means another one that got its number later.
FileDescriptor handle_of(pid_t process) {
  return FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, process, 0U)));
}

/// A running bubblewrap.
class Watch {
 public:
  Watch(Launch& launch, pid_t process, Clock::time_point deadline)
      : launch_(launch), limits_(launch.run->limits), process_(process), deadline_(deadline) {}

  /// Reads what the program says until all of its processes have ended, by themselves or not.
  void run() {
    std::array<pollfd, 3> polled{{{launch_.output.ours.get(), POLLIN, 0},
                                  {launch_.errors.ours.get(), POLLIN, 0},
                                  {launch_.status.ours.get(), POLLIN, 0}}};
    std::array<std::string*, 3> texts{&outcome_.output, &outcome_.errors, &status_};
    while (std::any_of(polled.begin(), polled.end(), [](const pollfd& p) { return p.fd >= 0; })) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
      constexpr long long longest = 60'000;
      const auto wait = static_cast<int>(std::clamp<long long>(left + 1, 0, longest));
      const int ready = ::poll(polled.data(), polled.size(), wait);
      if (ready < 0 && errno != EINTR) break;
      if (Clock::now() >= deadline_) {
        if (killed_) break;
        kill(SandboxEnd::wall_limit);
      }
      for (std::size_t i = 0; ready > 0 && i < polled.size(); ++i) {
        if (polled[i].revents != 0 && !read_some(polled[i].fd, *texts[i])) polled[i].fd = -1;
      }
      start_if_ready();
    }
    while (::waitpid(process_, &wait_status_, 0) < 0 && errno == EINTR) {
    }
  }

  Result<SandboxOutcome> result() {
    if (is_started_ && !limits_are_set_) {
      return unsupported("the limits of the sandbox cannot be set",
                         "the kernel must allow a user to limit the processes of the same user");
    }
    if (killed_) return std::move(outcome_);
    const auto code = status_number(status_, "exit-code");
    if (!code || outcome_.errors.starts_with("bwrap: ")) return not_started();
    if ((*code == 126 || *code == 127) && outcome_.errors.starts_with(sandbox_launcher)) {
      return not_executable(": " + first_line_of(outcome_.errors));
    }
    outcome_.exit_code = *code;
    return std::move(outcome_);
  }

 private:
  bool read_some(int fd, std::string& text) {
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    if (count <= 0) return false;
    const std::size_t most = limits_.output_bytes;
    const std::size_t room = most - std::min<std::size_t>(most, text.size());
    text.append(buffer.data(), std::min(room, static_cast<std::size_t>(count)));
    if (room < static_cast<std::size_t>(count)) kill(SandboxEnd::output_limit);
    return true;
  }

  void kill(SandboxEnd reason) {
    outcome_.end = reason;
    kill();
  }

  /// With the first process of the sandbox the kernel kills all of its processes.
  void kill() {
    if (killed_) return;
    killed_ = true;
    // The kernel needs a moment for what has much memory; it is not waited for without end.
    deadline_ = Clock::now() + std::chrono::seconds(10);
    if (first_.is_open()) ::syscall(SYS_pidfd_send_signal, first_.get(), SIGKILL, nullptr, 0U);
    ::kill(process_, SIGKILL);
  }

  void start_if_ready() {
    if (is_started_ || killed_) return;
    const auto child = status_number(status_, "child-pid");
    if (!child) return;
    is_started_ = true;
    first_ = handle_of(*child);
    limits_are_set_ = first_.is_open() && (launch_.drop_root ? set_limits_as_nobody(*child, limits_)
                                                             : set_limits(*child, limits_));
    // Bubblewrap goes on at the first byte. It would at the end of the connection too, so without
    // limits it must be dead before that.
    if (limits_are_set_) {
      ::send(launch_.block.ours.get(), "x", 1, MSG_NOSIGNAL);
    } else {
      kill();
    }
  }

  [[nodiscard]] Error not_started() const {
    if (WIFEXITED(wait_status_) && WEXITSTATUS(wait_status_) == exit_unreadable_input) {
      return unsupported(launch_.drop_root ? "the user 'nobody' cannot read the results"
                                           : "the results cannot be read",
                         "root's checkers run as nobody: make the results readable for all, or "
                         "compare them as an ordinary user");
    }
    std::string said = first_line_of(outcome_.errors);
    if (said.empty()) said = "bubblewrap ended without a word";
    return unsupported("the sandbox cannot be set up: " + said,
                       "the kernel must allow user namespaces (user.max_user_namespaces, "
                       "kernel.unprivileged_userns_clone); containers often forbid them");
  }

  Launch& launch_;
  SandboxLimits limits_;
  pid_t process_;
  FileDescriptor first_;  ///< a handle of the first process of the sandbox
  Clock::time_point deadline_;
  SandboxOutcome outcome_;
  std::string status_;
  int wait_status_ = 0;
  bool is_started_ = false;
  bool limits_are_set_ = false;
  bool killed_ = false;
};

Result<void> prepare(const SandboxRun& run, Launch& launch) {
  launch.run = &run;
  launch.command = find_bubblewrap();
  if (launch.command.empty()) {
    return unsupported("bubblewrap (bwrap) was not found",
                       "install Debian's package 'bubblewrap'; programs of others are never run "
                       "without it");
  }
  launch.drop_root = ::geteuid() == 0;
  launch.arguments = sandbox_arguments(run);
  launch.arguments.insert(launch.arguments.begin(), "bwrap");
  for (std::string& argument : launch.arguments) {
    launch.argument_pointers.push_back(argument.data());
  }
  launch.argument_pointers.push_back(nullptr);
  launch.program = memory_file(run.program);
  launch.nothing = high(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const bool is_open = launch.output.open_pipe() && launch.errors.open_pipe() &&
                       launch.status.open_pipe() && launch.block.open_sockets() &&
                       launch.program.is_open() && launch.nothing.is_open();
  if (!is_open) return system_error("open the pipes of", launch.command, errno);
  return {};
}

}  // namespace

Result<SandboxOutcome> run_sandboxed(const SandboxRun& run) {
  if (!looks_executable(run.program)) return not_executable({});
  Launch launch;
  if (auto status = prepare(run, launch); !status) return status.error();
  const Clock::time_point deadline = Clock::now() + run.limits.wall;
  const pid_t process = ::fork();
  if (process < 0) return system_error("start", launch.command, errno);
  if (process == 0) run_child(launch);
  for (Channel* const channel : {&launch.output, &launch.errors, &launch.status, &launch.block}) {
    channel->theirs.reset(-1);
  }
  Watch watch(launch, process, deadline);
  watch.run();
  return watch.result();
}

}  // namespace nexa::io
