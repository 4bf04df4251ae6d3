#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/request.hpp"

namespace nexa::core {

/// One job of a recorded or generated workload. Small, since a workload holds millions.
struct WorkloadJob {
  Time submit{};        ///< since the first submission
  Duration run_time{};  ///< on a node of reference speed
  Duration time_limit{};
  std::uint32_t slots = 1;
  std::uint32_t request_class = 0;  ///< index into `Workload::request_classes`
  std::uint32_t user = 0;           ///< as numbered by the source
  std::uint32_t number = 0;         ///< as numbered by the source
};

/// What a reader mended in a workload file, and how often.
struct Repair {
  std::string what;  ///< e.g. "run time <= 0: line dropped"
  std::uint64_t count = 0;
  std::uint64_t first_line = 0;  ///< where it happened first
};

/// A list of jobs in order of submission (ties in order of the source).
struct Workload {
  std::vector<WorkloadJob> jobs;
  /// Requests that jobs share; `slots` of these is ignored in favour of the job's own.
  std::vector<Request> request_classes;
  std::vector<Repair> repairs;
  std::uint64_t lines_read = 0;
  /// Header lines `; Key: value` in order, with their keys, for provenance.
  std::vector<std::pair<std::string, std::string>> header;

  [[nodiscard]] Request request_of(const WorkloadJob& job) const {
    Request request = request_classes[job.request_class];
    request.slots = job.slots;
    return request;
  }
};

}  // namespace nexa::core
