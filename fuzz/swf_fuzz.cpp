// Feeds arbitrary bytes to the reader of SWF logs, as they are and as gzip data, in both modes.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "io/swf.hpp"

namespace {

using nexa::core::Result;
using nexa::core::Workload;
using nexa::core::WorkloadJob;

void require(bool condition) {
  if (!condition) std::abort();
}

/// What holds for every workload, wherever it comes from.
void check(const Result<Workload>& result) {
  if (!result) {
    require(!result.error().message.empty());
    require(result.error().where.file == "fuzz.swf");
    return;
  }
  const Workload& workload = *result;
  require(!workload.jobs.empty());
  require(workload.jobs.front().submit == nexa::core::Time{});
  require(std::is_sorted(
      workload.jobs.begin(), workload.jobs.end(),
      [](const WorkloadJob& a, const WorkloadJob& b) { return a.submit < b.submit; }));
  for (const WorkloadJob& job : workload.jobs) {
    require(job.run_time.count() > 0 && job.time_limit >= job.run_time && job.slots > 0);
    require(job.request_class < workload.request_classes.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  nexa::io::SwfOptions options;
  options.strict = (data[0] & 1) != 0;
  options.use_memory = (data[0] & 2) != 0;
  options.first = (data[0] & 4) != 0 ? 3 : 0;
  options.max_processors = (data[0] & 8) != 0 ? 100 : 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto source = nexa::io::memory_bytes(bytes, "fuzz.swf");
  if ((data[0] & 16) != 0) source = nexa::io::inflate_gzip(std::move(source));
  check(nexa::io::read_swf(*source, options));
  return 0;
}
