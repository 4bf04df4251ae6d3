#include "io/behaviour_kinds.hpp"

#include <utility>

#include "io/field_helpers.hpp"
#include "io/yaml/table.hpp"

namespace nexa::io {
namespace {

constexpr std::int64_t most_groups = 1'000'000;

/// An entry of one kind: its knobs, and the keys that all entries have.
template <class Knobs>
struct Entry : Knobs {
  std::string kind;
  std::optional<Located<std::uint32_t>> share_ppm;
  std::optional<Located<std::uint32_t>> count;
  std::uint32_t whitewash_after = 0;
  core::Duration whitewash_rest{};
};

/// The keys of one kind.
template <class Knobs>
class KindTable {
 public:
  KindTable() : table_("a mapping with a kind of behaviour"), name_(core::name_of(Knobs{})) {
    table_.required("kind", &Entry<Knobs>::kind, one_word(name_), "what the nodes do")
        .optional("share", &Entry<Knobs>::share_ppm, located(part_ppm({1, 1'000'000})),
                  "part of the group's nodes, rounded to the nearest number; all if left out")
        .optional("count", &Entry<Knobs>::count, located(number({1, 1'000'000})),
                  "number of the group's nodes, in place of 'share'");
    if (core::intent_of(Knobs{}) != core::Intent::hostile) return;
    table_
        .optional("whitewash_after", &Entry<Knobs>::whitewash_after, number({0, largest_count}),
                  "strikes after which a node leaves and comes back under a new identity; 0: never")
        .optional("whitewash_rest", &Entry<Knobs>::whitewash_rest, time_span(),
                  "time between leaving and coming back");
  }

  template <class V>
  KindTable& knob(std::string key, V Knobs::*member, Codec<V> codec, std::string doc) {
    table_.optional(std::move(key), inherited<Entry<Knobs>>(member), std::move(codec),
                    std::move(doc));
    return *this;
  }
  template <class V>
  KindTable& knob(std::string key, std::optional<V> Knobs::*member, Codec<V> codec,
                  std::string doc) {
    table_.optional(std::move(key), inherited<Entry<Knobs>>(member), std::move(codec),
                    std::move(doc));
    return *this;
  }
  KindTable& check(std::function<void(const Cursor&, const Knobs&)> rule) {
    table_.check(
        [rule = std::move(rule)](const Cursor& at, Entry<Knobs>& entry) { rule(at, entry); });
    return *this;
  }

  [[nodiscard]] BehaviourKind kind() const {
    return {name_, table_.shape(), [table = table_](const Cursor& at, BehaviourEntry& out) {
              Entry<Knobs> entry;
              table.decode(at, entry);
              out.behaviour = static_cast<const Knobs&>(entry);
              out.share_ppm = entry.share_ppm;
              out.count = entry.count;
              out.whitewash_after = entry.whitewash_after;
              out.whitewash_rest = entry.whitewash_rest;
            }};
  }

 private:
  static Codec<std::string> one_word(const std::string& word) {
    Codec<std::string> codec;
    codec.shape.choices = {word};
    codec.shape.expected = word;
    codec.decode = [](const Cursor& at, std::string& out) { out = at.node().text; };
    codec.print = [](const std::string& value) { return value; };
    return codec;
  }

