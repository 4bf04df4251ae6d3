#include "ledger/packed_job.hpp"

#include <type_traits>

namespace nexa::ledger {
namespace {

using State = JobRecord::State;

// Every field is a number; of those with a sign, the sign is the lowest bit.
Amount number_of(Amount value) {
  return value;
}
Amount number_of(std::uint64_t value) {
  return value;
}
Amount number_of(std::uint32_t value) {
  return value;
}
Amount number_of(bool value) {
  return value ? 1 : 0;
}
Amount number_of(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return (bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0);
}
Amount number_of(core::Duration value) {
  return number_of(std::int64_t{value.count()});
}
Amount number_of(core::Time value) {
  return number_of(value.time_since_epoch());
}
template <class Tag, class Rep>
Amount number_of(core::Id<Tag, Rep> id) {
  return id.value;
}
template <class Enum>
requires std::is_enum_v<Enum> Amount number_of(Enum value) {
  return static_cast<Amount>(value);
}

template <class Value>
requires std::is_enum_v<Value> || std::is_unsigned_v<Value> || std::is_same_v<Value, Amount>
void set(Value& value, Amount number) {
  value = static_cast<Value>(number);
}
void set(std::int64_t& value, Amount number) {
  const auto bits = static_cast<std::uint64_t>(number);
  value = static_cast<std::int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
}
void set(core::Duration& value, Amount number) {
  std::int64_t count = 0;
  set(count, number);
  value = core::Duration{count};
}
void set(core::Time& value, Amount number) {
  core::Duration since{};
  set(since, number);
  value = core::Time{since};
}
template <class Tag, class Rep>
void set(core::Id<Tag, Rep>& id, Amount number) {
  id.value = static_cast<Rep>(number);
}

class PackedWriter {
 public:
  explicit PackedWriter(std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

  template <class... Values>
  void operator()(const Values&... values) {
    (put(number_of(values)), ...);
  }
  template <class Value, class Each>
  void list(const std::vector<Value>& values, Each each) {
    put(values.size());
    for (const Value& value : values) each(value);
  }
  template <class Each>
  void list(const FlatMap<core::ReplicaId, ReplicaMoney>& values, Each each) {
    put(values.size());
    for (const auto& [replica, money] : values) {
      (*this)(replica);
      each(money);
    }
  }
  template <class Value, class Each>
  void optional(const std::optional<Value>& value, Each each) {
    (*this)(value.has_value());
    if (value.has_value()) each(*value);
  }

 private:
  void put(Amount number) {
    while (number > UINT64_MAX) {
      bytes_.push_back(static_cast<std::uint8_t>(number | 0x80));
      number >>= 7;
    }
    auto rest = static_cast<std::uint64_t>(number);
    for (; rest >= 0x80; rest >>= 7) bytes_.push_back(static_cast<std::uint8_t>(rest | 0x80));
    bytes_.push_back(static_cast<std::uint8_t>(rest));
  }
  std::vector<std::uint8_t>& bytes_;
};

class Reader {
 public:
  explicit Reader(const std::uint8_t* bytes) : at_(bytes) {}

  template <class... Values>
  void operator()(Values&... values) {
    (set(values, get()), ...);
  }
  template <class Value, class Each>
  void list(std::vector<Value>& values, Each each) {
    values.resize(static_cast<std::size_t>(get()));
    for (Value& value : values) each(value);
  }
  template <class Each>
  void list(FlatMap<core::ReplicaId, ReplicaMoney>& values, Each each) {
    auto count = static_cast<std::size_t>(get());
    values.reserve(count);
    for (; count != 0; --count) {
      core::ReplicaId replica{};
      (*this)(replica);
      each(values[replica]);
    }
  }
  template <class Value, class Each>
  void optional(std::optional<Value>& value, Each each) {
    bool has_value = false;
    (*this)(has_value);
    if (has_value) each(value.emplace());
  }

 private:
  Amount get() {
    Amount number = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint8_t byte = *at_++;
      number |= Amount{byte & 0x7FU} << shift;
      if (byte < 0x80) return number;
    }
  }
  const std::uint8_t* at_;
};

/// All fields in their order, for writing and for reading.
template <class Codec, class Usage>
void usage_fields(Codec& codec, Usage& usage) {
  codec(usage.elapsed, usage.core_time, usage.gpu_time, usage.gib_seconds);
}

template <class Codec, class Report>
void report_fields(Codec& codec, Report& it) {
  codec(it.replica, it.outcome, it.tier);
  usage_fields(codec, it.usage);
  codec(it.progress, it.quality, it.version, it.on_gpu, it.claimed_flops, it.valid_in_a_row);
}

template <class Codec, class Job>
void job_fields(Codec& codec, Job& job) {
  codec(job.contract, job.about.job, job.about.application, job.about.estimated_flop,
        job.about.bound_flop, job.user, job.escrow, job.arbitration_reserve);
  codec(job.quote.replica, job.quote.most, job.quote.job);
  codec.list(job.limits, [&](auto& limit) {
    codec(limit.tier, limit.work);
    usage_fields(codec, limit.usage);
  });
  codec(job.state, job.funded, job.round, job.settled_at, job.arbitration);
  codec.list(job.purses.shares(),
             [&](auto& share) { codec(share.account, share.held, share.posted, share.returned); });
  codec.list(job.replicas, [&](auto& money) {
    codec(money.node, money.vouched, money.in_verdict, money.paid, money.fee);
    codec.optional(money.report, [&](auto& report) { report_fields(codec, report); });
  });
  codec.optional(job.verdict, [&](auto& verdict) {
    codec.optional(verdict.canonical, [&](auto& replica) { codec(replica); });
  });
}

}  // namespace

bool can_pack(const JobRecord& job) {
  if (!job.resolved() || !job.bounties.empty()) return false;
  if (job.verdict.has_value() && job.verdict->more.has_value()) return false;
  return std::none_of(job.replicas.begin(), job.replicas.end(), [](const auto& entry) {
    return entry.second.stream.has_value() || entry.second.forfeited;
  });
}

void pack(const JobRecord& job, std::vector<std::uint8_t>& bytes) {
  NEXA_ASSERT(can_pack(job), "only what does not move is packed");
  PackedWriter writer(bytes);
  job_fields(writer, job);
}

JobRecord unpack(const std::uint8_t* bytes, const Contracts& contracts) {
  JobRecord job;
  Reader reader(bytes);
  job_fields(reader, job);
  job.terms = contracts.at(job.contract);
  return job;
}

}  // namespace nexa::ledger
