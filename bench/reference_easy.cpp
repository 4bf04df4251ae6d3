// The yardstick of a machine: EASY backfilling on P equal processors and nothing else. It shares no
// code with the engine, so "the engine costs x times the bare kernel" stays a statement about the
// engine.
//
//   reference_easy FILE.swf PROCS
//
// Jobs (canonical form): lines with at least 11 fields, processors = field 8 or else 5, run time =
// field 4, estimate = max(field 9, field 4); lines without run time or processors, or wider than
// PROCS, are dropped.
//
// Rules: at one instant first all ends, then all arrivals, then one pass. A pass starts heads while
// they fit; the first head that does not gets the earliest time at which the estimates of the
// running jobs leave room (its shadow); a later job may pass it if it ends by then or needs no more
// than the processors left over there.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <queue>
#include <vector>

namespace {

struct Job {
  std::int64_t submit, run, estimate;
  std::int64_t procs;
};

struct Waiting {
  std::int64_t estimate;
  std::int32_t procs;
  std::uint32_t job;
};

struct Running {
  std::int64_t end, planned_end;
  std::int64_t procs;
};

struct Release {
  std::int64_t at;
  std::int64_t procs;
};

struct LaterEnd {
  bool operator()(const Running& a, const Running& b) const { return a.end > b.end; }
};

struct Text {
  std::unique_ptr<char[]>
      data;  // ends with a newline, so no loop over a line needs to know the end
  std::size_t size = 0;
};

Text read_file(const char* path) {
  std::FILE* file = std::fopen(path, "rb");
  if (file == nullptr) {
    std::fprintf(stderr, "reference_easy: cannot open %s\n", path);
    std::exit(2);
  }
  std::fseek(file, 0, SEEK_END);
  const std::size_t length = static_cast<std::size_t>(std::max(std::ftell(file), 0L));
  std::rewind(file);
  Text text{std::make_unique_for_overwrite<char[]>(length + 1), 0};
  text.size = std::fread(text.data.get(), 1, length, file);
  text.data[text.size++] = '\n';
  std::fclose(file);
  return text;
}

bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

// Reads the next field of a line as a whole number (a fraction is cut); false at the end of the
// line.
bool next_field(const char*& at, std::int64_t& value) {
  while (blank(*at)) ++at;
  if (*at == '\n') return false;
  const bool negative = *at == '-';
  if (negative) ++at;
  std::int64_t number = 0;
  for (unsigned digit; (digit = static_cast<unsigned>(*at - '0')) < 10; ++at) {
    number = number * 10 + static_cast<std::int64_t>(digit);
  }
  while (static_cast<unsigned char>(*at) > ' ') ++at;
  value = negative ? -number : number;
  return true;
}

bool skip_field(const char*& at) {
  while (blank(*at)) ++at;
  if (*at == '\n') return false;
  while (static_cast<unsigned char>(*at) > ' ') ++at;
  return true;
}

bool parse_line(const char*& at, Job& job) {
  std::int64_t used = 0;
  std::int64_t asked = 0;
  std::int64_t limit = 0;
  const bool whole = skip_field(at) && next_field(at, job.submit) && skip_field(at) &&
                     next_field(at, job.run) && next_field(at, used) && skip_field(at) &&
                     skip_field(at) && next_field(at, asked) && next_field(at, limit) &&
                     skip_field(at) && skip_field(at);
  job.procs = asked > 0 ? asked : used;
  job.estimate = std::max(limit, job.run);
  return whole;
}

std::vector<Job> parse(const Text& text, std::int64_t procs) {
  std::vector<Job> jobs;
  jobs.reserve(text.size / 64);
  const char* at = text.data.get();
  const char* const end = at + text.size;
  while (at < end) {
    while (blank(*at)) ++at;
    Job job{};
    if (*at != ';' && parse_line(at, job) && job.run > 0 && job.procs > 0 && job.procs <= procs)
      jobs.push_back(job);
    at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at))) + 1;
  }
  const auto earlier = [](const Job& a, const Job& b) { return a.submit < b.submit; };
  if (!std::is_sorted(jobs.begin(), jobs.end(), earlier))
    std::stable_sort(jobs.begin(), jobs.end(), earlier);
  const std::int64_t first = jobs.empty() ? 0 : jobs.front().submit;
  for (Job& job : jobs) job.submit -= first;
  return jobs;
}

class Easy {
 public:
  Easy(const std::vector<Job>& jobs, std::int64_t procs)
      : jobs_(jobs), procs_(procs), free_(procs) {}
  void run();
  void print(double parse_seconds, double simulate_seconds) const;

 private:
  void start(const Waiting& job);
  void finish(const Running& job);
  void pass();
  void backfill();

