#include "core/short_list.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace nexa::core {
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

TEST(ShortList, ErasesAsAVectorDoes) {
  for (std::size_t size = 0; size < 12; ++size) {
    for (std::uint64_t divisor = 1; divisor < 6; ++divisor) {
      ShortList<std::uint64_t, 4> list;
      std::vector<std::uint64_t> expected;
      for (std::uint64_t item = 0; item < size; ++item) {
        list.push_back(item);
        expected.push_back(item);
      }
      const auto leaves = [divisor](std::uint64_t item) { return item % divisor == 0; };
      list.erase_if(leaves);
      std::erase_if(expected, leaves);
      ASSERT_EQ(std::vector<std::uint64_t>(list.begin(), list.end()), expected);
      list.push_back(100);
      expected.push_back(100);
      ASSERT_EQ(std::vector<std::uint64_t>(list.begin(), list.end()), expected);
    }
  }
}

TEST(ShortList, LeavesFewItemsWithTheirMemory) {
  ShortList<std::vector<int>, 1> list;
  list.grow().assign(100, 7);
  const int* const memory = list[0].data();
  list.clear();
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.grow().data(), memory);
  list.grow().push_back(8);
  EXPECT_EQ(list[0].data(), memory) << "items are moved, not copied";
  EXPECT_EQ(list[1], std::vector<int>{8});
  list.clear();
  EXPECT_TRUE(list.empty());
  list.grow() = {9};
  EXPECT_EQ(list[0], std::vector<int>{9});
}

}  // namespace
}  // namespace nexa::core
