#include "io/sandbox_arguments.hpp"

#include <filesystem>
#include <initializer_list>
#include <system_error>

namespace nexa::io {

namespace {

namespace fs = std::filesystem;

constexpr const char* program_inside = "/program";
constexpr const char* nobody_inside = "65534";

class Arguments {
 public:
  void add(std::initializer_list<std::string> words) { words_.insert(words_.end(), words); }
  [[nodiscard]] std::vector<std::string> take() { return std::move(words_); }

 private:
  std::vector<std::string> words_;
};

/// Debian's /bin, /lib and so on are links into /usr; elsewhere they may be folders.
void add_system_folders(Arguments& arguments) {
  arguments.add({"--ro-bind", "/usr", "/usr"});
  for (const char* const name : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
    std::error_code error;
    const fs::path target = fs::read_symlink(name, error);
    if (!error) {
      arguments.add({"--symlink", target.string(), name});
    } else if (fs::is_directory(name, error)) {
      arguments.add({"--ro-bind", name, name});
    }
  }
  // By these awk and the numeric libraries are found.
  for (const char* const name : {"/etc/alternatives", "/etc/ld.so.cache"}) {
    arguments.add({"--ro-bind-try", name, name});
  }
}

}  // namespace

std::vector<std::string> sandbox_arguments(const SandboxRun& run) {
  Arguments arguments;
  arguments.add({"--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent",
                 "--new-session", "--cap-drop", "ALL", "--uid", nobody_inside, "--gid",
                 nobody_inside, "--hostname", "sandbox"});
  arguments.add({"--json-status-fd", std::to_string(sandbox_status_fd), "--block-fd",
                 std::to_string(sandbox_block_fd)});
  arguments.add({"--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/tmp",
                 "--setenv", "LC_ALL", "C.UTF-8"});
  for (const char* const threads : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}) {
    arguments.add({"--setenv", threads, "1"});
  }
  add_system_folders(arguments);
  arguments.add({"--proc", "/proc", "--dev", "/dev", "--size",
                 std::to_string(run.limits.disk_bytes), "--tmpfs", "/tmp"});
  for (const SandboxInput& input : run.inputs) {
    arguments.add({"--ro-bind", input.path, input.inside});
  }
  arguments.add(
      {"--perms", "0555", "--ro-bind-data", std::to_string(sandbox_program_fd), program_inside});
  // What bubblewrap itself makes lies in memory and would otherwise be room without a limit.
  arguments.add({"--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp", "--",
                 sandbox_launcher, program_inside});
  for (const std::string& argument : run.arguments) arguments.add({argument});
  return arguments.take();
}

}  // namespace nexa::io
