#include "ledger/work_calibration.hpp"

#include <algorithm>
#include <vector>

#include "ledger/amount.hpp"

namespace nexa::ledger {
namespace {

constexpr Amount million = 1'000'000;
constexpr Amount most_work = Amount{1} << 62;

}  // namespace

WorkCalibration::WorkCalibration(std::size_t samples) : kept_(std::max<std::size_t>(samples, 1)) {}

core::Result<void> WorkCalibration::add(std::uint32_t application, std::uint64_t size,
                                        core::Duration core_time, std::uint32_t speed_permille) {
  if (size == 0 || speed_permille == 0 || core_time < core::Duration{}) {
    return core::Error{.code = core::ErrorCode::invalid_argument,
                       .message = "a sample of size " + std::to_string(size) + " at speed " +
                                  std::to_string(speed_permille) + " in " +
                                  std::to_string(core_time.count()) + " us",
                       .hint = "size and speed are at least 1, and no time is negative",
                       .where = {}};
  }
  // Microseconds on a core of reference speed are millionths of a unit.
  const Amount work = static_cast<Amount>(core_time.count()) * speed_permille / 1000;
  const Amount ratio = std::min(work * million / size, Amount{UINT64_MAX});
  Ratios& ratios = applications_[application];
  ratios.push_back(static_cast<std::uint64_t>(ratio));
  if (ratios.size() > kept_) ratios.pop_front();
  return {};
}

std::optional<std::int64_t> WorkCalibration::work(std::uint32_t application,
                                                  std::uint64_t size) const {
  const auto found = applications_.find(application);
  if (found == applications_.end()) return std::nullopt;
  std::vector<std::uint64_t> sorted(found->second.begin(), found->second.end());
  std::sort(sorted.begin(), sorted.end());
  const Amount work = Amount{sorted[(sorted.size() - 1) / 2]} * size / million;
  return static_cast<std::int64_t>(std::min(work, most_work));
}

std::size_t WorkCalibration::samples(std::uint32_t application) const {
  const auto found = applications_.find(application);
  return found == applications_.end() ? 0 : found->second.size();
}

}  // namespace nexa::ledger
