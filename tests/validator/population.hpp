#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/rng.hpp"
#include "validator/validator.hpp"

namespace nexa::validator::test {

/// How a simulated node answers.
enum class Kind : std::uint8_t {
  honest,
  saboteur,            ///< wrong at its rate, each time another answer
  colluder,            ///< all of them give the same wrong answer to a share of jobs
  betrayer,            ///< right until it is relied on, then always wrong until it is caught
  colluding_betrayer,  ///< the same with a common wrong answer
  defective,           ///< as saboteur, but does not mean it
};

/// A population of nodes, the rules of its jobs, and what its attackers may do.
struct Mix {
  std::string name;
  Kind kind = Kind::honest;  ///< of the hostile ones
  std::uint32_t hostile_permille = 0;
  double rate = 0;             ///< of wrong answers, or of jobs that are falsified together
  std::uint32_t patience = 0;  ///< results that a betrayer gives once it is relied on, before
  std::uint32_t build = 0;     ///< a betrayer lies from so many checked results on; 0: established
  bool reregisters = false;    ///< who is convicted comes back at once as somebody else
  bool same_machine = false;   ///< ... on the same machine, which is recognised
  std::uint32_t nodes = 300;
  std::uint32_t arbiters = 20;
  double arbiter_sdc = 1e-5;
  std::uint32_t jobs = 20'000;
  Redundancy rules;
  ValidatorConfig config;
  std::uint64_t seed = 3;
};

/// What came of it.
struct Tally {
  std::uint64_t jobs = 0;
  std::uint64_t accepted = 0;
  std::uint64_t failed = 0;
  std::uint64_t wrong = 0;           ///< accepted results that are wrong in the end
  std::uint64_t wrong_at_first = 0;  ///< of verdicts, before revisions
  std::uint64_t copies = 0;          ///< replicas that ran, of all purposes
  std::uint64_t steady_copies = 0;   ///< of the second half of the jobs
  std::map<Purpose, std::uint64_t> by_purpose;
  std::set<std::uint32_t> honest_convicted;
  std::uint64_t convictions = 0;
  std::uint64_t identities = 0;
  std::uint64_t same_domain_pairs = 0;
  std::uint64_t unfounded = 0;  ///< verdicts that do not follow from what they say of themselves
  std::uint64_t digest_of_decisions = 0;

  [[nodiscard]] double wrong_share() const {
    return accepted == 0 ? 0 : static_cast<double>(wrong) / static_cast<double>(accepted);
  }
  [[nodiscard]] double copies_per_job() const {
    return static_cast<double>(copies) / static_cast<double>(jobs);
  }
  [[nodiscard]] double steady_copies_per_job() const {
    return static_cast<double>(steady_copies) / (static_cast<double>(jobs) / 2);
  }
};

/// Drives a validator without a scheduler: one job after the other, each on random nodes that the
/// validator allows.
class Population {
 public:
  explicit Population(Mix mix);
  Tally run();
  [[nodiscard]] const Validator& validator() const { return validator_; }

 private:
  struct Member {
    core::NodeId id;
    Kind kind = Kind::honest;
    core::OwnerId owner;
    MachineId machine;
    bool trusted = false;
    bool available = true;
    bool gone = false;
    TrustBucket bucket = TrustBucket::newcomer;
    bool lies = false;           ///< a betrayer that is relied on
    std::uint32_t answered = 0;  ///< since it was last relied on
    std::uint32_t checked = 0;   ///< valid results in a row that were compared
  };

  std::uint32_t join(Kind kind, bool trusted, MachineId machine);
  void drain();
  void place(const SendReplica& wish);
  [[nodiscard]] bool may_run(const SendReplica& wish, const Member& member) const;
  core::Digest answer(core::JobId job, core::ReplicaId replica, Member& member);
  void on(const Verdict& verdict);
  void on(const VerdictRevised& revised);
  void on(const Convict& convict);
  void note_canonical(core::JobId job, const core::Digest& digest);
  double unit(std::uint64_t entity, std::uint32_t draw) const;

  Mix mix_;
  Validator validator_;
  Tally tally_;
  std::vector<Member> members_;
  std::vector<std::uint32_t> workers_;
  std::vector<std::uint32_t> arbiters_;
  std::vector<bool> wrong_;  ///< by job: the canonical result as it is now
  /// By job: its replicas and who ran them.
  std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> runs_;
  std::uint64_t draws_ = 0;
  core::Time now_{};
  bool second_half_ = false;
};

/// V-d: whether an accepted verdict of one of the own policies follows from what it says alone, as
/// somebody would check it who has nothing but the ledger. For exact comparators.
bool is_founded(const Verdict& verdict, std::uint32_t quorum);

/// The right answer to a job, and wrong ones.
core::Digest digest_of(std::uint64_t job, std::uint64_t variant);

/// SHA-256 as the pure modules want it.
core::Sha256 sha256_for_tests();

}  // namespace nexa::validator::test
