// 2 * 10^5 jobs of 300 nodes in every mix, with the default parameters.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/validator/mixes.hpp"

namespace nexa::validator {
namespace {

using test::Mix;
using test::Population;
using test::Tally;

TEST(MixesLong, WrongResultsAreRarerThanOneInTenThousandAtAFifthMoreCopies) {
  for (const std::uint64_t seed : {3ULL, 4ULL, 5ULL}) {
    for (Mix mix : test::mixes(200'000)) {
      mix.seed = seed;
      Population population(mix);
      const Tally tally = population.run();
      population.validator().check();
      std::printf(
          "%-28s seed %llu  wrong %.1e (%.1e at first)  copies %.3f, steady %.3f  "
          "identities %llu  honest convicted %zu\n",
          mix.name.c_str(), static_cast<unsigned long long>(seed), tally.wrong_share(),
          static_cast<double>(tally.wrong_at_first) / static_cast<double>(tally.accepted),
          tally.copies_per_job(), tally.steady_copies_per_job(),
          static_cast<unsigned long long>(tally.identities), tally.honest_convicted.size());
      EXPECT_EQ(tally.failed, 0U) << mix.name;
      EXPECT_LE(tally.wrong_share(), 1e-4) << mix.name;
      EXPECT_LE(tally.steady_copies_per_job(), 1.20) << mix.name;
      EXPECT_LE(tally.honest_convicted.size(), 1U) << mix.name;  // 4 in 1000 of 300
    }
  }
}

}  // namespace
}  // namespace nexa::validator