  const std::vector<Job>& jobs_;
  std::int64_t procs_, free_;
  std::int64_t now_ = 0, last_end_ = 0, wait_ = 0, work_ = 0;
  double slowdown_ = 0;
  std::vector<Waiting> queue_;  // in arrival order; those before head_ have started
  std::size_t head_ = 0;
  std::priority_queue<Running, std::vector<Running>, LaterEnd> running_;
  std::vector<Release>
      releases_;  // what the running jobs give back by their estimates, latest first
};

void Easy::start(const Waiting& waiting) {
  const Job& job = jobs_[waiting.job];
  const std::int64_t wait = now_ - job.submit;
  free_ -= job.procs;
  running_.push({now_ + job.run, now_ + job.estimate, job.procs});
  const Release release{now_ + job.estimate, job.procs};
  releases_.insert(std::upper_bound(releases_.begin(), releases_.end(), release,
                                    [](const Release& a, const Release& b) { return a.at > b.at; }),
                   release);
  last_end_ = std::max(last_end_, now_ + job.run);
  wait_ += wait;
  work_ += job.run * job.procs;
  const double span = static_cast<double>(std::max<std::int64_t>(job.run, 10));
  slowdown_ += std::max(1.0, static_cast<double>(wait + job.run) / span);
}

void Easy::finish(const Running& job) {
  free_ += job.procs;
  auto at = std::lower_bound(releases_.begin(), releases_.end(), job.planned_end,
                             [](const Release& a, std::int64_t time) { return a.at > time; });
  while (at->procs != job.procs) ++at;  // equals in time and width may stand for one another
  releases_.erase(at);
}

void Easy::pass() {
  while (head_ < queue_.size() && queue_[head_].procs <= free_) start(queue_[head_++]);
  if (head_ == queue_.size()) {
    queue_.clear();
    head_ = 0;
  } else if (free_ > 0 && head_ + 1 < queue_.size()) {
    backfill();
  }
}

void Easy::backfill() {
  std::int64_t room = free_;
  std::int64_t shadow = now_;
  std::size_t left = releases_.size();
  while (room < queue_[head_].procs || (left > 0 && releases_[left - 1].at == shadow)) {
    shadow = releases_[--left].at;
    room += releases_[left].procs;
  }
  std::int64_t extra = room - queue_[head_].procs;
  const std::int64_t longest = shadow - now_;
  std::size_t started = 0;
  std::size_t i = head_ + 1;
  for (; i < queue_.size() && free_ > 0; ++i) {
    Waiting& job = queue_[i];
    if (job.procs > free_) continue;
    if (job.estimate > longest) {
      if (job.procs > extra) continue;
      extra -= job.procs;
    }
    start(job);
    job.procs = 0;
    ++started;
  }
  if (started == 0) return;
  // Only the part that was looked at is closed up, towards the tail, so the jobs behind it stay
  // where they are.
  std::size_t to = i;
  while (i-- > head_) {
    if (queue_[i].procs > 0) queue_[--to] = queue_[i];
  }
  head_ = to;
}

void Easy::run() {
  std::size_t next = 0;
  while (next < jobs_.size() || !running_.empty()) {
    now_ = next < jobs_.size() ? jobs_[next].submit : running_.top().end;
    if (!running_.empty()) now_ = std::min(now_, running_.top().end);
    while (!running_.empty() && running_.top().end == now_) {
      finish(running_.top());
      running_.pop();
    }
    for (; next < jobs_.size() && jobs_[next].submit == now_; ++next) {
      const Job& job = jobs_[next];
      queue_.push_back(
          {job.estimate, static_cast<std::int32_t>(job.procs), static_cast<std::uint32_t>(next)});
    }
    pass();
  }
}

void Easy::print(double parse_seconds, double simulate_seconds) const {
  const double count = static_cast<double>(std::max<std::size_t>(jobs_.size(), 1));
  const double area =
      static_cast<double>(procs_) * static_cast<double>(std::max<std::int64_t>(last_end_, 1));
  std::printf(
      "{\"jobs\":%zu,\"mean_wait\":%.3f,\"mean_bounded_slowdown\":%.4f,\"utilization\":%.5f,"
      "\"makespan\":%lld,"
      "\"parse_seconds\":%.6f,\"simulate_seconds\":%.6f}\n",
      jobs_.size(), static_cast<double>(wait_) / count, slowdown_ / count,
      static_cast<double>(work_) / area, static_cast<long long>(last_end_), parse_seconds,
      simulate_seconds);
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t procs = argc == 3 ? std::strtoll(argv[2], nullptr, 10) : 0;
  if (procs <= 0 || procs > INT32_MAX) {
    std::fprintf(stderr, "usage: reference_easy FILE.swf PROCS\n");
    return 2;
  }
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<Job> jobs = parse(read_file(argv[1]), procs);
  const double parse_seconds = seconds_since(begin);
  const auto parsed = std::chrono::steady_clock::now();
  Easy easy(jobs, procs);
  easy.run();
  easy.print(parse_seconds, seconds_since(parsed));
  return 0;
}
