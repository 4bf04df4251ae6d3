// The engine, driven by the simulator, and the naive oracle decide alike on random workloads.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "simulator/simulation.hpp"
#include "tests/oracle/oracle.hpp"
#include "tests/scheduler/random_case.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::simulator {
namespace {

using oracle::Started;

/// Collects a simulation in the terms of the oracle: ends from the sink, slots from the commands.
class Collector : public ResultSink, public scheduler::Recorder {
 public:
  explicit Collector(std::size_t jobs) : results(jobs) {
    for (std::size_t i = 0; i < jobs; ++i) results[i].id = static_cast<int>(i);
  }

  void add(const core::JobOutcome& outcome) override {
    Started& result = results[outcome.id.value];
    if (outcome.state == core::JobState::unfinished) unfinished = true;
    result.rejected = outcome.state == core::JobState::rejected;
    result.timed_out = outcome.state == core::JobState::timed_out;
    if (!outcome.started) return;
    result.start_us = outcome.start.time_since_epoch().count();
    result.end_us = outcome.end.time_since_epoch().count();
    std::vector<core::Interval> placed;
    for (const auto& [node, slots] : result.slots_on_node) {
      placed.push_back({static_cast<std::uint32_t>(node), static_cast<std::uint32_t>(node)});
    }
    core::canonicalise(placed);
    if (!std::equal(placed.begin(), placed.end(), outcome.nodes.begin(), outcome.nodes.end())) {
      sink_disagrees_with_commands = true;
    }
  }

  void on_event(const scheduler::Event& /*event*/) override {}
  void on_step(core::Time /*now*/, std::span<const scheduler::Command> commands) override {
    for (const scheduler::Command& command : commands) {
      const auto* start = std::get_if<scheduler::StartReplica>(&command);
      if (start == nullptr) continue;
      auto& slots = results[start->job.value].slots_on_node;
      for (const scheduler::NodeShare& share : start->nodes) {
        for (std::uint32_t node = share.nodes.first; node <= share.nodes.last; ++node) {
          slots[static_cast<int>(node)] += static_cast<int>(share.slots_per_node);
        }
      }
    }
  }

  std::vector<Started> results;
  bool unfinished = false;
  bool sink_disagrees_with_commands = false;
};

std::string to_text(const Started& result) {
  if (result.rejected) return "rejected";
  std::string text = "from " + std::to_string(result.start_us) + " to " +
                     std::to_string(result.end_us) + (result.timed_out ? " (timed out)" : "") +
                     " on";
  for (const auto& [node, slots] : result.slots_on_node) {
    text += " " + std::to_string(node) + "x" + std::to_string(slots);
  }
  return text;
}

bool equal(const Started& a, const Started& b) {
  return a.id == b.id && a.rejected == b.rejected && a.timed_out == b.timed_out &&
         a.start_us == b.start_us && a.end_us == b.end_us && a.slots_on_node == b.slots_on_node;
}

scheduler::PolicySet policies_of(oracle::Rule rule) {
  constexpr std::array<std::string_view, 3> texts = {"fcfs", "easy", "conservative"};
  return scheduler::parse_policy_set(texts[rule]).value();
}

/// What engine and oracle disagree on; empty if on nothing.
std::string disagreement(const test::Case& source, oracle::Rule rule, bool check_invariants) {
  const test::OracleInput input = test::oracle_input(source);
  const std::vector<Started> expected =
      oracle::simulate(input.nodes, input.classes, input.jobs, rule);
  const core::Platform platform = test::platform_of(source);
  const core::Workload workload = test::workload_of(source);
  Collector collector(source.jobs.size());
  SimulationOptions options;
  options.results = &collector;
  options.recorder = &collector;
  options.check_invariants = check_invariants;
  Simulation simulation(platform, workload, policies_of(rule), options);
  simulation.run();
  if (collector.unfinished) return "the simulation left jobs behind";
  if (collector.sink_disagrees_with_commands) return "the sink got other nodes than the commands";
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (equal(expected[i], collector.results[i])) continue;
    return "job " + std::to_string(i) + "\n  oracle: " + to_text(expected[i]) +
           "\n  engine: " + to_text(collector.results[i]);
  }
  return "";
}

