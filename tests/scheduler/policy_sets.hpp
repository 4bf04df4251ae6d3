#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string>
#include <vector>

#include "scheduler/policy_set.hpp"

namespace nexa::test {

/// The texts to try for a parameter: its default, small values, and the ends of its range.
inline std::vector<std::string> values_of(const scheduler::FieldInfo& field) {
  std::vector<std::string> values{field.default_text};
  switch (field.kind) {
    case scheduler::FieldKind::list:
      values.push_back(field.default_text + "/1");
      break;
    case scheduler::FieldKind::flag:
      values.insert(values.end(), {"true", "false"});
      break;
    case scheduler::FieldKind::order:
      for (const auto* policy : scheduler::all_policies()) {
        if (policy->orders) values.emplace_back(policy->name);
      }
      break;
    case scheduler::FieldKind::integer:
      for (const double value :
           {field.minimum, field.minimum + 1, field.minimum + 2, field.maximum}) {
        if (value <= field.maximum) values.push_back(std::to_string(std::int64_t(value)));
      }
      break;
    case scheduler::FieldKind::real:
      values.insert(values.end(), {std::to_string(field.minimum), std::to_string(field.maximum)});
      break;
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// A policy by itself, and with each parameter at each of its `values_of`.
inline std::vector<std::string> variants_of(const scheduler::PolicyDescriptor& policy) {
  std::vector<std::string> texts{std::string(policy.name)};
  for (const scheduler::FieldInfo& field : policy.fields()) {
    for (const std::string& value : values_of(field)) {
      if (value == field.default_text) continue;
      texts.push_back(std::string(policy.name) + ":" + std::string(field.name) + "=" + value);
    }
  }
  return texts;
}

/// Every policy that is built in, in sets in which it matters: orders under every backfill policy,
/// filters and scores where a queue is overtaken and where it is planned, backfill policies with
/// each of their parameters; and a few that mix.
inline std::vector<std::string> policy_sets() {
  std::vector<std::string> sets{"wfp3+easy:order=unicep,depth=3", "lpf+easy:depth=2",
                                "conservative+cheapest_first+lowest_tier:weight=0.5"};
  for (const scheduler::PolicyDescriptor* policy : scheduler::all_policies()) {
    for (const std::string& text : variants_of(*policy)) {
      if (policy->backfills) sets.push_back(text);
      if (policy->filters || policy->scores) {
        sets.insert(sets.end(), {"easy+" + text, "conservative+" + text});
      }
      if (!policy->orders) continue;
      for (const scheduler::PolicyDescriptor* backfill : scheduler::all_policies()) {
        if (backfill->backfills) sets.push_back(text + "+" + std::string(backfill->name));
      }
    }
  }
  std::sort(sets.begin(), sets.end());
  sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
  return sets;
}

/// A set's text as the name of a test.
inline std::string name_of_set(const std::string& text) {
  std::string name = text;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

}  // namespace nexa::test
