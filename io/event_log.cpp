#include "io/event_log.hpp"

#include <charconv>
#include <concepts>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "io/event_names.hpp"

namespace nexa::io {
namespace {

using core::Result;

constexpr std::size_t log_flush_bytes = std::size_t{1} << 20;

/// Appends `"name":value` pairs. Names are known and need no escapes.
class EventFields {
 public:
  explicit EventFields(std::string& out) : out_(out) {}

  EventFields& add(std::string_view name, std::integral auto value) {
    put_name(name);
    put_digits(value);
    return *this;
  }
  EventFields& add(std::string_view name, std::span<const std::uint32_t> values) {
    put_name(name);
    char before = '[';
    for (const std::uint32_t value : values) {
      out_ += std::exchange(before, ',');
      put_digits(value);
    }
    out_ += ']';
    return *this;
  }
  /// The fields of an object that is the next value; they end with `close`.
  EventFields object(std::string_view name) {
    put_name(name);
    out_ += '{';
    return EventFields(out_);
  }
  void close() { out_ += '}'; }
  EventFields& add(std::string_view name, std::string_view word) {
    put_name(name);
    out_ += '"';
    out_ += word;
    out_ += '"';
    return *this;
  }

 private:
  void put_digits(std::integral auto value) {
    char digits[24];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    out_.append(digits, static_cast<std::size_t>(end - digits));
  }
  void put_name(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }

