#pragma once

#include <vector>

#include "tests/validator/desk.hpp"
#include "tests/validator/population.hpp"

namespace nexa::validator::test {

/// The mixes that the policies are compared on: 300 nodes under the flagship policy, its parameters
/// those that it has by default; who is convicted comes back at once under a new identity on a new
/// machine, as often as it likes.
inline std::vector<Mix> mixes(std::uint32_t jobs) {
  struct Row {
    const char* name;
    Kind kind;
    std::uint32_t permille;
    double rate;
  };
  const Row rows[] = {{"honest", Kind::honest, 0, 0},
                      {"10 % random, rate .1", Kind::saboteur, 100, 0.1},
                      {"20 % colluders, per job .1", Kind::colluder, 200, 0.1},
                      {"10 % on-off", Kind::betrayer, 100, 1},
                      {"20 % colluding on-off", Kind::colluding_betrayer, 200, 1},
                      {"1 % SDC at .01", Kind::defective, 10, 0.01}};
  std::vector<Mix> result;
  for (const Row& row : rows) {
    Mix mix;
    mix.name = row.name;
    mix.kind = row.kind;
    mix.hostile_permille = row.permille;
    mix.rate = row.rate;
    mix.reregisters = true;
    mix.jobs = jobs;
    mix.rules = rules_of(RedundancyPolicy::arbitrated);
    result.push_back(mix);
  }
  return result;
}

}  // namespace nexa::validator::test
