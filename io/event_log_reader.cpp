#include "io/event_log_reader.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/suggest.hpp"
#include "io/event_names.hpp"
#include "io/platform_file.hpp"
#include "scheduler/policy_set.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;
using ParsedJson = nlohmann::json;

constexpr std::size_t longest_line = std::size_t{64} << 20;
constexpr int deepest_nesting = 16;
constexpr std::int64_t latest = core::never.time_since_epoch().count();

/// Says why a value cannot be used; thrown and caught within this file.
struct BadValue {
  std::string message;
  std::string hint;
};

/// A value for messages, cut where it is long.
std::string shown(const ParsedJson& value) {
  constexpr std::size_t most = 40;
  std::string text = value.dump(-1, ' ', false, ParsedJson::error_handler_t::replace);
  if (text.size() > most) text = text.substr(0, most) + "…";
  return text;
}

const ParsedJson& member(const ParsedJson& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) throw BadValue{std::string("'") + name + "' is missing", {}};
  return *found;
}

std::int64_t integer_at(const ParsedJson& object, const char* name, std::int64_t least,
                        std::int64_t most) {
  const ParsedJson& value = member(object, name);
  const bool fits = value.is_number_integer() &&
                    (!value.is_number_unsigned() ||
                     value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most)) &&
                    value.get<std::int64_t>() >= least && value.get<std::int64_t>() <= most;
  if (fits) return value.get<std::int64_t>();
  throw BadValue{
      std::string("'") + name + "' is " + shown(value),
      "expected an integer from " + std::to_string(least) + " to " + std::to_string(most)};
}

template <class Unsigned>
Unsigned whole(const ParsedJson& object, const char* name, std::int64_t least = 0,
               std::int64_t most = std::numeric_limits<Unsigned>::max()) {
  static_assert(sizeof(Unsigned) <= 4);
  return static_cast<Unsigned>(integer_at(object, name, least, most));
}

template <class Id>
Id id(const ParsedJson& object, const char* name) {
  return Id{whole<typename Id::rep>(object, name)};
}

std::string text_at(const ParsedJson& object, const char* name) {
  const ParsedJson& value = member(object, name);
  if (!value.is_string()) {
    throw BadValue{std::string("'") + name + "' is " + shown(value), "expected text"};
  }
  return value.get<std::string>();
}

/// `object[name]` as the enumerator that is called so.
template <class Enum, std::size_t N>
Enum choice_at(const ParsedJson& object, const char* name,
               const std::array<std::string_view, N>& names) {
  const std::string word = text_at(object, name);
  if (const auto index = index_of(names, word)) return static_cast<Enum>(*index);
  throw BadValue{std::string("'") + name + "' is '" + word + "'", core::suggestion(word, names)};
}

core::Time time(const ParsedJson& object, const char* name) {
  return core::Time{core::Duration{integer_at(object, name, 0, latest)}};
}

core::Job job_of(const ParsedJson& fact) {
  core::Job job;
  job.id = id<core::JobId>(fact, "job");
  job.user = id<core::UserId>(fact, "user");
  job.submit = time(fact, "submit");
  job.time_limit = core::Duration{integer_at(fact, "time_limit", 1, latest)};
  core::Request& request = job.request;
  request.slots = whole<std::uint32_t>(fact, "slots", 1);
  request.per_slot.cores = whole<std::uint32_t>(fact, "cores", 1, PlatformLimits::cores_per_node);
  request.per_slot.gpus = whole<std::uint32_t>(fact, "gpus", 0, PlatformLimits::gpus_per_node);
  request.per_slot.memory_kib = static_cast<std::uint64_t>(
      integer_at(fact, "memory_kib", 0, std::int64_t{PlatformLimits::memory_kib_per_node}));
  request.tiers = whole<core::TierMask>(fact, "tiers");
  request.gpu_type = id<core::GpuTypeId>(fact, "gpu_type");
  request.sharing = choice_at<core::Sharing>(fact, "sharing", sharing_names);
  if (fact.contains("min_trust")) request.min_trust = whole<std::uint8_t>(fact, "min_trust");
  if (fact.contains("host_class")) request.host_class = id<core::HostClassId>(fact, "host_class");
  return job;
}

