#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace nexa::cli {

/// A policy to be started: `kind` is `order`, `filter`, `score` or `backfill`.
struct NewPolicy {
  std::string name;
  std::string kind = "order";
  std::string folder = "scheduler/policies";
};

/// Whether a file and a C++ symbol can be called so, and no policy is yet.
core::Result<void> check_policy_name(std::string_view name);

/// The whole file: it compiles, does something sensible, and says what to change.
std::string policy_source(std::string_view name, std::string_view kind);

/// Writes the file and returns its path. Never replaces a file.
core::Result<std::string> write_new_policy(const NewPolicy& policy);

}  // namespace nexa::cli
