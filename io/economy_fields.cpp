#include "io/economy_fields.hpp"

#include "io/field_helpers.hpp"
#include "io/yaml/table.hpp"

namespace nexa::io {
Codec<core::Economy> economy_codec() {
  using core::Economy;
  Table<Economy> table("a mapping that describes what providers reckon with");
  table
      .optional("review_every", &Economy::review_every, time_span(core::seconds(1)),
                "how often each provider reckons")
      .optional("cost", &Economy::cost_per_core_hour, credit_amount(),
                "what an hour of computing costs the provider, per core")
      .optional("idle_cost", &Economy::idle_cost_per_core_hour, credit_amount(),
                "what an hour costs the provider whether it computes or not, per core")
      .optional("stake", &Economy::stake, credit_amount(),
                "locked by each node at its registration, lost by a conviction")
      .optional("registration_fee", &Economy::registration_fee, credit_amount(),
                "paid for each identity, and not given back")
      .optional("patience", &Economy::patience, number({1, 1'000'000}),
                "reviews with a loss in a row, after which a node leaves")
      .optional("horizon", &Economy::horizon, number({1, 1'000'000}),
                "reviews within which a fee must have paid off")
      .optional("probation_jobs", &Economy::probation_jobs, number({0, 1'000'000}),
                "jobs of a new identity whose pay is withheld")
      .optional("present", &Economy::present_ppm, part_ppm(),
                "part of the nodes that take part at the beginning; the others join when it pays");
  return table.codec();
}

}  // namespace nexa::io
