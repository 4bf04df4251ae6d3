#include "validator/short_list.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace nexa::validator {
namespace {

TEST(ShortList, HoldsWhatAVectorHolds) {
  ShortList<std::uint64_t, 4> list;
  std::vector<std::uint64_t> expected;
  EXPECT_TRUE(list.empty());
  for (std::uint64_t item = 0; item < 20; ++item) {
    list.push_back(item * item);
    expected.push_back(item * item);
    ASSERT_EQ(list.size(), expected.size());
    ASSERT_EQ(std::vector<std::uint64_t>(list.begin(), list.end()), expected);
    list[item / 2] += 1;
    expected[item / 2] += 1;
  }
  const ShortList<std::uint64_t, 4> copy = list;
  list[0] = 1000;
  EXPECT_EQ(std::vector<std::uint64_t>(copy.begin(), copy.end()), expected);
}

}  // namespace
}  // namespace nexa::validator