/// Removes jobs, large parts first, as long as engine and oracle still disagree.
test::Case shrunk(test::Case failing, const std::function<bool(const test::Case&)>& fails) {
  for (std::size_t part = failing.jobs.size() / 2; part > 0; part /= 2) {
    for (std::size_t first = 0; first < failing.jobs.size();) {
      test::Case smaller = failing;
      const auto begin = smaller.jobs.begin() + static_cast<std::ptrdiff_t>(first);
      const std::size_t count = std::min(part, smaller.jobs.size() - first);
      smaller.jobs.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
      if (!smaller.jobs.empty() && fails(smaller)) {
        failing = smaller;
      } else {
        first += part;
      }
    }
  }
  return failing;
}

struct Workloads {
  oracle::Rule rule;
  test::Kind kind;
};

class EngineAndOracle : public testing::TestWithParam<Workloads> {};

TEST_P(EngineAndOracle, decide_alike) {
  const auto [rule, kind] = GetParam();
  const std::uint64_t cases = test::fewer_if_slow(600);
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    const test::Case random = test::random_case(seed, kind);
    const bool check_invariants = seed % 8 == 0;
    if (disagreement(random, rule, check_invariants).empty()) continue;
    const oracle::Rule failing_rule = rule;
    const test::Case small = shrunk(random, [failing_rule](const test::Case& source) {
      return !disagreement(source, failing_rule, false).empty();
    });
    FAIL() << "seed " << seed << " of " << test::name_of(kind) << ", rule " << rule << ":\n"
           << test::to_text(small) << disagreement(small, rule, false);
  }
}

std::vector<Workloads> all_workloads() {
  std::vector<Workloads> all;
  for (const oracle::Rule rule : {oracle::fcfs, oracle::easy, oracle::conservative}) {
    for (const test::Kind kind : test::all_kinds) {
      // A workload has no fault domains; see tests/scheduler/separation_oracle_test.cpp.
      if (kind != test::Kind::fault_domains) all.push_back({rule, kind});
    }
  }
  return all;
}

std::string test_name(const testing::TestParamInfo<Workloads>& info) {
  constexpr std::array<std::string_view, 3> rules = {"fcfs", "easy", "conservative"};
  return std::string(rules[info.param.rule]) + "_on_" + std::string(test::name_of(info.param.kind));
}

INSTANTIATE_TEST_SUITE_P(random, EngineAndOracle, testing::ValuesIn(all_workloads()), test_name);

// A check that finds nothing proves nothing: the oracle must be able to tell the rules apart.
TEST(RandomWorkloads, tell_the_rules_apart) {
  std::size_t easy_differs = 0;
  std::size_t conservative_differs = 0;
  std::size_t rejected = 0;
  std::size_t timed_out = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const test::OracleInput input =
        test::oracle_input(test::random_case(seed, test::Kind::everything));
    const auto replay = [&](oracle::Rule rule) {
      return oracle::simulate(input.nodes, input.classes, input.jobs, rule);
    };
    const auto fcfs = replay(oracle::fcfs);
    const auto easy = replay(oracle::easy);
    const auto conservative = replay(oracle::conservative);
    const auto same = [](const auto& a, const auto& b) {
      return std::equal(a.begin(), a.end(), b.begin(), equal);
    };
    if (!same(fcfs, easy)) ++easy_differs;
    if (!same(easy, conservative)) ++conservative_differs;
    for (const Started& result : easy) {
      if (result.rejected) ++rejected;
      if (result.timed_out) ++timed_out;
    }
  }
  EXPECT_GT(easy_differs, 20U);
  EXPECT_GT(conservative_differs, 10U);
  EXPECT_GT(rejected, 20U);
  EXPECT_GT(timed_out, 20U);
}

}  // namespace
}  // namespace nexa::simulator