/// What a job has to avoid; null if that is nothing.
std::shared_ptr<const std::vector<core::FaultDomain>> domains_of(const ParsedJson& fact) {
  const auto avoid = fact.find("avoid");
  if (avoid == fact.end()) return nullptr;
  if (!avoid->is_object()) throw BadValue{"'avoid' is " + shown(*avoid), "expected an object"};
  std::vector<core::FaultDomain> domains;
  for (const auto& [name, list] : avoid->items()) {
    const auto kind = index_of(domain_names, name);
    if (!kind) {
      throw BadValue{"'avoid' has an unknown member '" + name + "'",
                     core::suggestion(name, domain_names)};
    }
    if (!list.is_array()) {
      throw BadValue{"'" + name + "' is " + shown(list), "expected a list of numbers"};
    }
    for (const ParsedJson& number : list) {
      const ParsedJson wrapped{{name, number}};
      domains.push_back(
          {static_cast<core::DomainKind>(*kind), whole<std::uint32_t>(wrapped, name.c_str())});
    }
  }
  std::sort(domains.begin(), domains.end());  // the members of an object have no order
  return std::make_shared<const std::vector<core::FaultDomain>>(std::move(domains));
}

scheduler::Fact read(const ParsedJson& fact, const scheduler::JobSubmitted* /*kind*/) {
  scheduler::JobSubmitted submitted{job_of(fact)};
  if (fact.contains("place")) {
    submitted.place = static_cast<std::uint64_t>(integer_at(fact, "place", 1, INT64_MAX));
  }
  return submitted;
}

scheduler::Fact read(const ParsedJson& fact, const scheduler::JobChanged* /*kind*/) {
  return scheduler::JobChanged{job_of(fact)};
}

scheduler::Fact read(const ParsedJson& fact, const scheduler::PolicyReloaded* /*kind*/) {
  const ParsedJson& policies = member(fact, "policy");
  const auto set = scheduler::parse_policy_set(text_at(fact, "policy"));
  if (!set) throw BadValue{set.error().message, set.error().hint};
  return scheduler::PolicyReloaded{policies.get_ref<const std::string&>()};
}

scheduler::Fact read(const ParsedJson& fact, const scheduler::JobCancelled* /*kind*/) {
  return scheduler::JobCancelled{id<core::JobId>(fact, "job")};
}

core::NodeSpec spec_of(const ParsedJson& fact) {
  core::NodeSpec spec;
  spec.tier = core::TierId{whole<std::uint8_t>(fact, "tier", 0, core::max_tiers - 1)};
  spec.capacity.cores = whole<std::uint32_t>(fact, "cores", 1, PlatformLimits::cores_per_node);
  spec.capacity.gpus = whole<std::uint32_t>(fact, "gpus", 0, PlatformLimits::gpus_per_node);
  spec.capacity.memory_kib = static_cast<std::uint64_t>(
      integer_at(fact, "memory_kib", 0, std::int64_t{PlatformLimits::memory_kib_per_node}));
  spec.gpu_type = id<core::GpuTypeId>(fact, "gpu_type");
  spec.speed_permille =
      whole<std::uint32_t>(fact, "speed_permille", 1, PlatformLimits::speed_permille);
  spec.owner = id<core::OwnerId>(fact, "owner");
  spec.site = id<core::SiteId>(fact, "site");
  spec.price_per_core_hour =
      core::Credits::from_micro(integer_at(fact, "price_microcredits", INT64_MIN, INT64_MAX));
  spec.trust_bucket = whole<std::uint8_t>(fact, "trust_bucket");
  if (fact.contains("host_class")) spec.host_class = id<core::HostClassId>(fact, "host_class");
  if (fact.contains("rack")) spec.rack = id<core::RackId>(fact, "rack");
  return spec;
}

scheduler::Fact read(const ParsedJson& fact, const scheduler::NodeAdded* /*kind*/) {
  return scheduler::NodeAdded{id<core::NodeId>(fact, "node"), spec_of(fact)};
}

