// What every price and reward policy has to keep, whoever wrote it, and the amounts of each.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "core/rng.hpp"
#include "ledger/policy_descriptor.hpp"
#include "ledger/work_calibration.hpp"

namespace nexa::ledger {
namespace {

using core::FieldInfo;
using core::FieldKind;
using core::seconds;

PriceView view_of(core::Duration elapsed, std::int64_t cores, std::uint8_t tier = 0) {
  PriceView view;
  view.tier = core::TierId(tier);
  view.usage.elapsed = elapsed;
  view.usage.core_time = elapsed * cores;
  return view;
}

Amount price_of(std::string_view policy, const PriceView& view) {
  return make_price_policy(policy).value()->price(view, {});
}

std::vector<std::string> values_of(const FieldInfo& field) {
  if (field.kind == FieldKind::flag) return {"true", "false"};
  const auto whole = [](double value) { return std::to_string(static_cast<std::int64_t>(value)); };
  std::vector<std::string> values{field.default_text, whole(field.minimum), whole(field.maximum)};
  if (field.kind == FieldKind::list) values.push_back(values[1] + '/' + values[2]);
  return values;
}

class EveryMoneyPolicy : public testing::TestWithParam<const PolicyDescriptor*> {
 protected:
  const PolicyDescriptor& descriptor = *GetParam();
  const std::string name{descriptor.name};

