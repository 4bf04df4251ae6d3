#pragma once

#include <string_view>

namespace nexa::cli {

/// The release that was built, e.g. "0.1.0".
std::string_view build_version();

/// The commit that was built: 12 hexadecimal digits, followed by "-dirty" where a tracked file
/// differed from it; "unknown" where the sources were no working copy of the repository.
std::string_view build_commit();

/// The compiler with its version and the kind of build, e.g. "GNU 12.2.0 (Release)".
std::string_view build_compiler();

}  // namespace nexa::cli
