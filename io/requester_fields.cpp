#include "io/requester_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "io/field_helpers.hpp"
#include "io/values.hpp"
#include "io/yaml/table.hpp"

namespace nexa::io {
namespace {

using Group = core::RequesterGroup;
constexpr std::size_t most_requester_groups = 1000;

Table<Group> requester_table() {
  Table<Group> table("a mapping that describes a group of users");
  table.required("name", &Group::name, name(), "what the group is called in the figures")
      .optional("share", &Group::share_ppm, part_ppm({1, 1'000'000}),
                "part of the users that no group before it took, drawn by the seed")
      .optional("budget", &Group::budget,
                credits({core::Credits{}, core::Credits::whole(1'000'000'000)}),
                "credits that each user has at the beginning; no limit if left out")
      .optional("bounty", &Group::bounty,
                credits({core::Credits{}, core::Credits::whole(1'000'000'000)}),
                "credits that each job offers beside its price, to whoever's result becomes the "
                "canonical one")
      .optional("poison", &Group::poison_ppm, part_ppm(),
                "part of the jobs that crash on every node")
      .optional("cancels", &Group::cancel_ppm, part_ppm(),
                "part of the jobs that are cancelled while they run")
      .optional("cancels_at", &Group::cancel_at_permille, factor_permille({0, 1000}),
                "how far they have come when they are cancelled, of their run time")
      .optional(
          "withholds", &Group::withholds, boolean(),
          "whether the users never trigger a payment by themselves; nobody waits for that, so it "
          "changes nothing")
      .optional("disputes", &Group::dispute_ppm, part_ppm(),
                "part of the right results that are disputed")
      .optional("notices", &Group::notice_ppm, part_ppm(),
                "part of the wrong results that are noticed, and disputed")
      .optional("slanders", &Group::slander_ppm, part_ppm(),
                "part of the jobs that are followed by an invented rating of a node")
      .optional("burst", &Group::burst, number({1, 1'000'000}),
                "so many jobs of a user are submitted at one instant");
  return table;
}

/// Nobody can promise what they never have.
void check_bounty(const Cursor& at, const Group& group) {
  if (!group.budget || group.bounty <= *group.budget) return;
  const std::string_view keys[] = {"bounty"};
  at.diagnostics().add(at.place_of_first(keys),
                       fmt::format("a bounty of {} from users with a budget of {}",
                                   to_text(group.bounty), to_text(*group.budget)),
                       "raise the budget, or offer less");
}

}  // namespace

Codec<std::vector<Group>> requesters_codec() {
  auto codec =
      list_of(requester_table().codec(), "a list of groups of users", {0, most_requester_groups});
  codec.decode = [decode = codec.decode](const Cursor& at, std::vector<Group>& out) {
    decode(at, out);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto same = [&](const Group& other) { return other.name == out[i].name; };
      check_bounty(at.item(i), out[i]);
      if (out[i].name.empty()) continue;
      if (std::find_if(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(i), same) !=
          out.begin() + static_cast<std::ptrdiff_t>(i)) {
        at.item(i).error(fmt::format("the name {} is used twice", in_quotes(out[i].name)),
                         "give each group a name of its own");
      }
    }
  };
  return codec;
}

}  // namespace nexa::io
