#include "io/validation_fields.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "core/assert.hpp"
#include "io/field_helpers.hpp"
#include "io/values.hpp"
#include "io/yaml/table.hpp"

namespace nexa::io {
namespace {

using validator::Redundancy;
using validator::ValidatorConfig;
using Fields = ValidationSource;

constexpr std::int64_t most_nodes = 1000;  ///< that one job can be about
constexpr std::int64_t most_results = 1'000'000;
constexpr std::int64_t whole_ppm = 1'000'000;
const std::vector<std::string> domain_words{"machine", "owner", "rack", "site"};

/// A list of words as bits, in the order of the words.
Codec<std::uint8_t> domains_codec() {
  const auto list = list_of(choice<std::uint32_t>(domain_words), "a list of fault domains",
                            {0, domain_words.size()});
  Codec<std::uint8_t> codec;
  codec.shape = list.shape;
  codec.decode = [decode = list.decode](const Cursor& at, std::uint8_t& out) {
    std::vector<std::uint32_t> indexes;
    decode(at, indexes);
    unsigned bits = 0;
    for (const std::uint32_t index : indexes) bits |= 1U << index;
    out = static_cast<std::uint8_t>(bits);
  };
  codec.print = [](const std::uint8_t& bits) {
    std::string text;
    for (std::size_t index = 0; index < domain_words.size(); ++index) {
      if ((bits >> index & 1) != 0) text += (text.empty() ? "" : ", ") + domain_words[index];
    }
    return '[' + text + ']';
  };
  return codec;
}

/// A back-off whose keys are, where they are absent, those of one of the validator's three.
template <validator::BackOff ValidatorConfig::*which>
struct BackOffFields : validator::BackOff {
  BackOffFields() : BackOff(ValidatorConfig{}.*which) {}
};

template <validator::BackOff ValidatorConfig::*which>
Codec<validator::BackOff> back_off_codec() {
  using validator::BackOff;
  using Own = BackOffFields<which>;
  Table<Own> table("a mapping with 'after', 'first' and 'longest'");
  table
      .optional("after", inherited<Own>(&BackOff::after), number({1, most_results}),
                "so many in a row, and the node is left alone")
      .optional("first", inherited<Own>(&BackOff::first), time_span(),
                "for so long, and twice as long each time that it happens again")
      .optional("longest", inherited<Own>(&BackOff::longest), time_span(), "at most so long")
      .check([](const Cursor& at, Own& fields) {
        if (fields.first <= fields.longest) return;
        const std::string_view keys[] = {"first", "longest"};
        at.diagnostics().add(at.place_of_first(keys),
                             in_quotes(at.path()) +
                                 " begins with a longer time than its longest, " +
                                 to_text(fields.longest),
                             "raise longest, or lower first");
      });
  const Codec<Own> own = table.codec();
  Codec<BackOff> codec;
  codec.shape = own.shape;
  codec.decode = [decode = own.decode](const Cursor& at, BackOff& out) {
    Own fields;
    const std::size_t errors = at.diagnostics().count();
    decode(at, fields);
    if (at.diagnostics().count() == errors) out = fields;
  };
  codec.write = [write = own.write](const BackOff& value) {
    Own fields;
    static_cast<BackOff&>(fields) = value;
    return write(fields);
  };
  return codec;
}

void add_rules(Table<Fields>& table) {
  const auto nodes = [] { return number({1, most_nodes}); };
  const auto replicas = [] { return number({1, validator::most_replicas_compared}); };
  table
      .optional("policy", inherited<Fields>(&Redundancy::policy),
                choice<validator::RedundancyPolicy>({validator::redundancy_policy_names.begin(),
                                                     validator::redundancy_policy_names.end()}),
                "how many copies a job gets, and which of them count")
      .optional("target_nresults", inherited<Fields>(&Redundancy::target_nresults), replicas(),
                "replicas that are sent at first")
      .optional("min_quorum", inherited<Fields>(&Redundancy::min_quorum), replicas(),
                "agreeing replicas that make a result")
      .optional("max_error_results", inherited<Fields>(&Redundancy::max_error_results), nodes(),
                "failed replicas after which a job is given up")
      .optional("max_total_results", inherited<Fields>(&Redundancy::max_total_results), replicas(),
                "replicas of one job at the most")
      .optional("max_success_results", inherited<Fields>(&Redundancy::max_success_results), nodes(),
                "results of one job at the most, before it is arbitrated or given up")
      .optional("delay_bound", inherited<Fields>(&Redundancy::delay_bound), time_span(),
                "a replica is late so long after its start; 0s: never")
      .optional("distinct", inherited<Fields>(&Redundancy::distinct), domains_codec(),
                "what no two replicas of a job may share")
      .optional("hr", inherited<Fields>(&Redundancy::host_class),
                choice<validator::HostClassRule>({"none", "isa", "uarch", "image"}),
                "which nodes may be compared bit by bit")
      .optional("comparator", &Fields::comparator,
                choice<validator::ComparatorKind>({"exact", "tolerance"}),
                "results agree if they are equal, or within a tolerance");
}

void add_audits(Table<Fields>& table) {
  table
      .optional("p_min", inherited<Fields>(&ValidatorConfig::audit_min_ppm),
                part_ppm({1, whole_ppm}),
                "probability of an audit, however good a node's record is; without one a patient "
                "liar is never found")
      .optional("audit_numerator", inherited<Fields>(&ValidatorConfig::audit_numerator),
                number({0, most_results}), "audits fall as this / (1 + checked results)")
      .optional("p_trusted", inherited<Fields>(&ValidatorConfig::spot_check_ppm), part_ppm(),
                "part of all results that a trusted node computes again")
      .optional("p_trusted_newcomers", inherited<Fields>(&ValidatorConfig::newcomer_spot_check_ppm),
                part_ppm(), "the same where no established node has a vote")
      .optional("newcomer_results", inherited<Fields>(&ValidatorConfig::newcomer_results),
                number({1, most_results}), "checked results before one of a node is enough")
      .optional("newcomer_share", inherited<Fields>(&ValidatorConfig::newcomer_share_ppm),
                part_ppm(), "part of the jobs that newcomers may take where they are few")
      .optional("established_quantile",
                inherited<Fields>(&ValidatorConfig::established_quantile_ppm), part_ppm(),
                "reputation below which a node stays a newcomer")
      .optional("value_weight_max", inherited<Fields>(&ValidatorConfig::value_weight_max),
                number({1, most_results}), "audits grow with a job's value, to so many times")
      .optional("p_arbiter", inherited<Fields>(&ValidatorConfig::arbiter_check_ppm), part_ppm(),
                "part of the arbitrations that a second trusted node looks at")
      .optional("max_arbiters", inherited<Fields>(&ValidatorConfig::max_arbiters),
                number({1, most_nodes}), "trusted replicas of one job at the most")
      .optional("cross_class", inherited<Fields>(&ValidatorConfig::cross_class_ppm), part_ppm(),
                "part of the jobs with an hr rule that another host class computes too")
      .optional("class_mismatches", inherited<Fields>(&ValidatorConfig::class_mismatches),
                number({1, most_results}), "mismatches from which on jobs keep away from the class")
      .optional("class_clean_samples", inherited<Fields>(&ValidatorConfig::class_clean_samples),
                number({1, most_results}), "right results in a row until they no longer do")
      .optional("suspected_share", inherited<Fields>(&ValidatorConfig::suspected_share_ppm),
                part_ppm(), "part of the jobs that use such a class still, each of them checked")
      .optional("epoch", &Fields::epoch, time_span(core::seconds(1)),
                "how long one seed of the audit lottery is in force");
}

void add_convictions(Table<Fields>& table) {
  table
      .optional("vest_results", inherited<Fields>(&ValidatorConfig::vest_results),
                number({0, most_results}), "unconfirmed results that a conviction reopens")
      .optional("strikes_to_expel", inherited<Fields>(&ValidatorConfig::strikes_to_expel),
                number({1, most_results}), "hard strikes that end a node's part")
      .optional("strike_memory", inherited<Fields>(&ValidatorConfig::strike_memory),
                number({1, 1'000'000'000}), "results after which a strike is forgotten")
      .optional("soft_strikes_to_hard", inherited<Fields>(&ValidatorConfig::soft_strikes_to_hard),
                number({1, most_results}), "soft strikes that make a hard one")
      .optional("soft_strike_window", inherited<Fields>(&ValidatorConfig::soft_strike_window),
                number({1, most_results}), "results within which soft strikes count together")
      .optional("crowd_blame", inherited<Fields>(&ValidatorConfig::crowd_blame_ppm), part_ppm(),
                "a node of a wrong result of several nodes gets a soft strike if it is the culprit "
                "with this probability at least")
      .optional("rerun_after_strike", inherited<Fields>(&ValidatorConfig::rerun_after_strike),
                boolean(), "ask the node that was wrong for the same again")
      .optional("poison_errors", inherited<Fields>(&ValidatorConfig::poison_errors),
                number({1, most_results}), "failures in a row after which a job is at fault")
      .optional("poison_nodes", inherited<Fields>(&ValidatorConfig::poison_nodes),
                number({1, most_nodes}), "over at least so many nodes")
      .optional("errors", inherited<Fields>(&ValidatorConfig::errors),
                back_off_codec<&ValidatorConfig::errors>(),
                "when a node is left alone whose "
                "replicas crash")
      .optional("wrong", inherited<Fields>(&ValidatorConfig::wrong),
                back_off_codec<&ValidatorConfig::wrong>(), "the same for wrong results")
      .optional("late", inherited<Fields>(&ValidatorConfig::late),
                back_off_codec<&ValidatorConfig::late>(), "the same for results that come late")
      .optional("in_flight_at_first", inherited<Fields>(&ValidatorConfig::in_flight_at_first),
                number({1, most_results}), "replicas at once of a node without a record")
      .optional("admission_burst", inherited<Fields>(&ValidatorConfig::admission_burst),
                number({1, most_results}), "new machines of one owner at once")
      .optional("admission_period", inherited<Fields>(&ValidatorConfig::admission_period),
                time_span(), "and then one more in each such time")
      .optional("forget", inherited<Fields>(&ValidatorConfig::forget_permille),
                factor_permille({0, 999}),
                "part of a node's record that fades with each new result");
}

void add_world(Table<Fields>& table) {
  table
      .optional("theta", inherited<Fields>(&ValidatorConfig::theta_ppm),
                part_ppm({1, whole_ppm - 1}),
                "credibility that a result needs, of policy credibility")
      .optional("assumed_faulty", inherited<Fields>(&ValidatorConfig::assumed_faulty_ppm),
                part_ppm({1, whole_ppm / 2 - 1}),
                "share of nodes that are taken for saboteurs, of policy credibility")
      .optional("odds_per_domain", inherited<Fields>(&ValidatorConfig::odds_per_domain),
                number({1, most_results}),
                "the most that one fault domain is believed, of policy credibility")
      .optional("boinc_trusted_from", inherited<Fields>(&ValidatorConfig::boinc_trusted_from),
                number({1, most_results}), "valid results in a row, of policy boinc_adaptive")
      .optional("poco_trust", inherited<Fields>(&ValidatorConfig::poco_trust),
                number({2, most_results}), "1 / (1 - credibility), of policy iexec_poco")
      .optional("trusted_tier", &Fields::trusted_tier, located(name()),
                "tier whose nodes arbitrate and run nothing else; none if left out")
      .optional("value", &Fields::value_per_core_hour,
                credits({core::Credits{}, core::Credits::whole(1'000'000)}),
                "what a result is worth, per core hour of the job's time limit")
      .optional("job_classes", &Fields::job_classes, number({1, 1000}),
                "a node's record with one class of jobs says nothing of another")
      .optional("answer_bits", &Fields::answer_bits, number({1, 256}),
                "entropy of an answer to somebody who has not computed it")
      .optional("recognises_machines", &Fields::recognises_machines, boolean(),
                "a machine that comes back under a new name keeps its record");
}

/// The members of `Redundancy` that a rule can be about are called as their keys are.
void check_rules_together(const Cursor& at, Fields& fields) {
  if (const auto fault = validator::fault_of(fields.rules())) {
    at.diagnostics().add(at.place_of_first(fault->knobs), fault->message, fault->hint);
  }
  NEXA_ASSERT(validator::check(fields.config()), "every range here is within the validator's");
  const std::string_view domains[] = {"distinct", "min_quorum", "target_nresults", "policy"};
  fields.distinct_place = at.place_of_first(domains);
  if (fields.policy == validator::RedundancyPolicy::arbitrated &&
      fields.trusted_tier.value.empty()) {
    const std::string_view keys[] = {"policy"};
    at.diagnostics().add(at.place_of_first(keys), "policy arbitrated needs a trusted tier",
                         "name the tier that decides: trusted_tier");
  }
}

}  // namespace

Codec<ValidationSource> validation_codec() {
  Table<Fields> table("a mapping that describes how results are validated");
  add_rules(table);
  add_audits(table);
  add_convictions(table);
  add_world(table);
  table.check(check_rules_together);
  return table.codec();
}

}  // namespace nexa::io
