// L9 and V-d for outsiders: from the journal of a run alone, who had to be believed and who was
// convicted, that each verdict follows from what it says, and that the lottery drew as it had to.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "io/hex.hpp"
#include "io/ledger_walk.hpp"
#include "io/sha256.hpp"
#include "tests/cli/run_to_json.hpp"
#include "tests/io/scratch.hpp"
#include "validator/lottery.hpp"

namespace nexa::cli {
namespace {

using nlohmann::json;

std::uint32_t number_of(const json& id) {
  return static_cast<std::uint32_t>(std::stoul(id.get<std::string>()));
}

core::Digest digest_of(const json& hex) {
  const auto digest = io::digest_of_hex(hex.get<std::string>());
  EXPECT_TRUE(digest) << hex;
  return digest.value_or(core::Digest{});
}

/// By class, the heaviest vote of each fault domain.
using Votes = std::map<std::uint32_t, std::map<std::uint32_t, std::uint64_t>>;

std::uint64_t weight_of(const std::map<std::uint32_t, std::uint64_t>& domains) {
  std::uint64_t sum = 0;
  for (const auto& [domain, weight] : domains) sum += weight;
  return sum;
}

/// V3: enough domains agree, and weigh more than any others that agree.
bool is_plurality(Votes& votes, std::uint32_t quorum) {
  const std::uint64_t winner = weight_of(votes[1]);
  return votes[1].size() >= quorum &&
         std::all_of(votes.begin(), votes.end(), [&](const auto& each) {
           return each.first == 1 || weight_of(each.second) < winner;
         });
}

/// Whether an accepted verdict follows from its note.
bool is_founded(const json& note, std::uint32_t quorum) {
  Votes votes;
  std::size_t results = 0;
  bool trusted_agrees = false;
  bool canonical_won = false;
  for (const json& replica : note["replicas"]) {
    const auto group = replica["class"].get<std::uint32_t>();
    if (group == 0) continue;
    ++results;
    std::uint64_t& weight = votes[group][replica["domain"].get<std::uint32_t>()];
    weight = std::max(weight, replica["weight"].get<std::uint64_t>());
    if ((group == 1) != (replica["state"] == "valid")) return false;
    trusted_agrees = trusted_agrees || (group == 1 && replica.value("trusted", false));
    canonical_won = canonical_won || (group == 1 && replica["replica"] == note["canonical"]);
  }
  if (!canonical_won) return false;
  const std::string rule = note["rule"];
  if (rule == "quorum") return is_plurality(votes, quorum);
  if (rule == "arbiter" || rule == "spot_check") return trusted_agrees && note["confirmed"];
  return rule == "earned" && results == 1 && note.contains("draw") &&
         note["draw"]["value"] >= note["draw"]["audit_below"];
}

/// What somebody knows who has read the file and nothing else.
class Outsider {
 public:
  void read(const std::string& path) {
    std::ifstream file(path);
    ledger::Ledger books;
    io::LedgerWalk walk(&books);
    for (std::string line; std::getline(file, line);) {
      const auto wrong = walk.add(line);
      ASSERT_FALSE(wrong) << wrong->error.message << '\n' << line;
      if (std::holds_alternative<ledger::Note>(walk.line().entry.body)) take(json::parse(line));
    }
  }

  std::map<std::string, std::uint64_t> rules;   ///< of accepted verdicts
  std::map<std::uint32_t, json> verdicts;       ///< by job
  std::map<std::uint32_t, std::string> digest;  ///< by job: of the result that stands at the end
  std::set<std::uint32_t> convicted;            ///< nodes
  std::uint64_t revised = 0;
  std::map<std::uint64_t, core::Digest> commitments;
  std::map<std::uint64_t, core::Digest> seeds;

 private:
  void take(const json& note) {
    const std::string type = note["type"];
    if (type == "seed.committed") {
      EXPECT_TRUE(commitments.emplace(note["epoch"], digest_of(note["commitment"])).second);
    } else if (type == "seed.revealed") {
      EXPECT_TRUE(seeds.emplace(note["epoch"], digest_of(note["seed"])).second);
    } else if (type == "verdict") {
      take_verdict(note);
    } else if (type == "verdict.revised") {
      ++revised;
      ASSERT_TRUE(verdicts.contains(number_of(note["job"]))) << "it revises what was said before";
      digest[number_of(note["job"])] = note["digest"];
    } else {
      ASSERT_EQ(type, "convict");
      if (note["convicted"]) convicted.insert(number_of(note["node"]));
    }
  }

