#include "io/availability_fields.hpp"

#include "io/field_helpers.hpp"
#include "io/yaml/table.hpp"

namespace nexa::io {
namespace {

constexpr std::size_t most_entries = 1000;

struct AvailabilityFields : core::NodeAvailabilityModel {
  Located<std::string> in_group;
  Located<std::string> trace;
  std::uint32_t system = 0;
};

void check_fields(const Cursor& at, const AvailabilityFields& fields) {
  const bool has_trace = !fields.trace.value.empty();
  if (has_trace == (fields.mean_up.count() > 0)) {
    at.error("an entry needs either 'mean_up' or 'trace'",
             "mean_up: failures are drawn; trace: they are recorded");
  }
  if (!has_trace && fields.system != 0) at.error("'system' needs 'trace'");
}

Table<AvailabilityFields> availability_table() {
  using Model = core::NodeAvailabilityModel;
  // Below a tenth the distribution has no mean that a simulation would ever meet.
  const auto shape = [] { return factor_permille({100, 10'000}); };
  Table<AvailabilityFields> table("a mapping that says how nodes come and go");
  table
      .optional("group", &AvailabilityFields::in_group, located(name()),
                "a node group of the platform; every group without an entry of its own if left out")
      .optional("mean_up", inherited<AvailabilityFields>(&Model::mean_up), time_span(),
                "mean time from a repair to the next failure")
      .optional("mean_down", inherited<AvailabilityFields>(&Model::mean_down),
                time_span(core::seconds(1)), "mean time to repair")
      .optional("up_shape", inherited<AvailabilityFields>(&Model::up_shape_permille), shape(),
                "Weibull shape of the times up; 1: exponential")
      .optional("down_shape", inherited<AvailabilityFields>(&Model::down_shape_permille), shape(),
                "Weibull shape of the times down; 1: exponential")
      .optional("trace", &AvailabilityFields::trace, located(text("the name of a file")),
                "recorded failures in place of drawn ones, .csv or .csv.gz, relative to this file")
      .optional("system", &AvailabilityFields::system, number({0, 1'000'000}),
                "which system of the trace; the first if left out")
      .check(check_fields);
  return table;
}

}  // namespace

Codec<std::vector<AvailabilitySource>> availability_codec() {
  Codec<AvailabilitySource> entry;
  entry.shape = availability_table().shape();
  entry.decode = [table = availability_table()](const Cursor& at, AvailabilitySource& out) {
    AvailabilityFields fields;
    table.decode(at, fields);
    fields.group = fields.in_group.value;
    const core::NodeAvailabilityModel& model = fields;
    out = {model, fields.in_group, fields.trace, fields.system};
  };
  entry.write = [table = availability_table()](const AvailabilitySource& source) {
    AvailabilityFields fields;
    static_cast<core::NodeAvailabilityModel&>(fields) = source.model;
    fields.in_group = source.group;
    fields.trace = source.trace;
    fields.system = source.system;
    return table.write(fields);
  };
  return list_of(entry, "a list of how nodes come and go", {0, most_entries});
}

}  // namespace nexa::io