scheduler::Fact read(const ParsedJson& fact, const scheduler::NodeChanged* /*kind*/) {
  return scheduler::NodeChanged{id<core::NodeId>(fact, "node"), spec_of(fact)};
}

scheduler::Fact read(const ParsedJson& fact, const scheduler::NodeRemoved* /*kind*/) {
  return scheduler::NodeRemoved{id<core::NodeId>(fact, "node")};
}

scheduler::Fact read(const ParsedJson& fact, const scheduler::NodeStateChanged* /*kind*/) {
  return scheduler::NodeStateChanged{
      id<core::NodeId>(fact, "node"),
      choice_at<core::NodeAvailability>(fact, "availability", availability_names)};
}

scheduler::Fact read(const ParsedJson& fact, const scheduler::ReplicaEnded* /*kind*/) {
  return scheduler::ReplicaEnded{id<core::JobId>(fact, "job"), id<core::ReplicaId>(fact, "replica"),
                                 choice_at<scheduler::ReplicaEnd>(fact, "how", replica_end_names)};
}

scheduler::Fact read(const ParsedJson& fact, const scheduler::CommandRejected* /*kind*/) {
  return scheduler::CommandRejected{id<core::JobId>(fact, "job"),
                                    id<core::ReplicaId>(fact, "replica")};
}

scheduler::Fact read(const ParsedJson& /*fact*/, const scheduler::Tick* /*kind*/) {
  return scheduler::Tick{};
}

template <std::size_t I = 0>
scheduler::Fact read_fact(const ParsedJson& fact, std::size_t index) {
  if constexpr (I + 1 < std::variant_size_v<scheduler::Fact>) {
    if (index != I) return read_fact<I + 1>(fact, index);
  }
  const std::variant_alternative_t<I, scheduler::Fact>* const kind = nullptr;
  return read(fact, kind);
}

LoggedStep read_step(const ParsedJson& step) {
  LoggedStep logged;
  logged.commands = whole<std::uint32_t>(step, "commands");
  logged.hash = text_at(step, "hash");
  const auto list = step.find("text");
  if (list == step.end()) return logged;
  if (!list->is_array()) throw BadValue{"'text' is " + shown(*list), "expected a list"};
  for (const ParsedJson& command : *list) {
    if (!command.is_string()) throw BadValue{"a command is " + shown(command), "expected text"};
    logged.text.push_back(command.get<std::string>());
  }
  return logged;
}

EventLogEnd read_end(const ParsedJson& end) {
  const ParsedJson& complete = member(end, "complete");
  if (!complete.is_boolean()) {
    throw BadValue{"'complete' is " + shown(complete), "expected true or false"};
  }
  return {.complete = complete.get<bool>(),
          .events = static_cast<std::uint64_t>(integer_at(end, "events", 0, INT64_MAX)),
          .steps = static_cast<std::uint64_t>(integer_at(end, "steps", 0, INT64_MAX)),
          .hash = text_at(end, "hash")};
}

/// The one member of a record that is not its time.
std::pair<std::string, const ParsedJson*> content_of(const ParsedJson& record) {
  if (!record.is_object())
    throw BadValue{"the line is no object", "a record looks like {\"t\":0,…}"};
  for (const auto& [name, value] : record.items()) {
    if (name == "t") continue;
    if (!value.is_object()) {
      throw BadValue{"'" + name + "' is " + shown(value), "expected an object"};
    }
    return {name, &value};
  }
  throw BadValue{"the record is empty", {}};
}

/// A parser without a limit would use memory in proportion to brackets, many times the file.
bool is_too_deep(std::string_view line) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') quoted = !quoted;
    if (quoted && c == '\\') ++i;
    if (quoted) continue;
    if ((c == '{' || c == '[') && ++depth > deepest_nesting) return true;
    if (c == '}' || c == ']') --depth;
  }
  return false;
}

Error corrupt_log(std::string message, std::string hint, core::SourcePos where) {
  return {.code = ErrorCode::corrupt,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = std::move(where)};
}