  std::string& out_;
  bool first_ = true;
};

void put_job(EventFields& fields, const core::Job& job) {
  const core::Request& request = job.request;
  fields.add("job", job.id.value)
      .add("user", job.user.value)
      .add("submit", job.submit.time_since_epoch().count())
      .add("time_limit", job.time_limit.count())
      .add("slots", request.slots)
      .add("cores", request.per_slot.cores)
      .add("gpus", request.per_slot.gpus)
      .add("memory_kib", request.per_slot.memory_kib)
      .add("tiers", request.tiers)
      .add("gpu_type", request.gpu_type.value)
      .add("sharing", name_of(sharing_names, request.sharing));
  if (request.min_trust != 0) fields.add("min_trust", unsigned{request.min_trust});
  if (request.host_class.value != 0) fields.add("host_class", request.host_class.value);
}

/// `"owners":[3,8]`, for each kind of which there is a domain.
void put_domains(EventFields& fields, std::span<const core::FaultDomain> domains) {
  for (std::size_t kind = 0; kind < domain_names.size(); ++kind) {
    std::vector<std::uint32_t> ids;
    for (const core::FaultDomain& domain : domains) {
      if (domain.kind == static_cast<core::DomainKind>(kind)) ids.push_back(domain.id);
    }
    if (!ids.empty()) fields.add(domain_names[kind], ids);
  }
}

void put(EventFields fields, const scheduler::JobSubmitted& fact) {
  put_job(fields, fact.job);
  if (fact.place != 0) fields.add("place", fact.place);
  if (fact.avoid.empty()) return;
  EventFields avoid = fields.object("avoid");
  put_domains(avoid, fact.avoid);
  avoid.close();
}

void put(EventFields fields, const scheduler::JobChanged& fact) {
  put_job(fields, fact.job);
}

void put(EventFields fields, const scheduler::JobCancelled& fact) {
  fields.add("job", fact.job.value);
}

void put_node(EventFields& fields, core::NodeId node, const core::NodeSpec& spec) {
  fields.add("node", node.value)
      .add("tier", unsigned{spec.tier.value})
      .add("cores", spec.capacity.cores)
      .add("gpus", spec.capacity.gpus)
      .add("memory_kib", spec.capacity.memory_kib)
      .add("gpu_type", spec.gpu_type.value)
      .add("speed_permille", spec.speed_permille)
      .add("owner", spec.owner.value)
      .add("site", spec.site.value)
      .add("price_microcredits", spec.price_per_core_hour.micro())
      .add("trust_bucket", unsigned{spec.trust_bucket});
  if (spec.host_class.value != 0) fields.add("host_class", spec.host_class.value);
  if (spec.rack.value != 0) fields.add("rack", spec.rack.value);
}

void put(EventFields fields, const scheduler::NodeAdded& fact) {
  put_node(fields, fact.node, fact.spec);
}

void put(EventFields fields, const scheduler::NodeChanged& fact) {
  put_node(fields, fact.node, fact.spec);
}

void put(EventFields fields, const scheduler::NodeRemoved& fact) {
  fields.add("node", fact.node.value);
}

void put(EventFields fields, const scheduler::NodeStateChanged& fact) {
  fields.add("node", fact.node.value)
      .add("availability", name_of(availability_names, fact.availability));
}

void put(EventFields fields, const scheduler::ReplicaEnded& fact) {
  fields.add("job", fact.job.value)
      .add("replica", fact.replica.value)
      .add("how", name_of(replica_end_names, fact.how));
}

void put(EventFields fields, const scheduler::CommandRejected& fact) {
  fields.add("job", fact.job.value).add("replica", fact.replica.value);
}

void put(EventFields /*fields*/, const scheduler::Tick& /*fact*/) {}

/// Policies that can be read have no character that JSON would escape.
void put(EventFields fields, const scheduler::PolicyReloaded& fact) {
  fields.add("policy", fact.policies);
}

void put_time(std::string& out, core::Time time) {
  out += '{';
  EventFields(out).add("t", time.time_since_epoch().count());
}

std::string header_line(const RunMeta& meta) {
  nlohmann::ordered_json header{{"schema", event_log_schema},
                                {"policy", meta.policy},
                                {"seed", meta.seed},
                                {"version", meta.version},
                                {"commit", meta.commit},
                                {"compiler", meta.compiler},
                                {"platform", meta.platform_name},
                                {"workload", meta.workload_name},
                                {"command_line", meta.command_line},
                                {"config_yaml", meta.config_yaml},
                                {"inputs", nlohmann::ordered_json::array()}};
  for (const InputFile& input : meta.inputs) {
    header["inputs"].push_back(
        {{"path", input.path}, {"sha256", input.sha256}, {"bytes", input.bytes}});
  }
  return header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace

void append_line(std::string& out, const scheduler::Event& event) {
  put_time(out, event.time);
  out += ",\"";
  out += fact_names[event.fact.index()];
  out += "\":{";
  std::visit([&](const auto& fact) { put(EventFields(out), fact); }, event.fact);
  out += "}}";
}

EventLogWriter::EventLogWriter(AtomicFile file) : file_(std::move(file)) {
  buffer_.reserve(log_flush_bytes + log_flush_bytes / 4);
}

Result<EventLogWriter> EventLogWriter::create(const std::string& path, const RunMeta& meta) {
  Result<AtomicFile> file = AtomicFile::create(path);
  if (!file) return std::move(file).error();
  EventLogWriter writer(std::move(*file));
  // The header is on disk at once, so that even a log of a run that died says what it is of.
  if (auto status = writer.file_.write(header_line(meta)); !status) return status.error();
  return writer;
}

Result<void> EventLogWriter::write_if_full() {
  if (buffer_.size() < log_flush_bytes) return {};
  const Result<void> written = file_.write(buffer_);
  buffer_.clear();
  return written;
}

Result<void> EventLogWriter::add(const scheduler::Event& event) {
  ++events_;
  append_line(buffer_, event);
  buffer_ += '\n';
  return write_if_full();
}

Result<void> EventLogWriter::add_step(core::Time now,
                                      std::span<const scheduler::Command> commands) {
  ++steps_;
  for (const scheduler::Command& command : commands) scheduler::add_to_hash(hash_, command);
  put_time(buffer_, now);
  buffer_ += ",\"step\":{";
  EventFields(buffer_).add("commands", commands.size()).add("hash", core::to_hex(hash_.value()));
  if (!commands.empty()) {
    buffer_ += ",\"text\":[";
    for (const scheduler::Command& command : commands) {
      if (&command != commands.data()) buffer_ += ',';
      buffer_ += '"';
      buffer_ += scheduler::to_text(command);
      buffer_ += '"';
    }
    buffer_ += ']';
  }
  buffer_ += "}}\n";
  return write_if_full();
}

Result<void> EventLogWriter::commit(bool complete) {
  buffer_ += "{\"end\":{\"complete\":";
  buffer_ += complete ? "true," : "false,";
  EventFields(buffer_)
      .add("events", events_)
      .add("steps", steps_)
      .add("hash", core::to_hex(hash_.value()));
  buffer_ += "}}\n";
  const Result<void> written = file_.write(buffer_);
  if (!written) return written;
  buffer_.clear();
  return file_.commit();
}

}  // namespace nexa::io
