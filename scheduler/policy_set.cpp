#include "scheduler/policy_set.hpp"

#include <algorithm>

#include "core/policy_component.hpp"
#include "core/suggest.hpp"

namespace nexa::scheduler {

const PolicyDescriptor* find_policy(std::string_view name) {
  for (const PolicyDescriptor* policy : all_policies()) {
    if (policy->name == name) return policy;
  }
  return nullptr;
}

namespace {

/// One `name:param=value,...` of the text form.
struct Component {
  const PolicyDescriptor* descriptor = nullptr;
  std::vector<ParameterText> parameters;
};

core::Error invalid(std::string message, std::string hint) {
  return {.code = core::ErrorCode::invalid_argument,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {}};
}

std::vector<std::string_view> policy_names(bool orders_only) {
  std::vector<std::string_view> names;
  for (const PolicyDescriptor* policy : all_policies()) {
    if (policy->orders || !orders_only) names.push_back(policy->name);
  }
  return names;
}

core::Result<Component> parse_component(std::string_view text) {
  const std::string_view name = core::policy_name_of(text);
  Component component{.descriptor = find_policy(name), .parameters = {}};
  if (component.descriptor == nullptr) {
    return invalid("unknown policy '" + std::string(name) + "'",
                   core::suggestion(name, policy_names(false)));
  }
  auto parameters = core::policy_parameters_of(text);
  if (!parameters) return parameters.error();
  component.parameters = std::move(*parameters);
  return component;
}

core::Result<void> set_once(std::shared_ptr<const Policy>& role,
                            std::shared_ptr<const Policy> policy, std::string_view what,
                            std::string_view name) {
  if (role != nullptr) {
    return invalid("'" + std::string(name) + "' is a second " + std::string(what) + " policy",
                   "name at most one " + std::string(what) + " policy");
  }
  role = std::move(policy);
  return {};
}

core::Result<void> add(PolicySet& set, const Component& component) {
  const PolicyDescriptor& descriptor = *component.descriptor;
  auto policy = descriptor.make(component.parameters);
  if (!policy) return policy.error();
  if (descriptor.orders) {
    if (auto status = set_once(set.order, *policy, "order", descriptor.name); !status)
      return status;
  }
  if (descriptor.backfills) {
    if (auto status = set_once(set.backfill, *policy, "backfill", descriptor.name); !status) {
      return status;
    }
  }
  if (descriptor.filters) set.filters.push_back(*policy);
  if (descriptor.scores) set.scores.push_back(*policy);
  if (!set.text.empty()) set.text += '+';
  set.text += core::policy_component_text(descriptor.name, component.parameters);
  return {};
}

core::Result<void> add_default(PolicySet& set, std::string_view name) {
  return add(set, {.descriptor = find_policy(name), .parameters = {}});
}

core::Result<void> resolve_backfill_order(PolicySet& set) {
  const std::string_view name = set.backfill->backfill_order();
  if (name.empty() || name == "queue") return {};
  const PolicyDescriptor* order = find_policy(name);
  if (order == nullptr || !order->orders) {
    return invalid("unknown backfill order '" + std::string(name) + "'",
                   core::suggestion(name, policy_names(true)));
  }
  auto policy = order->make({});
  if (!policy) return policy.error();
  set.backfill_order = *policy;
  return {};
}

}  // namespace

core::Result<PolicySet> parse_policy_set(std::string_view text) {
  PolicySet set;
  for (const std::string_view part : core::split(text, '+')) {
    auto component = parse_component(part);
    if (!component) return component.error();
    if (auto status = add(set, *component); !status) return status.error();
  }
  if (set.order == nullptr) {
    if (auto status = add_default(set, "fcfs"); !status) return status.error();
  }
  if (set.backfill == nullptr) {
    if (auto status = add_default(set, "none"); !status) return status.error();
  }
  if (set.scores.empty()) {
    if (auto status = add_default(set, "lowest_tier"); !status) return status.error();
  }
  if (auto status = resolve_backfill_order(set); !status) return status.error();
  return set;
}

}  // namespace nexa::scheduler
