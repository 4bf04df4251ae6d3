#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy_fields.hpp"
#include "core/result.hpp"
#include "ledger/policy.hpp"

namespace nexa::ledger {

/// A price policy with its parameters set.
class PricePolicy {
 public:
  PricePolicy() = default;
  PricePolicy(const PricePolicy&) = delete;
  PricePolicy& operator=(const PricePolicy&) = delete;
  virtual ~PricePolicy() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual Amount price(const PriceView& view, Factors factors) const = 0;
  /// None: this price is not known while a replica runs.
  [[nodiscard]] virtual std::optional<StreamRate> stream_rate() const = 0;
};

/// A reward policy with its parameters set, and what it has learnt.
class RewardPolicy {
 public:
  RewardPolicy() = default;
  RewardPolicy(const RewardPolicy&) = delete;
  RewardPolicy& operator=(const RewardPolicy&) = delete;
  virtual ~RewardPolicy() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  virtual void reward(const RewardedJob& job, std::span<const RewardView> views,
                      std::span<Amount> charges, std::span<const Factors> factors) = 0;
  [[nodiscard]] virtual Amount most(Amount price) const = 0;
};

/// A policy before its parameters are set: what `nexa policy list|doc` prints, and how to make it.
/// Exactly one of `make_price` and `make_reward` is set.
struct PolicyDescriptor {
  std::string_view name;
  std::string_view doc;
  std::vector<core::FieldInfo> (*fields)() = nullptr;
  core::Result<std::shared_ptr<const PricePolicy>> (*make_price)(
      const std::vector<core::ParameterText>&) = nullptr;
  core::Result<std::unique_ptr<RewardPolicy>> (*make_reward)(
      const std::vector<core::ParameterText>&) = nullptr;

  [[nodiscard]] bool prices() const { return make_price != nullptr; }
};

/// Every policy of money that was built in, by name. The table is generated from the folder.
std::span<const PolicyDescriptor* const> all_policies();

/// The policy of that name, or null.
const PolicyDescriptor* find_policy(std::string_view name);

/// Reads `linear:per_second=3,fixed=100`. Errors, of code `invalid_argument`, name the nearest
/// known word or the range; a reward policy is none of price.
core::Result<std::shared_ptr<const PricePolicy>> make_price_policy(std::string_view text);

/// The same for `quality_weighted:cap=15000`.
core::Result<std::unique_ptr<RewardPolicy>> make_reward_policy(std::string_view text);

namespace detail {

struct NoParams {
  static constexpr auto fields() { return std::tuple<>{}; }
};

template <class P>
struct ParamsOf {
  using type = NoParams;
};
template <class P>
requires requires {
  typename P::Params;
}
struct ParamsOf<P> {
  using type = typename P::Params;
};

template <class P>
core::Result<P> with_parameters(std::string_view name,
                                const std::vector<core::ParameterText>& texts) {
  P policy;
  if constexpr (requires { policy.params; }) {
    if (auto status = core::set_fields(policy.params, name, texts); !status) return status.error();
  } else {
    NoParams none;
    if (auto status = core::set_fields(none, name, texts); !status) return status.error();
  }
  return policy;
}

template <class P>
class PriceModel final : public PricePolicy {
 public:
  PriceModel(std::string_view name, P policy) : name_(name), policy_(std::move(policy)) {}
  std::string_view name() const override { return name_; }
  Amount price(const PriceView& view, Factors factors) const override {
    const Amount amount = policy_.price(view, factors);
    NEXA_ASSERT(amount < price_limit, "the ranges of a policy's parameters bound its price");
    return amount;
  }
  std::optional<StreamRate> stream_rate() const override {
    if constexpr (Streams<P>) return policy_.stream_rate();
    return std::nullopt;
  }

 private:
  std::string_view name_;
  P policy_;
};

template <class P>
class RewardModel final : public RewardPolicy {
 public:
  RewardModel(std::string_view name, P policy) : name_(name), policy_(std::move(policy)) {}
  std::string_view name() const override { return name_; }
  void reward(const RewardedJob& job, std::span<const RewardView> views, std::span<Amount> charges,
              std::span<const Factors> factors) override {
    policy_.reward(job, views, charges, factors);
  }
  Amount most(Amount price) const override {
    if constexpr (RaisesReward<P>) return policy_.most(price);
    return price;
  }

 private:
  std::string_view name_;
  P policy_;
};

template <class P>
core::Result<std::shared_ptr<const PricePolicy>> make_price(
    std::string_view name, const std::vector<core::ParameterText>& texts) {
  auto policy = with_parameters<P>(name, texts);
  if (!policy) return policy.error();
  return std::shared_ptr<const PricePolicy>(
      std::make_shared<PriceModel<P>>(name, std::move(*policy)));
}

template <class P>
core::Result<std::unique_ptr<RewardPolicy>> make_reward(
    std::string_view name, const std::vector<core::ParameterText>& texts) {
  auto policy = with_parameters<P>(name, texts);
  if (!policy) return policy.error();
  return std::unique_ptr<RewardPolicy>(std::make_unique<RewardModel<P>>(name, std::move(*policy)));
}

}  // namespace detail

}  // namespace nexa::ledger

/// Ends the file of a price policy: NEXA_PRICE_POLICY(file_name, Type, "One sentence.").
#define NEXA_PRICE_POLICY(policy_name, Type, sentence)                                 \
  namespace nexa::ledger {                                                             \
  extern const PolicyDescriptor nexa_policy_##policy_name;                             \
  const PolicyDescriptor nexa_policy_##policy_name{                                    \
      .name = #policy_name,                                                            \
      .doc = sentence,                                                                 \
      .fields = [] { return core::describe_fields<detail::ParamsOf<Type>::type>(); },  \
      .make_price =                                                                    \
          [](const std::vector<core::ParameterText>& texts) {                          \
            return detail::make_price<Type>(#policy_name, texts);                      \
          },                                                                           \
      .make_reward = nullptr};                                                         \
  static_assert(SetsPrice<Type>, #Type " implements no price, see ledger/policy.hpp"); \
  }

/// Ends the file of a reward policy: NEXA_REWARD_POLICY(file_name, Type, "One sentence.").
#define NEXA_REWARD_POLICY(policy_name, Type, sentence)                                  \
  namespace nexa::ledger {                                                               \
  extern const PolicyDescriptor nexa_policy_##policy_name;                               \
  const PolicyDescriptor nexa_policy_##policy_name{                                      \
      .name = #policy_name,                                                              \
      .doc = sentence,                                                                   \
      .fields = [] { return core::describe_fields<detail::ParamsOf<Type>::type>(); },    \
      .make_price = nullptr,                                                             \
      .make_reward =                                                                     \
          [](const std::vector<core::ParameterText>& texts) {                            \
            return detail::make_reward<Type>(#policy_name, texts);                       \
          }};                                                                            \
  static_assert(SetsReward<Type>, #Type " implements no reward, see ledger/policy.hpp"); \
  }