  void take_verdict(const json& note) {
    const std::uint32_t job = number_of(note["job"]);
    EXPECT_TRUE(verdicts.emplace(job, note).second) << "one verdict for each job";
    if (note.contains("draw")) {
      const std::uint64_t epoch = note["draw"]["epoch"];
      EXPECT_TRUE(commitments.contains(epoch)) << "the seed was fixed before";
    }
    if (note["outcome"] != "accepted") return;
    digest[job] = note["digest"];
    ++rules[note["rule"]];
  }
};

validator::Draw draw_of(const json& note) {
  const json& draw = note["draw"];
  return {.epoch = draw["epoch"],
          .job = core::JobId{number_of(note["job"])},
          .replica = core::ReplicaId{number_of(draw["replica"])},
          .node = core::NodeId{number_of(draw["node"])},
          .spot_check_below = draw["spot_check_below"],
          .audit_below = draw["audit_below"],
          .cross_class_from = draw["cross_class_from"],
          .value = draw["value"]};
}

class LedgerNotes : public ::testing::Test {
 protected:
  LedgerNotes() {
    static_cast<void>(scratch_.file("platform.yaml", R"(name: mixed
groups:
  - {name: volunteer, tier: cpu, count: 60, cores: 1, memory: 1 GiB, price: 0.02,
     owners: 60, behaviours: [{kind: sleeper, count: 12, build: 12}]}
  - {name: arbiter, tier: hpc, count: 3, cores: 8, memory: 8 GiB, price: 0.1}
)"));
    flags_.scenario = scratch_.file("scenario.yaml", R"(name: mixed
workload:
  synthetic: {jobs: 1500, load: 0.3, tier: cpu}
platform: platform.yaml
policy: fcfs+easy
validation: {policy: arbitrated, target_nresults: 1, trusted_tier: hpc, epoch: 1h}
credits: {price: flat_per_tier}
coordinator: {bank_down: [{from: 1h, for: 30m}]}
)");
  }

  json run(const std::string& journal) {
    flags_.ledger = journal;
    return testing::run_to_json(flags_);
  }

  io::testing::Scratch scratch_;
  SimFlags flags_;
};

TEST_F(LedgerNotes, LetOutsidersJudgeEveryVerdictAgain) {
  const std::string journal = scratch_.file("ledger.jsonl");
  const json summary = run(journal);
  Outsider outsider;
  outsider.read(journal);
  EXPECT_EQ(outsider.verdicts.size(), summary["jobs"]);
  EXPECT_EQ(outsider.digest.size(), summary["validation"]["jobs_accepted"]);
  for (const auto& [job, note] : outsider.verdicts) {
    if (note["outcome"] == "accepted") {
      EXPECT_TRUE(is_founded(note, 2)) << note;
    }
  }
  for (const char* rule : {"quorum", "arbiter", "earned", "spot_check"}) {
    EXPECT_GT(outsider.rules[rule], 0U) << rule;
  }
  std::uint64_t convicted = 0;
  for (const json& behaviour : summary["validation"]["behaviours"]) {
    convicted += behaviour["convicted"].get<std::uint64_t>();
  }
  EXPECT_GT(convicted, 0U);
  EXPECT_EQ(outsider.convicted.size(), convicted);
  EXPECT_GT(outsider.revised, 0U);
}

TEST_F(LedgerNotes, LetOutsidersDrawAgain) {
  const std::string journal = scratch_.file("ledger.jsonl");
  run(journal);
  Outsider outsider;
  outsider.read(journal);
  EXPECT_GT(outsider.commitments.size(), 1U) << "more than one epoch";
  EXPECT_EQ(outsider.commitments.size(), outsider.seeds.size()) << "the last one is shown, too";
  std::uint64_t draws = 0;
  for (const auto& [job, note] : outsider.verdicts) {
    if (!note.contains("draw")) continue;
    ++draws;
    validator::Draw draw = draw_of(note);
    const core::Digest& commitment = outsider.commitments.at(draw.epoch);
    const core::Digest& seed = outsider.seeds.at(draw.epoch);
    EXPECT_TRUE(validator::verify_draw(io::sha256_of_parts, commitment, seed, draw)) << note;
    ++draw.value;
    EXPECT_FALSE(validator::verify_draw(io::sha256_of_parts, commitment, seed, draw)) << note;
  }
  EXPECT_GT(draws, 0U);
}

TEST_F(LedgerNotes, ChangeNothingElse) {
  const json with = run(scratch_.file("ledger.jsonl"));
  const json without = run("");
  EXPECT_EQ(with["command_hash"], without["command_hash"]);
  EXPECT_EQ(with["credits"], without["credits"]);
}

}  // namespace
}  // namespace nexa::cli
