#pragma once

#include <string>

#include "cli/job_history.hpp"

namespace nexa::cli {

/// What `nexa replay --explain` prints: the life of a job, or with `at` its state at that time.
std::string history_text(const JobHistory& history, bool at);

/// The same as one document of schema `nexa.job_history/1`; times are microseconds.
std::string history_json(const JobHistory& history, bool at);

}  // namespace nexa::cli
