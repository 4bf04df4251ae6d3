#include "io/secrets.hpp"

#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <system_error>

namespace nexa::io {
namespace {

std::string reason() {
  return std::generic_category().message(errno);
}

}  // namespace

std::vector<std::string> protect_secrets() {
  std::vector<std::string> warnings;
  const rlimit no_core{0, 0};
  if (::setrlimit(RLIMIT_CORE, &no_core) != 0) {
    warnings.push_back("core dumps cannot be switched off: " + reason() +
                       "; a crash could write the key to disk");
  }
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    warnings.push_back("the memory cannot be closed to other processes: " + reason() +
                       "; they could read the key");
  }
  return warnings;
}

validator::LogKey job_log_key(std::span<const std::uint8_t, 32> master, std::uint64_t job) {
  static_assert(crypto_kdf_KEYBYTES == 32 && crypto_kdf_CONTEXTBYTES == 8);
  validator::LogKey key{};
  crypto_kdf_derive_from_key(key.data(), key.size(), job, "nexalog1", master.data());
  return key;
}

}  // namespace nexa::io
