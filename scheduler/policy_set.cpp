#include "scheduler/policy_set.hpp"

#include <algorithm>

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

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> policy_names(bool orders_only) {
  std::vector<std::string_view> names;
  for (const PolicyDescriptor* policy : all_policies()) {
    if (policy->orders || !orders_only) names.push_back(policy->name);
  }
  return names;
}

core::Result<Component> parse_component(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  Component component{.descriptor = find_policy(name), .parameters = {}};
  if (component.descriptor == nullptr) {
    return invalid("unknown policy '" + std::string(name) + "'",
                   core::suggestion(name, policy_names(false)));
  }
  if (colon == std::string_view::npos) return component;
  for (const std::string_view part : split(text.substr(colon + 1), ',')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      return invalid(
          "policy '" + std::string(name) + "' is followed by '" + std::string(part) + "'",
          "write parameters as name=value, separated by commas");
    }
    component.parameters.emplace_back(part.substr(0, equals), part.substr(equals + 1));
  }
  return component;
}

std::string to_text(const Component& component) {
  std::string text(component.descriptor->name);
  char separator = ':';
  for (const auto& [name, value] : component.parameters) {
    text += separator + name + '=' + value;
    separator = ',';
  }
  return text;
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
  set.text += to_text(component);
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
  for (const std::string_view part : split(text, '+')) {
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
