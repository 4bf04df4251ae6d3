#include "cli/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "cli/color.hpp"
#include "cli/stop_signals.hpp"

namespace nexa::cli {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_shown_after{500};
constexpr milliseconds terminal_interval{100};
constexpr milliseconds json_interval{500};
constexpr milliseconds plain_interval{30'000};
constexpr double seconds_per_day = 86'400;
constexpr int bar_width = 14;
constexpr unsigned width_for_bar = 84;
constexpr double weight_of_new_speed = 0.2;

unsigned terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80U;
}

double share_done(const simulator::Progress& progress) {
  if (progress.jobs_total == 0) return 0;
  return static_cast<double>(progress.jobs_submitted) / static_cast<double>(progress.jobs_total);
}

std::string bar(double share, bool color) {
  const int halves = static_cast<int>(share * 2 * bar_width);
  std::string done;
  std::string open;
  for (int i = 0; i < bar_width; ++i) {
    if (2 * i + 1 < halves) {
      done += "━";
    } else if (2 * i + 1 == halves) {
      done += "╸";
    } else {
      open += "─";
    }
  }
  return color ? "\033[36m" + done + "\033[0m" + open : done + open;
}

milliseconds interval_of(bool terminal, bool json) {
  if (terminal) return terminal_interval;
  return json ? json_interval : plain_interval;
}

}  // namespace

std::string clock_text(double seconds) {
  const std::int64_t whole = std::llround(std::max(0.0, seconds));
  if (whole >= 3600) {
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  }
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string short_count(double count) {
  if (count >= 999.5e6) return fmt::format("{:.1f} G", count / 1e9);
  if (count >= 999.5e3) return fmt::format("{:.1f} M", count / 1e6);
  if (count >= 999.5) return fmt::format("{:.1f} k", count / 1e3);
  return fmt::format("{:.0f}", count);
}

ProgressMeter::Style ProgressMeter::style_of(const std::string& how, const GlobalOptions& options) {
  if (how == "json") return Style::json;
  if (how == "none" || options.quiet) return Style::none;
  const char* const ci = std::getenv("CI");
  if (ci != nullptr && *ci != '\0') return Style::none;
  return ::isatty(STDERR_FILENO) == 1 ? Style::terminal : Style::plain;
}

ProgressMeter::ProgressMeter(const std::string& how, const GlobalOptions& options,
                             core::Time last_submit)
    : style_(style_of(how, options)),
      color_(wants_color(options.color, STDERR_FILENO)),
      last_submit_(last_submit),
      begin_(Clock::now()),
      next_show_(begin_ + (style_ == Style::plain ? plain_interval : first_shown_after)),
      last_look_(begin_) {}

ProgressMeter::~ProgressMeter() {
  if (line_is_open_) std::fputc('\n', stderr);
}

void ProgressMeter::update(const simulator::Progress& progress) {
  const Clock::time_point now = Clock::now();
  learn_speed(now, progress);
  if (StopSignals::take_status_request()) print_plain(progress);
  if (style_ == Style::none || now < next_show_) return;
  next_show_ = now + interval_of(style_ == Style::terminal, style_ == Style::json);
  show(now, progress);
}

void ProgressMeter::learn_speed(Clock::time_point now, const simulator::Progress& progress) {
  const double seconds = std::chrono::duration<double>(now - last_look_).count();
  if (now - last_look_ < terminal_interval) return;
  const double jobs = static_cast<double>(progress.jobs_submitted - last_.jobs_submitted) / seconds;
  const double events = static_cast<double>(progress.events - last_.events) / seconds;
  const double weight = events_per_second_ > 0 ? weight_of_new_speed : 1;
  jobs_per_second_ += weight * (jobs - jobs_per_second_);
  events_per_second_ += weight * (events - events_per_second_);
  last_look_ = now;
  last_ = progress;
}

void ProgressMeter::show(Clock::time_point now, const simulator::Progress& progress) {
  if (style_ == Style::plain) {
    print_plain(progress);
  } else if (style_ == Style::terminal) {
    draw(line(progress, terminal_width() >= width_for_bar));
  } else {
    const double elapsed = std::chrono::duration<double>(now - begin_).count();
    fmt::print(stderr,
               "{{\"schema\":\"nexa.progress/1\",\"phase\":\"sim\",\"share\":{:.4f},"
               "\"simulated_s\":{:.6f},\"jobs_submitted\":{},\"jobs\":{},\"events\":{},"
               "\"queue\":{},\"elapsed_s\":{:.3f}}}\n",
               share_done(progress), core::to_seconds(progress.now), progress.jobs_submitted,
               progress.jobs_total, progress.events, progress.queue_length, elapsed);
  }
}

std::string ProgressMeter::line(const simulator::Progress& progress, bool with_bar) const {
  const double share = share_done(progress);
  const double days = core::to_seconds(progress.now) / seconds_per_day;
  const double all_days = core::to_seconds(std::max(progress.now, last_submit_)) / seconds_per_day;
  std::string text = fmt::format("sim {:3.0f} % ", share * 100);
  if (with_bar) text += bar(share, color_) + "  ";
  text += fmt::format("{:.1f} of {:.1f} days  {} events/s  queue {}", days, all_days,
                      short_count(events_per_second_), progress.queue_length);
  if (jobs_per_second_ > 0) {
    const auto left = static_cast<double>(progress.jobs_total - progress.jobs_submitted);
    text += "  ETA " + clock_text(left / jobs_per_second_);
  }
  return text;
}

void ProgressMeter::print_plain(const simulator::Progress& progress) const {
  const std::string text = line(progress, false);
  fmt::print(stderr, "{}{}\n", line_is_open_ ? "\n" : "", text);
}

void ProgressMeter::draw(const std::string& text) {
  fmt::print(stderr, "\r\033[K{}", text);
  std::fflush(stderr);
  line_is_open_ = true;
}

void ProgressMeter::next_phase(std::string_view what) {
  if (style_ == Style::json) {
    fmt::print(stderr, "{{\"schema\":\"nexa.progress/1\",\"phase\":\"{}\"}}\n", what);
  } else if (line_is_open_) {
    draw("sim 100 %  " + std::string(what) + " …");
  }
}

}  // namespace nexa::cli
