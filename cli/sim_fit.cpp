#include "cli/sim_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "io/byte_source.hpp"
#include "io/line_reader.hpp"

namespace nexa::cli {

namespace {

constexpr std::size_t processors_field = 7;  // counted from 0
constexpr std::size_t longest_line = std::size_t{64} << 10;

bool may_host(const core::NodeSpec& node, const core::Request& request) {
  return ((request.tiers >> node.tier.value) & 1U) != 0 &&
         (request.gpu_type == core::GpuTypeId{} || request.gpu_type == node.gpu_type) &&
         node.capacity.contains(request.per_slot);
}

std::uint64_t slots_on(const core::Platform& platform, const core::Request& request) {
  std::uint64_t slots = 0;
  for (const core::NodeGroup& group : platform.groups) {
    if (!may_host(group.spec, request)) continue;
    const std::uint64_t per_node = request.sharing == core::Sharing::whole_nodes
                                       ? 1
                                       : slots_that_fit(group.spec.capacity, request.per_slot);
    slots += per_node * group.count;
  }
  return slots;
}

/// Where the field of that position starts, or the end of the line.
std::size_t field_start(std::string_view line, std::size_t field) {
  constexpr std::string_view blanks = " \t\r";
  std::size_t at = line.find_first_not_of(blanks);
  for (; field > 0 && at != std::string_view::npos; --field) {
    at = line.find_first_not_of(blanks, line.find_first_of(blanks, at));
  }
  return std::min(at, line.size());
}

bool is_job(std::string_view line, std::uint32_t number) {
  const std::size_t start = field_start(line, 0);
  std::uint32_t found = 0;
  const auto parsed = std::from_chars(line.data() + start, line.data() + line.size(), found);
  return parsed.ec == std::errc{} && found == number;
}

}  // namespace

MisfitJobs find_misfits(const core::Workload& workload, const core::Platform& platform) {
  std::vector<std::uint64_t> capacity;
  capacity.reserve(workload.request_classes.size());
  for (const core::Request& request : workload.request_classes) {
    capacity.push_back(slots_on(platform, request));
  }
  MisfitJobs misfits;
  for (std::size_t i = 0; i < workload.jobs.size(); ++i) {
    const core::WorkloadJob& job = workload.jobs[i];
    if (job.slots <= capacity[job.request_class]) continue;
    if (misfits.count++ == 0) {
      misfits.first = i;
      misfits.slots_at_most = capacity[job.request_class];
    }
  }
  return misfits;
}

std::string misfit_message(const MisfitJobs& misfits, const core::Workload& workload,
                           const core::Platform& platform) {
  const core::WorkloadJob& job = workload.jobs[misfits.first];
  return fmt::format("job {} needs {} slots at once, platform '{}' has room for {}", job.number,
                     job.slots, platform.name, misfits.slots_at_most);
}

core::Error misfit_error(const MisfitJobs& misfits, const core::Workload& workload,
                         const core::Platform& platform, const std::string& trace) {
  const bool all = misfits.count == workload.jobs.size();
  std::string hint = all ? "none of the jobs can ever run there; take a larger platform"
                         : fmt::format(
                               "{} of the jobs can never run there; take a larger platform, "
                               "or leave strict mode to have them rejected and counted",
                               misfits.count);
  return {.code = core::ErrorCode::unsatisfiable,
          .message = misfit_message(misfits, workload, platform),
          .hint = std::move(hint),
          .where = find_job_line(trace, workload.jobs[misfits.first].number)};
}

core::SourcePos find_job_line(const std::string& trace, std::uint32_t number) {
  core::SourcePos where{.file = trace, .line = 0, .column = 0};
  auto source = io::open_bytes(trace);
  if (!source) return where;
  io::LineReader lines(std::move(*source), longest_line);
  std::string line;
  for (auto more = lines.next(line); more && *more; more = lines.next(line)) {
    if (line.starts_with(';') || !is_job(line, number)) continue;
    where.line = static_cast<int>(lines.number());
    where.column = static_cast<int>(field_start(line, processors_field)) + 1;
    return where;
  }
  return where;
}

}  // namespace nexa::cli
