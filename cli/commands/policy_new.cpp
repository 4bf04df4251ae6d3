#include "cli/commands/policy_new.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "io/posix_file.hpp"
#include "scheduler/policy_descriptor.hpp"

namespace nexa::cli {

namespace {

/// What differs between the beginnings of the kinds of policies.
struct PolicyKind {
  std::string_view name;
  std::string_view includes;  ///< beside the descriptor
  std::string_view doc;       ///< of the struct
  std::string_view params;    ///< what is in `Params`
  std::string_view members;   ///< behind `params`
};

constexpr std::string_view frame = R"(@includes@#include "scheduler/policy_descriptor.hpp"

namespace nexa::scheduler {
namespace {
@doc@
struct @Type@ {
  // Parameters are optional. Each is a member with its default, and a line in fields() with its
  // range, unit and one line of help; `nexa policy doc @name@` shows them. Types: double,
  // std::int64_t, bool, and OrderName for the name of an order policy.
  struct Params {
@params@
  } params;
@members@
};

}  // namespace
}  // namespace nexa::scheduler

NEXA_POLICY(@name@, nexa::scheduler::@Type@, "One sentence for nexa policy list.")
)";

constexpr PolicyKind order{.name = "order",
                           .includes = "",
                           .doc = R"(
/// Say here what the order is for, and name its source if it is published.)",
                           .params = R"(    double weight = 1;
    static constexpr auto fields() {
      return std::tuple{
          field("weight", &Params::weight, Range{0, 1000}, "weight of cores against time")};
    })",
                           .members = R"(
  // If key() looks at `now`, uncomment this: the queue is then sorted anew in every pass.
  // static constexpr bool key_depends_on_time = true;

  /// The queue is sorted by key, ascending; ties keep the order of submission.
  double key(const JobView& job, core::Time /*now*/) const {
    return core::to_seconds(job.time_limit) + params.weight * static_cast<double>(job.cores);
  })"};

constexpr PolicyKind filter{.name = "filter",
                            .includes = "",
                            .doc = R"(
/// Say here which node classes are kept from which jobs, and why.)",
                            .params = R"(    std::int64_t slowest = 0;
    static constexpr auto fields() {
      return std::tuple{field("slowest", &Params::slowest, Range{0, 1e6, "permille"},
                              "slower nodes are not used; 1000 is the reference speed")};
    })",
                            .members = R"(
  /// Clears the entries of the classes that must not be used; all entries start as true. Equal
  /// requests get equal answers: the answer may depend on the arguments and params alone. A job
  /// for which no class is left can never run, and is rejected.
  void filter(const RequestView& /*request*/, NodeClasses classes,
              std::span<bool> accepted) const {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (classes[i].spec.speed_permille < params.slowest) accepted[i] = false;
    }
  })"};

constexpr PolicyKind score{.name = "score",
                           .includes = "",
                           .doc = R"(
/// Say here which node classes are better for which jobs, and why.)",
                           .params = R"(    double weight = 1;
    static constexpr auto fields() {
      return std::tuple{
          field("weight", &Params::weight, Range{0, 1000}, "strength beside other scores")};
    })",
                           .members = R"(
  /// Adds to the entries; the class with the highest sum is filled first. Equal requests get equal
  /// answers: the answer may depend on the arguments and params alone.
  void score(const RequestView& /*request*/, NodeClasses classes,
             std::span<double> scores) const {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      // Here: nodes without GPUs first.
      scores[i] -= params.weight * classes[i].spec.capacity.gpus;
    }
  })"};

constexpr PolicyKind backfill{.name = "backfill",
                              .includes = "#include \"scheduler/pass.hpp\"\n",
                              .doc = R"(
/// Say here which jobs may start before others, what it costs, and name its source if it is
/// published.)",
                              .params = R"(    std::int64_t depth = 100;
    static constexpr auto fields() {
      return std::tuple{field("depth", &Params::depth, Range{1, 1e9, "jobs"},
                              "jobs behind the head that a pass looks at")};
    })",
                              .members = R"(
  /// One look at the queue at one instant, after all facts of the instant. What a pass offers is
  /// in scheduler/pass.hpp: it starts jobs only where they fit.
  void run(Pass& pass) const {
    pass.start_in_order();
    pass.backfill_around_head(static_cast<std::uint64_t>(params.depth));
  })"};

const PolicyKind& kind_of(std::string_view name) {
  for (const PolicyKind* kind : {&filter, &score, &backfill}) {
    if (kind->name == name) return *kind;
  }
  return order;
}

/// `shortest_first` as the name of a struct: `ShortestFirst`.
std::string type_name(std::string_view name) {
  std::string type;
  bool starts_word = true;
  for (const char c : name) {
    if (c == '_') {
      starts_word = true;
    } else {
      const bool raise = starts_word && c >= 'a' && c <= 'z';
      type += raise ? static_cast<char>(c - 'a' + 'A') : c;
      starts_word = false;
    }
  }
  return type;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

core::Error refuse(std::string message, std::string hint, core::ErrorCode code) {
  return {.code = code, .message = std::move(message), .hint = std::move(hint), .where = {}};
}

}  // namespace

core::Result<void> check_policy_name(std::string_view name) {
  constexpr std::size_t longest = 40;
  bool good = !name.empty() && name.size() <= longest && name[0] >= 'a' && name[0] <= 'z' &&
              name.find("__") == std::string_view::npos && !name.ends_with('_');
  for (const char c : name) {
    good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
  }
  if (!good) {
    return refuse("'" + std::string(name) + "' cannot be the name of a policy",
                  "take up to 40 lower-case letters, digits and single underscores, a letter first",
                  core::ErrorCode::invalid_argument);
  }
  if (scheduler::find_policy(name) != nullptr) {
    return refuse("a policy '" + std::string(name) + "' exists",
                  "take another name; 'nexa policy list' shows those taken",
                  core::ErrorCode::invalid_argument);
  }
  return {};
}

std::string policy_source(std::string_view name, std::string_view kind) {
  const PolicyKind& parts = kind_of(kind);
  std::string source(frame);
  replace_all(source, "@includes@", parts.includes);
  replace_all(source, "@doc@", parts.doc);
  replace_all(source, "@params@", parts.params);
  replace_all(source, "@members@", parts.members);
  replace_all(source, "@name@", name);
  replace_all(source, "@Type@", type_name(name));
  return source;
}

core::Result<std::string> write_new_policy(const NewPolicy& policy) {
  if (auto status = check_policy_name(policy.name); !status) return status.error();
  struct stat status {};
  if (::stat(policy.folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    return refuse("there is no folder '" + policy.folder + "'",
                  "run this in the root of the sources, or name the folder with --dir",
                  core::ErrorCode::not_found);
  }
  const std::string path = (std::filesystem::path(policy.folder) / (policy.name + ".cpp")).string();
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  const io::FileDescriptor file(::open(path.c_str(), flags, 0666));
  if (!file.is_open() && errno == EEXIST) {
    return refuse("'" + path + "' exists and is not replaced", "take another name",
                  core::ErrorCode::invalid_argument);
  }
  if (!file.is_open()) return io::system_error("write", path, errno);
  const std::string source = policy_source(policy.name, policy.kind);
  const ssize_t written = ::write(file.get(), source.data(), source.size());
  if (written == static_cast<ssize_t>(source.size())) return path;
  const int reason = written < 0 ? errno : ENOSPC;
  ::unlink(path.c_str());
  return io::system_error("write", path, reason);
}

}  // namespace nexa::cli
