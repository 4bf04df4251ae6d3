#include "io/coordinator_fields.hpp"

#include <fmt/format.h>

#include "io/field_helpers.hpp"
#include "io/values.hpp"
#include "io/yaml/table.hpp"

namespace nexa::io {
namespace {

constexpr std::size_t most_spans = 10'000;

/// `{from: 1h, for: 10m}`
struct SpanFields {
  core::Duration from{};
  core::Duration length = core::seconds(1);
};

struct CoordinatorFields : core::CoordinatorFaults {
  Located<std::string> favoured;
  std::vector<SpanFields> down;
};

void check_spans(const Cursor& at, const CoordinatorFields& fields) {
  for (std::size_t i = 1; i < fields.down.size(); ++i) {
    const core::Duration end = fields.down[i - 1].from + fields.down[i - 1].length;
    if (fields.down[i].from > end) continue;
    at.error(fmt::format("bank_down: {} does not come after the end of the span before it, {}",
                         to_text(fields.down[i].from), to_text(end)),
             "write the spans in the order of time, and join those that touch");
    return;
  }
}

Table<CoordinatorFields> coordinator_table() {
  using Faults = core::CoordinatorFaults;
  Table<SpanFields> span("a mapping with 'from' and 'for'");
  span.required("from", &SpanFields::from, time_span(), "beginning, since that of the simulation")
      .required("for", &SpanFields::length, time_span(core::seconds(1)), "length");
  Table<CoordinatorFields> table("a mapping that says what goes wrong at the coordinator");
  table
      .optional("skip_audits", inherited<CoordinatorFields>(&Faults::skip_audit_ppm), part_ppm(),
                "part of the audits that the lottery demands and that are not made")
      .optional("favoured_group", &CoordinatorFields::favoured, located(name()),
                "only audits of nodes of this group are skipped; of all if left out")
      .optional("fork_at", inherited<CoordinatorFields>(&Faults::fork_at),
                as<std::uint64_t>(integer({0, INT64_MAX})),
                "ledger entry from which on one reader is shown another ledger; 0: never")
      .optional("backdate", inherited<CoordinatorFields>(&Faults::backdate_by), time_span(),
                "ledger entries claim to be this much older")
      .optional("bank_down", &CoordinatorFields::down,
                list_of(span.codec(), "a list of spans of time", {0, most_spans}),
                "when the ledger answers nothing")
      .check(check_spans);
  return table;
}

}  // namespace

Codec<core::Defences> defences_codec() {
  using core::Defences;
  Table<Defences> table("a mapping of defences");
  table.optional("commit_reveal", &Defences::commit_reveal,
                 choice<core::CommitReveal>({"none", "unsalted", "salted"}),
                 "what hides answers until all nodes have committed to theirs");
  const auto flag = [&](const char* key, bool Defences::*member, const char* doc) {
    table.optional(key, member, boolean(), doc);
  };
  flag("output_header", &Defences::output_header, "outputs must name the job that they are for");
  flag("domain_placement", &Defences::domain_placement,
       "replicas of a job go to nodes of different owners");
  flag("identity_cost", &Defences::identity_cost,
       "a new identity costs a fee and a stake, and is on probation");
  flag("audit_floor", &Defences::audit_floor, "the audit probability never falls below p_min");
  flag("vesting", &Defences::vesting, "pay is withheld for a while, and lost by a conviction");
  flag("backtracking", &Defences::backtracking,
       "earlier results of a convicted node are looked at again");
  flag("value_weighting", &Defences::value_weighting, "what pays more is audited more");
  flag("cross_class", &Defences::cross_class, "some replicas go to another host class");
  flag("in_flight_cap", &Defences::in_flight_cap, "a node without trust holds few replicas");
  flag("poison_stop", &Defences::poison_stop, "a job that fails at several owners is stopped");
  flag("ledger_time", &Defences::ledger_time, "times that nodes report move no money");
  flag("signature_checks", &Defences::signature_checks,
       "keys and signatures must be canonical and not revoked");
  flag("usage_by_peers", &Defences::usage_by_peers,
       "usage is priced by the median of the replicas");
  flag("dispute_bond", &Defences::dispute_bond, "who loses a dispute pays for it");
  flag("witness", &Defences::witness,
       "outsiders recompute the lottery and cosign the ledger's checkpoints");
  flag("strict_structure", &Defences::strict_structure, "a result of another shape is different");
  flag("sandbox", &Defences::sandbox, "comparators run out of process, with limits");
  table
      .refused("dedupe", "cannot be set",
               "leave it out: a result is known by its job and replica, so one that comes again "
               "changes nothing, and nothing could make it count twice")
      .refused("drift_test", "names no defence",
               "leave it out: answers within the comparator's tolerance are right, to whichever "
               "side they deviate");
  return table.codec();
}

Codec<CoordinatorSource> coordinator_codec() {
  Codec<CoordinatorSource> codec;
  codec.shape = coordinator_table().shape();
  codec.decode = [table = coordinator_table()](const Cursor& at, CoordinatorSource& out) {
    CoordinatorFields fields;
    table.decode(at, fields);
    const core::CoordinatorFaults& faults = fields;
    out = {faults, fields.favoured};
    out.faults.favoured_group = fields.favoured.value;
    for (const SpanFields& span : fields.down) {
      out.faults.bank_down.push_back({core::Time{span.from}, span.length});
    }
  };
  codec.write = [table = coordinator_table()](const CoordinatorSource& source) {
    CoordinatorFields fields;
    static_cast<core::CoordinatorFaults&>(fields) = source.faults;
    fields.favoured = source.favoured_group;
    for (const core::TimeSpan& span : source.faults.bank_down) {
      fields.down.push_back({span.from.time_since_epoch(), span.length});
    }
    return table.write(fields);
  };
  return codec;
}

}  // namespace nexa::io
