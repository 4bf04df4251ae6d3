#pragma once

#include <string>

#include "cli/command.hpp"
#include "core/result.hpp"

namespace nexa::io {
class Diagnostics;
}

namespace nexa::cli {

/// `invalid_argument`, `not_found` …: the `code` of the JSON form.
const char* to_string(core::ErrorCode code);

/// What a command that ends with such an error exits with.
int exit_code_of(core::ErrorCode code);

/// `file:line:column: error: message`, with `     = help: hint` below it where there is a hint.
/// Parts of the place that are unknown are left out; without a file the program's name stands
/// there.
std::string error_text(const core::Error& error);

/// `{"error":{"code","message","where","hint"}}`, the document that replaces a result.
std::string error_json(const core::Error& error);

/// Prints the error for a person on standard error, or with --json as a document on standard
/// output, and gives the exit code of the command.
int report_error(const core::Error& error, const GlobalOptions& options);

/// The same for all errors of the files that were read; there must be one. The JSON form lists
/// them under `error.all`.
int report_errors(const io::Diagnostics& diagnostics, const GlobalOptions& options);

}  // namespace nexa::cli