  Table<Entry<Knobs>> table_;
  std::string name_;
};

constexpr const char* rate_doc = "part of its replicas";

BehaviourKind noisy() {
  return KindTable<core::Noisy>()
      .knob("class_offset", &core::Noisy::class_offset_permille, factor_permille({0, 1'000'000}),
            "standard deviation between host classes, in units of the tolerance")
      .knob("noise", &core::Noisy::noise_permille, factor_permille({0, 1'000'000}),
            "standard deviation within a host class, in units of the tolerance")
      .kind();
}
BehaviourKind lazy() {
  return KindTable<core::Lazy>()
      .knob("rate", &core::Lazy::rate_ppm, part_ppm(), rate_doc)
      .knob("forges_header", &core::Lazy::forges_header, boolean(),
            "whether the old output is made to name the new job")
      .kind();
}
BehaviourKind guesser() {
  return KindTable<core::Guesser>()
      .knob("rate", &core::Guesser::rate_ppm, part_ppm(), rate_doc)
      .knob("plausible_answers", &core::Guesser::plausible_answers, number({1, largest_count}),
            "number of wrong answers that it chooses from")
      .kind();
}
BehaviourKind copier() {
  return KindTable<core::Copier>()
      .knob("rate", &core::Copier::rate_ppm, part_ppm(), rate_doc)
      .knob("wait", &core::Copier::wait, time_span(),
            "how much later than a computed result it answers")
      .knob("searchable_bits", &core::Copier::searchable_bits, number({0, 256}),
            "entropy of an answer up to which it reverses a hash without salt")
      .kind();
}
BehaviourKind saboteur() {
  return KindTable<core::Saboteur>()
      .knob("rate", &core::Saboteur::rate_ppm, part_ppm(), rate_doc)
      .kind();
}
BehaviourKind targeted() {
  return KindTable<core::Targeted>()
      .knob("rate", &core::Targeted::rate_ppm, part_ppm(), "part of its replicas of target jobs")
      .knob("jobs", &core::Targeted::jobs_ppm, part_ppm(), "part of the jobs that are targets")
      .knob("min_value", &core::Targeted::min_value,
            credits({core::Credits{}, core::Credits::whole(1'000'000'000)}),
            "only jobs that pay at least this many credits")
      .knob("job_class", &core::Targeted::job_class, number({0, largest_count}),
            "only jobs of this class")
      .kind();
}
BehaviourKind biased() {
  return KindTable<core::Biased>()
      .knob("bias", &core::Biased::bias_permille, factor_permille({0, 1000}),
            "shift of all numbers, in units of the tolerance")
      .kind();
}
BehaviourKind colluder() {
  return KindTable<core::Colluder>()
      .knob("group", &core::Colluder::group, number({1, most_groups}),
            "nodes with the same number give the same wrong answers")
      .knob("jobs", &core::Colluder::jobs_ppm, part_ppm(),
            "part of the jobs that the group falsifies")
      .kind();
}
BehaviourKind sleeper() {
  return KindTable<core::Sleeper>()
      .knob("build", &core::Sleeper::build, number({0, largest_count}),
            "valid results in a row before it betrays")
      .knob("betrayals", &core::Sleeper::betrayals, number({0, largest_count}),
            "wrong answers before it builds trust anew; 0: until it is caught")
      .knob("rate", &core::Sleeper::rate_ppm, part_ppm(), "part of its replicas while it betrays")
      .knob("group", &core::Sleeper::group, number({0, most_groups}),
            "nodes with the same number give the same wrong answers; 0: its own")
      .knob("counts_unchecked", &core::Sleeper::counts_unchecked, boolean(),
            "whether results that nobody compared count as trust")
      .kind();
}
BehaviourKind sdc() {
  return KindTable<core::SilentCorruption>()
      .knob("min_rate", &core::SilentCorruption::min_rate_ppm, part_ppm({1, 1'000'000}),
            "smallest part of its replicas that a node corrupts")
      .knob("max_rate", &core::SilentCorruption::max_rate_ppm, part_ppm({1, 1'000'000}),
            "largest such part; each node's own is drawn log-uniformly between them")
      .knob("repeatable", &core::SilentCorruption::repeatable_ppm, part_ppm(),
            "part of the nodes whose defect depends on the data and not on temperature")
      .check([](const Cursor& at, const core::SilentCorruption& knobs) {
        if (knobs.min_rate_ppm > knobs.max_rate_ppm) at.error("min_rate is more than max_rate");
      })
      .kind();
}
BehaviourKind class_defect() {
  return KindTable<core::ClassDefect>()
      .knob("defect", &core::ClassDefect::defect, number({1, most_groups}),
            "nodes with the same number have the same defect")
      .knob("jobs", &core::ClassDefect::jobs_ppm, part_ppm(),
            "part of the jobs that meet the defect")
      .knob("job_class", &core::ClassDefect::job_class, number({0, largest_count}),
            "only jobs of this class")
      .kind();
}
BehaviourKind flaky() {
  return KindTable<core::Flaky>()
      .knob("mtbf", &core::Flaky::mtbf, time_span(core::seconds(1)),
            "mean time between crashes while it computes")
      .kind();
}
BehaviourKind straggler() {
  return KindTable<core::Straggler>()
      .knob("rate", &core::Straggler::rate_ppm, part_ppm(), rate_doc)
      .knob("slowdown", &core::Straggler::slowdown_permille, factor_permille({1000, 1'000'000'000}),
            "run times are multiplied by it")
      .kind();
}
BehaviourKind hoarder() {
  return KindTable<core::Hoarder>()
      .knob("rate", &core::Hoarder::rate_ppm, part_ppm(), rate_doc)
      .kind();
}
BehaviourKind time_forger() {
  return KindTable<core::TimeForger>()
      .knob("skew", &core::TimeForger::skew, time_span(), "error of its clock, ahead or behind")
      .knob("backwards", &core::TimeForger::backwards_ppm, part_ppm(),
            "part of its replicas that end before they start, by its clock")
      .kind();
}
BehaviourKind replayer() {
  return KindTable<core::Replayer>()
      .knob("rate", &core::Replayer::rate_ppm, part_ppm(),
            "part of its replicas for which it shows the attestation of an earlier one")
      .knob("resends", &core::Replayer::resends, number({0, 1000}),
            "times that it sends each attestation again")
      .kind();
}
BehaviourKind signature_forger() {
  return KindTable<core::SignatureForger>()
      .knob("rate", &core::SignatureForger::rate_ppm, part_ppm(), rate_doc)
      .kind();
}
BehaviourKind overclaimer() {
  return KindTable<core::Overclaimer>()
      .knob("claim", &core::Overclaimer::claim_permille, factor_permille({0, 1'000'000}),
            "usage that it claims, of the true one")
      .kind();
}
BehaviourKind cherry_picker() {
  return KindTable<core::CherryPicker>()
      .knob("longest", &core::CherryPicker::longest, time_span(),
            "it gives back jobs with a longer time limit")
      .kind();
}
BehaviourKind stolen_key() {
  return KindTable<core::StolenKey>()
      .knob("stolen_at", &core::StolenKey::stolen_at, time_span(), "since the beginning")
      .knob("revoked_after", &core::StolenKey::revoked_after, time_span(), "since the theft")
      .knob("rate", &core::StolenKey::rate_ppm, part_ppm(),
            "part of its replicas, from the theft on")
      .kind();
}
BehaviourKind wrong_shape() {
  return KindTable<core::WrongShape>()
      .knob("rate", &core::WrongShape::rate_ppm, part_ppm(), rate_doc)
      .kind();
}
BehaviourKind checker_exploit() {
  return KindTable<core::CheckerExploit>()
      .knob("rate", &core::CheckerExploit::rate_ppm, part_ppm(), rate_doc)
      .kind();
}
BehaviourKind opportunist() {
  return KindTable<core::Opportunist>()
      .knob("rate", &core::Opportunist::rate_ppm, part_ppm(),
            "part of its replicas while cheating pays")
      .kind();
}

}  // namespace

const std::vector<BehaviourKind>& behaviour_kinds() {
  static const std::vector<BehaviourKind> kinds{noisy(),
                                                lazy(),
                                                guesser(),
                                                copier(),
                                                saboteur(),
                                                targeted(),
                                                biased(),
                                                colluder(),
                                                sleeper(),
                                                sdc(),
                                                class_defect(),
                                                flaky(),
                                                straggler(),
                                                hoarder(),
                                                time_forger(),
                                                replayer(),
                                                signature_forger(),
                                                overclaimer(),
                                                cherry_picker(),
                                                stolen_key(),
                                                wrong_shape(),
                                                checker_exploit(),
                                                opportunist()};
  return kinds;
}

}  // namespace nexa::io
