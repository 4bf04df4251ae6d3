#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "core/credits.hpp"
#include "core/time.hpp"

/// How nodes of a simulated platform behave, as a platform file says it. One plain record per kind,
/// whose members are its knobs; `simulator/behaviour.hpp` acts on them. The names A1 to A29 are
/// those of the attack table in docs/behaviours.md, where each kind is described.
///
/// Rates and shares are integers in millionths (`_ppm`), because they decide something.
namespace nexa::core {

/// A1: right answers that differ a little, as floating-point results do between host classes. The
/// deviation from the right answer is the sum of two normal draws, one per job and host class and
/// one per replica, in thousandths of the comparator's tolerance.
struct Noisy {
  std::uint32_t class_offset_permille = 200;  ///< standard deviation between host classes
  std::uint32_t noise_permille = 50;          ///< standard deviation within one
  friend constexpr bool operator==(const Noisy&, const Noisy&) = default;
};

/// A2: hands in what it computed for another job, without computing.
struct Lazy {
  std::uint32_t rate_ppm = 100'000;  ///< of its replicas
  bool forges_header = false;        ///< writes this job's digest into the old output
  friend constexpr bool operator==(const Lazy&, const Lazy&) = default;
};

/// A3: hands in one of several plausible wrong answers, without computing.
struct Guesser {
  std::uint32_t rate_ppm = 1'000'000;
  std::uint32_t plausible_answers = 1000;  ///< equally likely; two guessers may agree by chance
  friend constexpr bool operator==(const Guesser&, const Guesser&) = default;
};

/// A4: computes nothing, waits, and hands in what another node handed in for the job.
struct Copier {
  std::uint32_t rate_ppm = 1'000'000;
  Duration wait = seconds(600);        ///< beyond the time that the job would have taken
  std::uint32_t searchable_bits = 40;  ///< entropy of an answer up to which a hash is reversed
  friend constexpr bool operator==(const Copier&, const Copier&) = default;
};

/// A5: answers wrongly at random, alone.
struct Saboteur {
  std::uint32_t rate_ppm = 100'000;
  friend constexpr bool operator==(const Saboteur&, const Saboteur&) = default;
};

/// A6: answers wrongly only where it counts. All conditions must hold.
struct Targeted {
  std::uint32_t rate_ppm = 1'000'000;  ///< of the jobs that are targets
  std::uint32_t jobs_ppm = 10'000;     ///< share of jobs that are targets, equal for all nodes
  Credits min_value{};                 ///< only jobs that pay at least this
  std::optional<std::uint32_t> job_class{};  ///< only jobs of this class
  friend constexpr bool operator==(const Targeted&, const Targeted&) = default;
};

/// A7: moves every answer to one side, by less than the comparator's tolerance.
struct Biased {
  std::uint32_t bias_permille = 900;  ///< of the tolerance
  friend constexpr bool operator==(const Biased&, const Biased&) = default;
};

/// A8, A9: a group of nodes that decide per job whether to give a common wrong answer. Nodes of one
/// `group` number collude, over all node groups of the platform.
struct Colluder {
  std::uint32_t group = 1;
  std::uint32_t jobs_ppm = 100'000;  ///< share of jobs that the group has agreed to falsify
  friend constexpr bool operator==(const Colluder&, const Colluder&) = default;
};

/// A11: builds trust with right answers, then betrays.
struct Sleeper {
  std::uint32_t build = 10;            ///< checked valid results in a row before it betrays
  std::uint32_t betrayals = 0;         ///< wrong answers before it builds anew; 0: until caught
  std::uint32_t rate_ppm = 1'000'000;  ///< of its replicas while it betrays
  std::uint32_t group = 0;             ///< those of one group give a common wrong answer; 0: alone
  bool counts_unchecked = false;       ///< also counts valid results that nobody compared
  friend constexpr bool operator==(const Sleeper&, const Sleeper&) = default;
};

/// A12: silent data corruption. Each node has a rate of its own, drawn log-uniformly, and one of
/// two defects: data-dependent, which gives the same wrong answer for the same job again, or
/// temperature-dependent, which comes and goes.
struct SilentCorruption {
  std::uint32_t min_rate_ppm = 10;
  std::uint32_t max_rate_ppm = 100'000;
  std::uint32_t repeatable_ppm = 500'000;  ///< share of nodes whose defect is data-dependent
  friend constexpr bool operator==(const SilentCorruption&, const SilentCorruption&) = default;
};

/// A13: all nodes with the same `defect` give the same wrong answer for the same jobs, as a defect
/// of a driver or compiler makes a whole host class do.
struct ClassDefect {
  std::uint32_t defect = 1;
  std::uint32_t jobs_ppm = 10'000;           ///< share of jobs that meet the defect
  std::optional<std::uint32_t> job_class{};  ///< only jobs of this class
  friend constexpr bool operator==(const ClassDefect&, const ClassDefect&) = default;
};

/// A14: crashes under its replicas, after exponentially distributed times.
struct Flaky {
  Duration mtbf = seconds(36'000);  ///< mean time between failures while it computes
  friend constexpr bool operator==(const Flaky&, const Flaky&) = default;
};

/// A15: takes longer than its speed says.
struct Straggler {
  std::uint32_t rate_ppm = 100'000;
  std::uint32_t slowdown_permille = 10'000;  ///< of the run time
  friend constexpr bool operator==(const Straggler&, const Straggler&) = default;
};

/// A15: takes jobs and never answers.
struct Hoarder {
  std::uint32_t rate_ppm = 1'000'000;
  friend constexpr bool operator==(const Hoarder&, const Hoarder&) = default;
};

/// A17: reports times by a clock that is wrong, and now and then one that runs backwards.
struct TimeForger {
  Duration skew = seconds(3600);          ///< ahead or behind, drawn per node
  std::uint32_t backwards_ppm = 100'000;  ///< of its replicas end before they start
  friend constexpr bool operator==(const TimeForger&, const TimeForger&) = default;
};

/// A18: presents an attestation again: instead of a new one, or several times to be paid again.
struct Replayer {
  std::uint32_t rate_ppm =
      100'000;                ///< of its replicas come with the attestation of an earlier one
  std::uint32_t resends = 1;  ///< times that each attestation is sent again
  friend constexpr bool operator==(const Replayer&, const Replayer&) = default;
};

/// A19: signs with what a careless verifier takes for a signature.
struct SignatureForger {
  std::uint32_t rate_ppm = 1'000'000;
  friend constexpr bool operator==(const SignatureForger&, const SignatureForger&) = default;
};

/// A20: claims more usage than it had.
struct Overclaimer {
  std::uint32_t claim_permille = 1500;  ///< of the true usage
  friend constexpr bool operator==(const Overclaimer&, const Overclaimer&) = default;
};

/// A21: aborts long jobs, which pay less per hour than short ones under some price rules.
struct CherryPicker {
  Duration longest = seconds(1800);  ///< aborts jobs whose time limit is longer
  friend constexpr bool operator==(const CherryPicker&, const CherryPicker&) = default;
};

/// A26: somebody else has the node's key, and answers in its name.
struct StolenKey {
  Duration stolen_at = seconds(3600);        ///< since the beginning of the simulation
  Duration revoked_after = seconds(86'400);  ///< from the theft to the revocation in the log
  std::uint32_t rate_ppm = 1'000'000;        ///< of the node's replicas, from the theft on
  friend constexpr bool operator==(const StolenKey&, const StolenKey&) = default;
};

/// Answers wrongly without computing whenever that pays by its own record, and computes when it
/// does not. The reckoning is that of `simulator/provider_economics.hpp`; a simulation without an
/// economy leaves it honest.
struct Opportunist {
  std::uint32_t rate_ppm = 1'000'000;  ///< of its replicas while cheating pays
  friend constexpr bool operator==(const Opportunist&, const Opportunist&) = default;
};

/// A28: hands in output of a wrong shape, which careless comparators skip.
struct WrongShape {
  std::uint32_t rate_ppm = 100'000;
  friend constexpr bool operator==(const WrongShape&, const WrongShape&) = default;
};

/// A29: hands in output that is meant to break the comparator: a bomb, a path, an endless loop.
struct CheckerExploit {
  std::uint32_t rate_ppm = 10'000;
  friend constexpr bool operator==(const CheckerExploit&, const CheckerExploit&) = default;
};

using Behaviour = std::variant<Noisy, Lazy, Guesser, Copier, Saboteur, Targeted, Biased, Colluder,
                               Sleeper, SilentCorruption, ClassDefect, Flaky, Straggler, Hoarder,
                               TimeForger, Replayer, SignatureForger, Overclaimer, CherryPicker,
                               StolenKey, WrongShape, CheckerExploit, Opportunist>;

/// What a behaviour says of whoever runs the node.
enum class Intent : std::uint8_t {
  honest,   ///< does its best; a conviction for a wrong answer would be false
  faulty,   ///< wants to be honest, but the machine answers wrongly
  hostile,  ///< knows what it does
};

inline constexpr std::array<std::string_view, 3> intent_names{"honest", "faulty", "hostile"};
static_assert(intent_names.size() == static_cast<std::size_t>(Intent::hostile) + 1);

constexpr std::string_view name_of(Intent intent) {
  return intent_names[static_cast<std::size_t>(intent)];
}

/// The word behind `kind` in a platform file, such as `saboteur`.
std::string_view name_of(const Behaviour& behaviour);
Intent intent_of(const Behaviour& behaviour);

/// A behaviour and the nodes of a group that have it. A node has at most one hostile behaviour; the
/// others come on top of each other, because a saboteur's processor may be defective too.
struct BehaviourShare {
  Behaviour behaviour{};
  std::uint32_t nodes = 0;  ///< of the group, chosen by the seed
  /// A10: after so many strikes, leaves and comes back under a new identity; 0: never.
  std::uint32_t whitewash_after = 0;
  Duration whitewash_rest{};  ///< between leaving and coming back

  friend constexpr bool operator==(const BehaviourShare&, const BehaviourShare&) = default;
};

}  // namespace nexa::core
