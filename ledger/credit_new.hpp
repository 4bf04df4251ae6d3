#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

/// BOINC's CreditNew, for comparison with the other rewards: the one place of the ledger where
/// real numbers stand for an amount, as they do in BOINC. They become micro-credits at the very end
/// (`ledger/policies/credit_new.cpp`).
/// Source: BOINC, sched/credit.cpp, sched/credit.h, lib/average.h, lib/util.cpp (update_average).
namespace nexa::ledger::credit_new {

/// Cobblestones per floating-point operation: 200 for a day at 10^9 a second.
inline constexpr double cobblestone_scale = 200 / 86400e9;

/// sum x (S - x) / ((n - 1) S), S the sum of all: an average in which high values weigh less.
/// One value is its own average, none or zeros give zero.
double low_average(std::span<const double> values);

/// The average of `values` with weights 1 / (a/10 + |a - x|): what is far from `anchor` weighs
/// less. `anchor` is above zero; no values give the anchor.
double pegged_average(std::span<const double> values, double anchor);

/// How an average follows its samples.
struct AverageRule {
  double threshold;  ///< plain average up to so many samples, exponential after them
  double weight;     ///< of a sample in the exponential average
  double limit;      ///< a sample counts for at most the average times this
};
inline constexpr AverageRule host_rule{20, .01, 10};
inline constexpr AverageRule version_rule{100, .001, 10};

struct Average {
  double n = 0;
  double mean = 0;
  /// True if the sample was cut off at the limit.
  bool update(double sample, const AverageRule& rule);
};

/// Recent average credit, in credit per day, that halves in each half-life without work.
struct RecentAverage {
  double value = 0;
  double at_s = 0;  ///< of the last update; zero: none yet
  void update(double now_s, double work_start_s, double work, double half_life_s);
};
inline constexpr double credit_half_life_s = 7 * 86400.0;

/// A result as its host reports it, which is the weakness of the method.
struct Claim {
  std::uint32_t host = 0;
  std::uint32_t version = 0;
  bool on_gpu = false;
  double elapsed_s = 0;
  double flops = 0;  ///< estimated peak, per second
  std::uint32_t valid_in_a_row = 0;
};

struct JobEstimate {
  std::uint32_t application = 0;
  double flop = 3600e9;   ///< the estimate; above zero
  double flop_bound = 0;  ///< zero: none
};

enum class Mode : std::uint8_t {
  normal,   ///< scaled by version and by host
  approx,   ///< one of the scales is not known yet
  invalid,  ///< above the most that is granted; ignored
};

/// A claim after scaling, in floating-point operations.
struct Scaled {
  double flop = 0;
  Mode mode = Mode::approx;
};

/// The averages that claims are scaled by, learnt from claims. Deterministic; the order of calls
/// matters. Cost: logarithmic in the hosts and versions known.
class CreditNew {
 public:
  struct Rules {
    double max_granted_credit = 0;  ///< zero: no limit
    bool host_scale_check = true;   ///< hosts are scaled from ten valid results in a row on
    bool from_runtime = false;      ///< `low_average` in place of the pegged one
  };

  explicit CreditNew(const Rules& rules) : rules_(rules) {}

  /// Scales one claim. The average of its host learns from it at once, that of its version with the
  /// end of `grant`, as BOINC writes versions after it has looked at all results of a job.
  Scaled scale(const JobEstimate& job, const Claim& claim);

  /// The credit that each of the valid results of a job is granted, in Cobblestones; at least one
  /// claim. Scales them in their order.
  double grant(const JobEstimate& job, std::span<const Claim> claims);

  /// Recomputes the scales of all versions and the average of each application, which BOINC's
  /// feeder does every few minutes.
  void rescale();

  struct Version {
    Average claimed;   ///< claimed over estimated work
    double scale = 0;  ///< zero: not known yet
    bool on_gpu = false;
  };

  /// Averages as if they had been learnt: from elsewhere, or for a test.
  Version& version(std::uint32_t application, std::uint32_t version);
  Average& host(std::uint32_t host, std::uint32_t application, std::uint32_t version);
  /// The mean claimed over estimated work; zero: not known yet.
  double& application_average(std::uint32_t application);

 private:
  using VersionKey = std::pair<std::uint32_t, std::uint32_t>;
  using HostKey = std::pair<std::uint32_t, VersionKey>;

  double host_scale(const Version& version, const Average& host, const Claim& claim) const;
  static double combine(std::vector<double> normal, const std::vector<double>& approx,
                        double anchor);

  Rules rules_;
  std::map<VersionKey, Version> versions_;
  std::map<HostKey, Average> hosts_;
  std::map<std::uint32_t, double> applications_;
  std::vector<std::pair<VersionKey, double>> samples_;  // that versions have still to learn
};

}  // namespace nexa::ledger::credit_new
