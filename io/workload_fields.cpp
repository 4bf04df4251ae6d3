#include "io/workload_fields.hpp"

#include "io/field_helpers.hpp"
#include "io/platform_file.hpp"
#include "io/yaml/table.hpp"

namespace nexa::io {
namespace {

constexpr std::int64_t most_jobs = 100'000'000;
constexpr std::int64_t largest_factor = 1'000'000;

/// The fields as a table wants them.
struct SyntheticFields : core::WorkloadModel {
  Located<std::string> tier;
};

Table<SyntheticFields> synthetic_table() {
  using Model = core::WorkloadModel;
  Table<SyntheticFields> table("a mapping that describes a workload model");
  table
      .optional("jobs", inherited<SyntheticFields>(&Model::jobs), number({1, most_jobs}),
                "number of jobs")
      .optional("min_run_time", inherited<SyntheticFields>(&Model::min_run_time),
                time_span(core::seconds(1)), "shortest run time, at reference speed")
      .optional("max_run_time", inherited<SyntheticFields>(&Model::max_run_time),
                time_span(core::seconds(1)),
                "longest run time; run times are log-uniform between the two")
      .optional("limit", inherited<SyntheticFields>(&Model::limit_permille),
                factor_permille({1000, largest_factor}), "time limit of a job, of its run time")
      .optional("load", inherited<SyntheticFields>(&Model::load_permille),
                factor_permille({1, 100'000}),
                "part of the cores that is busy if every job is run once; jobs arrive as a "
                "Poisson process")
      .optional("cores", inherited<SyntheticFields>(&Model::cores),
                number({1, PlatformLimits::cores_per_node}), "cores of each job, on one node")
      .optional("users", inherited<SyntheticFields>(&Model::users), number({1, 1'000'000}),
                "number of users, who submit equally often")
      .optional("tier", &SyntheticFields::tier, located(name()),
                "jobs run on this tier only, and the load is that of its cores; all if left out")
      .check([](const Cursor& at, SyntheticFields& fields) {
        if (fields.min_run_time > fields.max_run_time) {
          at.error("min_run_time is longer than max_run_time");
        }
      });
  return table;
}

}  // namespace

Codec<SyntheticSource> synthetic_codec() {
  Codec<SyntheticSource> codec;
  codec.shape = synthetic_table().shape();
  codec.decode = [table = synthetic_table()](const Cursor& at, SyntheticSource& out) {
    SyntheticFields fields;
    table.decode(at, fields);
    const core::WorkloadModel& model = fields;
    out = {model, fields.tier};
  };
  codec.write = [table = synthetic_table()](const SyntheticSource& source) {
    SyntheticFields fields;
    static_cast<core::WorkloadModel&>(fields) = source.model;
    fields.tier = source.tier;
    return table.write(fields);
  };
  return codec;
}

}  // namespace nexa::io
