#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace nexa::validator::compare {

/// What the signed residuals a - b of one part of a result look like, in units of the tolerance.
struct Residuals {
  std::uint64_t count = 0;
  double mean = 0;
  double standard_deviation = 0;  ///< of the sample; 0 for less than two values
  /// |mean| in standard errors, |mean| / (standard_deviation / sqrt(count)). Infinite where all
  /// residuals are the same and not zero.
  double score = 0;

  /// The values stay inside the tolerance, but lean to one side by more than chance explains: at
  /// least 30 of them, more than 4 standard errors off. Values are taken as independent; those of
  /// a smooth field are not, so the flag is a reason to look and never a verdict.
  [[nodiscard]] bool is_biased() const { return count >= 30 && score > 4; }
};

/// Collects residuals one after another in constant memory. The result depends on the residuals and
/// their order alone, not on how they were handed over nor on the width of the machine's vectors:
/// sums are made of blocks of `block_size` in a fixed order, and blocks are merged as in Chan,
/// Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances"
/// (1979). Residuals with all signs changed give the same, with the sign of the mean changed.
class ResidualCollector {
 public:
  static constexpr std::size_t block_size = 1024;

  /// Where the next residuals are to be written, `room()` of them at most. They count from
  /// `commit()` on.
  [[nodiscard]] double* tail() { return block_.data() + fill_; }
  [[nodiscard]] std::size_t room() const { return block_size - fill_; }
  void commit(std::size_t count);

  void add(double residual) {
    *tail() = residual;
    commit(1);
  }
  /// As `add(0)` so many times; at most `room()`.
  void add_zeros(std::size_t count);

  [[nodiscard]] Residuals result() const;

 private:
  struct Moments {
    std::uint64_t count = 0;
    double mean = 0;
    double squares = 0;  ///< sum of squared distances from the mean
  };
  static Moments moments_of(const double* values, std::size_t count);
  static void merge(Moments& into, const Moments& other);

  Moments sum_;  ///< of all whole blocks
  std::size_t fill_ = 0;
  alignas(64) std::array<double, block_size> block_;  ///< the first `fill_` are set
};

}  // namespace nexa::validator::compare
