#pragma once

#include <array>
#include <cstdio>
#include <string>

namespace nexa::io::testing {

/// What a program said and how it ended.
struct Foreign {
  int status = -1;
  std::string output;

  /// Whether the shell finds a program of this name.
  static bool has(const std::string& program);
};

/// Runs a command of the shell; its standard error goes with its output.
inline Foreign run(const std::string& command) {
  Foreign result;
  FILE* pipe = ::popen(("( " + command + " ) 2>&1").c_str(), "r");
  if (pipe == nullptr) return result;
  std::array<char, 4096> buffer{};
  for (std::size_t count = 0; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    result.output.append(buffer.data(), count);
  }
  result.status = ::pclose(pipe);
  return result;
}

inline bool Foreign::has(const std::string& program) {
  return run("command -v " + program).status == 0;
}

}  // namespace nexa::io::testing