  [[nodiscard]] std::vector<std::string> variants() const {
    std::vector<std::string> texts{name};
    for (const FieldInfo& field : descriptor.fields()) {
      for (const std::string& value : values_of(field)) {
        texts.push_back(name + ':' + std::string(field.name) + '=' + value);
      }
    }
    return texts;
  }
  [[nodiscard]] core::Result<void> made(const std::string& text) const {
    if (descriptor.prices()) {
      const auto policy = make_price_policy(text);
      return policy ? core::Result<void>{} : policy.error();
    }
    const auto policy = make_reward_policy(text);
    return policy ? core::Result<void>{} : policy.error();
  }
};

TEST_P(EveryMoneyPolicy, says_what_it_is_and_has_documented_parameters) {
  EXPECT_GT(descriptor.doc.size(), 10U);
  EXPECT_EQ(descriptor.doc.back(), '.');
  EXPECT_NE(descriptor.make_price == nullptr, descriptor.make_reward == nullptr);
  EXPECT_EQ(find_policy(name), &descriptor);
  for (const FieldInfo& field : descriptor.fields()) {
    EXPECT_GT(field.doc.size(), 5U) << field.name;
    if (field.kind == FieldKind::flag) continue;
    EXPECT_LT(field.minimum, field.maximum) << field.name;
    EXPECT_FALSE(field.unit.empty()) << field.name;
    EXPECT_GE(std::stod(field.default_text), field.minimum) << field.name;
  }
}

TEST_P(EveryMoneyPolicy, takes_each_parameter_at_its_ends_and_refuses_what_is_beyond) {
  for (const std::string& text : variants()) {
    const auto status = made(text);
    EXPECT_TRUE(status.has_value()) << text << ": " << status.error().message;
  }
  for (const FieldInfo& field : descriptor.fields()) {
    const std::string start = name + ':' + std::string(field.name) + '=';
    for (const char* const bad : {"-1", "x", "", "1e99", "nan"}) {
      const auto status = made(start + bad);
      ASSERT_FALSE(status.has_value()) << start << bad;
      EXPECT_EQ(status.error().code, core::ErrorCode::invalid_argument);
      EXPECT_NE(status.error().message.find(field.name), std::string::npos);
      EXPECT_FALSE(status.error().hint.empty());
    }
  }
  const auto unknown = made(name + ":no_such_key=1");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_NE(unknown.error().message.find("no_such_key"), std::string::npos);
}

TEST_P(EveryMoneyPolicy, prices_never_fall_with_usage_and_stay_in_range) {
  if (!descriptor.prices()) return;
  for (const std::string& text : variants()) {
    const auto policy = make_price_policy(text).value();
    Amount last = 0;
    for (std::int64_t time = 1; time > 0 && time < INT64_MAX / 4; time *= 3) {
      PriceView view = view_of(core::Duration{time}, 1);
      view.usage.gpu_time = view.usage.elapsed;
      view.usage.gib_seconds = time;
      view.work = time;
      const Amount price = policy->price(view, {});
      EXPECT_GE(price, last) << text;
      EXPECT_LT(price, price_limit) << text;
      last = price;
    }
  }
}

TEST_P(EveryMoneyPolicy, charges_stay_below_the_most) {
  if (descriptor.prices()) return;
  for (const std::string& text : variants()) {
    const auto policy = make_reward_policy(text).value();
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const auto draw = [&](std::uint32_t index, std::uint64_t bound) {
        return core::random_below({seed, core::RandomStream::test, 3, index}, bound);
      };
      std::vector<RewardView> views(1 + draw(0, 4));
      std::vector<Amount> charges;
      for (std::uint32_t i = 0; i < views.size(); ++i) {
        views[i].node = core::NodeId(i);
        views[i].price = draw(10 + i, 1'000'000'000);
        views[i].quality = static_cast<std::uint32_t>(draw(20 + i, 12'000));
        views[i].usage.elapsed = seconds(static_cast<std::int64_t>(draw(30 + i, 100'000)));
        views[i].claimed_flops = draw(40 + i, 1'000'000'000'000);
        charges.push_back(views[i].price);
      }
      policy->reward(
          {.job = core::JobId(1), .application = 0, .estimated_flop = 0, .bound_flop = 0}, views,
          charges, std::vector<Factors>(views.size()));
      Amount highest = 0;
      for (const RewardView& view : views) highest = std::max(highest, view.price);
      for (const Amount charge : charges) {
        EXPECT_LE(charge, policy->most(highest)) << text << " seed " << seed;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(all, EveryMoneyPolicy,
                         testing::ValuesIn(all_policies().begin(), all_policies().end()),
                         [](const auto& test) { return std::string(test.param->name); });

TEST(Price, flat_per_tier_charges_core_hours_at_the_rate_of_the_tier) {
  const std::string policy = "flat_per_tier:rates=100/400/2000,fixed=7";
  EXPECT_EQ(price_of(policy, view_of(seconds(3600), 2, 0)), 207U);
  EXPECT_EQ(price_of(policy, view_of(seconds(3600), 2, 1)), 807U);
  EXPECT_EQ(price_of(policy, view_of(seconds(1800), 1, 2)), 1007U);
  EXPECT_EQ(price_of(policy, view_of(seconds(1800), 1, 9)), 1007U)
      << "the last stands for all above";
  EXPECT_EQ(price_of(policy, view_of(seconds(35), 1, 0)), 7U) << "rounded down";
}

TEST(Price, linear_is_exact_and_rounded_once) {
  PriceView view = view_of(seconds(10), 1);
  view.usage.gib_seconds = 1'500'000;
  const std::string third = "linear:per_second=0.333333,per_core_second=0.333333,per_gpu_second=0,";
  // 3.33333 + 3.33333 + 1.5 x 0.333333: each part rounded by itself would give 6.
  EXPECT_EQ(price_of(third + "per_gib_second=0.333333", view), 7U);
  EXPECT_EQ(price_of("linear:per_second=0,per_core_second=2,fixed=5", view), 25U);
}

TEST(Price, posted_stream_is_what_the_stream_owes) {
  EXPECT_EQ(price_of("posted_stream:rate=7,seconds=3", view_of(seconds(10), 1)), 23U);
  const auto policy = make_price_policy("posted_stream:rate=7,seconds=3").value();
  EXPECT_EQ(policy->stream_rate(), (StreamRate{7, 3}));
  EXPECT_EQ(make_price_policy("work_unit").value()->stream_rate(), std::nullopt);
}

TEST(Price, explains_itself_by_its_factors) {
  std::vector<Factor> list;
  const auto policy = make_price_policy("posted_stream:rate=7,seconds=3").value();
  EXPECT_EQ(policy->price(view_of(seconds(10), 1), Factors(list)), 23U);
  const std::vector<Factor> expected{
      {"rate", 7, "micro-credits"}, {"in", 3, "s"}, {"elapsed", 10'000'000, "us"}};
  EXPECT_EQ(list, expected);
}

TEST(Price, refuses_what_is_no_price_policy) {
  EXPECT_EQ(make_price_policy("linaer").error().hint, "did you mean 'linear'?");
  EXPECT_EQ(make_price_policy("credit_new").error().message, "'credit_new' is no price policy");
  EXPECT_FALSE(make_reward_policy("linear"));
  EXPECT_FALSE(make_price_policy("linear:per_second"));
}

TEST(Price, A20_work_units_pay_alike_whatever_a_node_claims) {
  WorkCalibration calibration;
  // A trusted node, twice as fast as the reference, takes 50 s for 1000 steps: 100 units.
  ASSERT_TRUE(calibration.add(3, 1000, seconds(50), 2000));
  ASSERT_TRUE(calibration.add(3, 500, seconds(26), 2000));
  ASSERT_TRUE(calibration.add(3, 1000, seconds(500), 2000));
  EXPECT_EQ(calibration.samples(3), 3U);
  EXPECT_EQ(calibration.work(4, 1), std::nullopt);
  const auto work = calibration.work(3, 2000);
  ASSERT_EQ(work, 208'000'000) << "the median sample is 0.104 units a step";
  PriceView honest = view_of(seconds(100), 4);
  honest.work = *work;
  PriceView inflated = view_of(seconds(150), 4);
  inflated.work = *work;
  EXPECT_EQ(price_of("work_unit:rate=10", honest), 2080U);
  EXPECT_EQ(price_of("work_unit:rate=10", inflated), price_of("work_unit:rate=10", honest));
  EXPECT_GT(price_of("posted_stream", inflated), price_of("posted_stream", honest));
}

TEST(Price, A21_a_long_job_pays_as_well_as_many_short_ones) {
  WorkCalibration calibration;
  ASSERT_TRUE(calibration.add(1, 100, seconds(10), 1000));
  PriceView view;
  view.work = calibration.work(1, 1'000'000).value();
  const Amount long_job = price_of("work_unit", view);
  view.work = calibration.work(1, 1000).value();
  EXPECT_EQ(long_job, 1000 * price_of("work_unit", view));
}

TEST(Price, calibration_refuses_samples_that_say_nothing) {
  WorkCalibration calibration(2);
  EXPECT_FALSE(calibration.add(1, 0, seconds(1), 1000));
  EXPECT_FALSE(calibration.add(1, 1, seconds(1), 0));
  EXPECT_FALSE(calibration.add(1, 1, seconds(-1), 1000));
  for (int i = 1; i <= 5; ++i) ASSERT_TRUE(calibration.add(1, 1, seconds(i), 1000));
  EXPECT_EQ(calibration.samples(1), 2U);
  EXPECT_EQ(calibration.work(1, 1), 4'000'000);
  EXPECT_EQ(calibration.work(1, UINT64_MAX), std::int64_t{1} << 62);
}

std::vector<Amount> rewards(std::string_view policy, std::vector<RewardView> views) {
  std::vector<Amount> charges;
  for (const RewardView& view : views) charges.push_back(view.price);
  make_reward_policy(policy).value()->reward({.job = core::JobId(1)}, views, charges,
                                             std::vector<Factors>(views.size()));
  return charges;
}

TEST(Reward, A20_the_peer_median_takes_the_gain_out_of_inflated_usage) {
  std::vector<RewardView> views(3);
  views[0].price = 1000;
  views[1].price = 1500;  // claims 1.5 times its usage
  views[2].price = 1010;
  EXPECT_EQ(rewards("peer_median", views), (std::vector<Amount>{1010, 1010, 1010}));
  views.pop_back();
  EXPECT_EQ(rewards("peer_median", views), (std::vector<Amount>{1000, 1000}));
  EXPECT_EQ(rewards("as_priced", views), (std::vector<Amount>{1000, 1500}));
}

TEST(Reward, quality_weighs_within_floor_and_cap) {
  std::vector<RewardView> views(4);
  for (RewardView& view : views) view.price = 1001;
  views[1].quality = 5000;
  views[2].quality = 10'000;
  views[3].quality = 99'999;
  EXPECT_EQ(rewards("quality_weighted:floor=5000,cap=12000", views),
            (std::vector<Amount>{500, 850, 1201, 1201}));
  EXPECT_EQ(make_reward_policy("quality_weighted").value()->most(1001), 1201U);
}

}  // namespace
}  // namespace nexa::ledger
