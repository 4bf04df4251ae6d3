#include "ledger/policy_descriptor.hpp"

#include "core/policy_component.hpp"
#include "core/suggest.hpp"

namespace nexa::ledger {
namespace {

enum class Kind { price, reward };

core::Result<const PolicyDescriptor*> find(std::string_view component, Kind kind) {
  const std::string_view name = core::policy_name_of(component);
  const bool wants_price = kind == Kind::price;
  const std::string word = wants_price ? "price" : "reward";
  const PolicyDescriptor* policy = find_policy(name);
  if (policy != nullptr && policy->prices() == wants_price) return policy;
  std::vector<std::string_view> known;
  for (const PolicyDescriptor* each : all_policies()) {
    if (each->prices() == wants_price) known.push_back(each->name);
  }
  const bool other = policy != nullptr;
  return core::Error{.code = core::ErrorCode::invalid_argument,
                     .message = other ? "'" + std::string(name) + "' is no " + word + " policy"
                                      : "unknown " + word + " policy '" + std::string(name) + "'",
                     .hint = core::suggestion(name, known),
                     .where = {}};
}

}  // namespace

const PolicyDescriptor* find_policy(std::string_view name) {
  for (const PolicyDescriptor* policy : all_policies()) {
    if (policy->name == name) return policy;
  }
  return nullptr;
}

core::Result<std::shared_ptr<const PricePolicy>> make_price_policy(std::string_view text) {
  const auto policy = find(text, Kind::price);
  if (!policy) return policy.error();
  const auto parameters = core::policy_parameters_of(text);
  if (!parameters) return parameters.error();
  return (*policy)->make_price(*parameters);
}

core::Result<std::unique_ptr<RewardPolicy>> make_reward_policy(std::string_view text) {
  const auto policy = find(text, Kind::reward);
  if (!policy) return policy.error();
  const auto parameters = core::policy_parameters_of(text);
  if (!parameters) return parameters.error();
  return (*policy)->make_reward(*parameters);
}

}  // namespace nexa::ledger