/// Parses JSON; the error's place has the column only.
Result<ParsedJson> parse_json(const std::string& line) {
  if (is_too_deep(line)) {
    return corrupt_log("the line is nested too deeply", "is this an event log?", {});
  }
  try {
    return ParsedJson::parse(line);
  } catch (const ParsedJson::parse_error& error) {
    const int column = static_cast<int>(std::min<std::size_t>(error.byte, INT32_MAX));
    return corrupt_log("the line is no valid JSON", "a log is damaged, or not an event log",
                       {.file = {}, .line = 0, .column = column});
  }
}

}  // namespace

core::SourcePos EventLogReader::here(int column) const {
  const auto line = std::min<std::uint64_t>(lines_.number(), INT32_MAX);
  return {.file = path_, .line = static_cast<int>(line), .column = column};
}

Result<EventLogReader> EventLogReader::open(const std::string& path) {
  auto source = open_bytes(path);
  if (!source) return source.error();
  EventLogReader reader(LineReader(std::move(*source), longest_line), path);
  if (auto status = reader.read_header(); !status) return status.error();
  return reader;
}

Result<void> EventLogReader::read_header() {
  const Result<bool> found = lines_.next(line_);
  if (!found) return found.error();
  if (!*found)
    return corrupt_log("the file is empty", "an event log has at least a header", here(0));
  const Result<ParsedJson> header = parse_json(line_);
  try {
    if (!header || !header->is_object() ||
        header->value("schema", ParsedJson()) != event_log_schema) {
      return corrupt_log("the first line is no header of an event log",
                         "it says {\"schema\":\"" + std::string(event_log_schema) + "\",…}",
                         here(1));
    }
    header_.policy = text_at(*header, "policy");
    header_.seed = static_cast<std::uint64_t>(integer_at(*header, "seed", 0, INT64_MAX));
    header_.commit = text_at(*header, "commit");
    if (header->contains("platform")) header_.platform = text_at(*header, "platform");
    if (header->contains("workload")) header_.workload = text_at(*header, "workload");
  } catch (const BadValue& bad) {
    return corrupt_log("the header is wrong: " + bad.message, bad.hint, here(1));
  }
  return {};
}

Result<EventLogRecord> EventLogReader::parse(const std::string& line) {
  const Result<ParsedJson> parsed = parse_json(line);
  if (!parsed) {
    Error error = parsed.error();
    error.where = here(error.where.column);
    return error;
  }
  try {
    const auto [name, content] = content_of(*parsed);
    EventLogRecord record{.line = lines_.number(), .value = EventLogEnd{}};
    if (name == "end") {
      record.value = read_end(*content);
      return record;
    }
    const core::Time now = time(*parsed, "t");
    if (now < last_time_) {
      throw BadValue{"time goes back to " + std::to_string(now.time_since_epoch().count()),
                     "the line above has a later time"};
    }
    last_time_ = now;
    if (name == "step") {
      LoggedStep step = read_step(*content);
      step.time = now;
      record.value = std::move(step);
    } else if (const auto index = index_of(fact_names, name)) {
      scheduler::Event event{now, read_fact(*content, *index)};
      if (auto* reloaded = std::get_if<scheduler::PolicyReloaded>(&event.fact)) {
        record.text = std::make_shared<const std::string>(reloaded->policies);
        reloaded->policies = *record.text;
      }
      if (auto* submitted = std::get_if<scheduler::JobSubmitted>(&event.fact)) {
        record.domains = domains_of(*content);
        if (record.domains) submitted->avoid = *record.domains;
      }
      record.value = event;
    } else {
      throw BadValue{"unknown record '" + name + "'", core::suggestion(name, fact_names)};
    }
    return record;
  } catch (const BadValue& bad) {
    return corrupt_log(bad.message, bad.hint, here(1));
  }
}

Result<std::optional<EventLogRecord>> EventLogReader::next() {
  const Result<bool> more = lines_.next(line_);
  if (!more) return more.error();
  if (!*more) return std::optional<EventLogRecord>();
  Result<EventLogRecord> record = parse(line_);
  if (record) return std::optional<EventLogRecord>(std::move(*record));
  if (lines_.line_was_ended()) return record.error();
  torn_ = true;
  return std::optional<EventLogRecord>();
}

}  // namespace nexa::io
