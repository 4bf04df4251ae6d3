#include "validator/compare/residuals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/assert.hpp"
#include "validator/compare/lanes.hpp"

namespace nexa::validator::compare {

namespace {

Eigen::Index lane_of(std::size_t index) {
  return static_cast<Eigen::Index>(index % lane_count);
}

}  // namespace

void ResidualCollector::commit(std::size_t count) {
  NEXA_ASSERT(count <= room(), "residuals are committed where they were written");
  fill_ += count;
  if (fill_ < block_size) return;
  merge(sum_, moments_of(block_.data(), block_size));
  fill_ = 0;
}

void ResidualCollector::add_zeros(std::size_t count) {
  NEXA_ASSERT(count <= room(), "zeros are added where there is room");
  if (fill_ == 0 && count == block_size) {
    merge(sum_, {.count = block_size, .mean = 0, .squares = 0});
    return;
  }
  std::fill_n(tail(), count, 0.0);
  commit(count);
}

ResidualCollector::Moments ResidualCollector::moments_of(const double* values, std::size_t count) {
  if (count == 0) return {};
  const std::size_t whole = count - count % lane_count;
  Lanes sums = Lanes::Zero();
  for (std::size_t i = 0; i < whole; i += lane_count) sums += lanes_at(values + i);
  for (std::size_t i = whole; i < count; ++i) sums[lane_of(i)] += values[i];
  const double mean = total(sums) / static_cast<double>(count);
  sums.setZero();
  for (std::size_t i = 0; i < whole; i += lane_count) {
    const Lanes apart = lanes_at(values + i) - mean;
    sums += apart * apart;
  }
  for (std::size_t i = whole; i < count; ++i) {
    sums[lane_of(i)] += (values[i] - mean) * (values[i] - mean);
  }
  return {.count = count, .mean = mean, .squares = total(sums)};
}

void ResidualCollector::merge(Moments& into, const Moments& other) {
  if (other.count == 0) return;
  const auto mine = static_cast<double>(into.count);
  const auto theirs = static_cast<double>(other.count);
  const double apart = other.mean - into.mean;
  const double share = theirs / (mine + theirs);
  into.count += other.count;
  into.mean += apart * share;
  into.squares += other.squares + apart * apart * mine * share;
}

Residuals ResidualCollector::result() const {
  Moments all = sum_;
  merge(all, moments_of(block_.data(), fill_));
  Residuals found{.count = all.count, .mean = all.mean, .standard_deviation = 0, .score = 0};
  const auto count = static_cast<double>(all.count);
  if (all.count >= 2) found.standard_deviation = std::sqrt(all.squares / (count - 1));
  if (all.mean == 0 || all.count < 2) return found;
  found.score = found.standard_deviation == 0
                    ? std::numeric_limits<double>::infinity()
                    : std::abs(all.mean) / (found.standard_deviation / std::sqrt(count));
  return found;
}

}  // namespace nexa::validator::compare
