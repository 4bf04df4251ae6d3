#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "cli/command.hpp"
#include "core/time.hpp"
#include "simulator/simulation.hpp"

namespace nexa::cli {

/// Shows on standard error how far a simulation has come.
///
/// On a terminal: one line that is redrawn at most ten times a second, from half a second on.
/// Elsewhere: a plain line every 30 s. With `json`: a JSON line at most twice a second, for
/// programs that show their own. SIGUSR1 gives a plain line at once, whatever else was asked for.
class ProgressMeter {
 public:
  /// `how` is `auto`, `json` or `none`. `last_submit` is when the last job of the workload arrives.
  ProgressMeter(const std::string& how, const GlobalOptions& options, core::Time last_submit);
  ProgressMeter(const ProgressMeter&) = delete;
  ProgressMeter& operator=(const ProgressMeter&) = delete;
  /// Leaves the line on the terminal as it is and goes to the next.
  ~ProgressMeter();

  void update(const simulator::Progress& progress);
  /// The simulation is over; what follows is shown where the progress was.
  void next_phase(std::string_view what);

 private:
  using Clock = std::chrono::steady_clock;
  enum class Style { none, terminal, plain, json };

  static Style style_of(const std::string& how, const GlobalOptions& options);
  void show(Clock::time_point now, const simulator::Progress& progress);
  void learn_speed(Clock::time_point now, const simulator::Progress& progress);
  [[nodiscard]] std::string line(const simulator::Progress& progress, bool with_bar) const;
  void print_plain(const simulator::Progress& progress) const;
  void draw(const std::string& text);

  Style style_;
  bool color_;
  core::Time last_submit_;
  Clock::time_point begin_;
  Clock::time_point next_show_;
  Clock::time_point last_look_;
  simulator::Progress last_{};
  double jobs_per_second_ = 0;    ///< smoothed, for the estimate
  double events_per_second_ = 0;  ///< smoothed
  bool line_is_open_ = false;
};

/// `0:38`, `12:05`, `3:00:09`.
std::string clock_text(double seconds);

/// `950`, `12.3 k`, `2.1 M`.
std::string short_count(double count);

}  // namespace nexa::cli
