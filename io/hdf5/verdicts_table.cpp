#include "io/hdf5/verdicts_table.hpp"

namespace nexa::io::hdf5 {
namespace {

using core::Result;
using validator::FailedBecause;
using validator::Outcome;
using validator::RevisedBecause;
using validator::Rule;

/// The number of a reason to revise: zero says that the verdict is the first one.
std::int8_t revised_number(const std::optional<RevisedBecause>& revised) {
  return revised ? static_cast<std::int8_t>(static_cast<std::int8_t>(*revised) + 1)
                 : std::int8_t{0};
}

Result<Handle> revised_type() {
  return enum_type({{"no", revised_number(std::nullopt)},
                    {"late_result", revised_number(RevisedBecause::late_result)},
                    {"revalidation", revised_number(RevisedBecause::revalidation)}});
}

template <class Enum>
Result<Handle> words_to(Enum last) {
  return enum_type_of(last, [](Enum value) { return std::string(validator::to_text(value)); });
}

}  // namespace

Result<void> VerdictsTable::create(const Handle& file, std::size_t jobs) {
  chunk_ = rows_per_chunk(jobs);
  const Result<Handle> group = create_group(file, "verdicts");
  if (!group) return group.error();
  Result<void> done;
  const auto make = [&](auto& column, const char* name, const char* units, const char* text) {
    if (done) done = column.create(*group, {name, units, text}, chunk_);
  };
  const auto name = [&](Column<std::int8_t>& column, const char* column_name, const char* text,
                        Result<Handle> type) {
    if (done) done = column.create(*group, {column_name, "", text}, chunk_, std::move(type));
  };
  make(job_id_, "job_id", "", "the job, as in /jobs");
  make(time_us_, "time_us", "us", "when it was decided, since the first submission");
  name(outcome_, "outcome", "what was decided", words_to(Outcome::cancelled));
  name(why_, "why", "why nothing was accepted", words_to(FailedBecause::arbiters_disagree));
  name(rule_, "rule", "rule that made the first verdict", words_to(Rule::poco));
  name(revised_, "revised", "why an earlier verdict was looked at again", revised_type());
  make(canonical_, "canonical", "", "replica whose result is accepted; 0: none");
  make(copies_, "copies", "replicas", "replicas that had been started by then");
  name(confirmed_, "confirmed", "a trusted node computed the same", flag_type());
  name(wrong_, "wrong", "the accepted result is wrong", flag_type());
  return done;
}

Result<void> VerdictsTable::append(const scheduler::VerdictRecord& verdict) {
  job_id_.push(verdict.job.value);
  time_us_.push(time_or_none(verdict.time));
  outcome_.push(static_cast<std::int8_t>(verdict.outcome));
  why_.push(static_cast<std::int8_t>(verdict.why));
  rule_.push(static_cast<std::int8_t>(verdict.rule));
  revised_.push(revised_number(verdict.revised));
  canonical_.push(verdict.canonical.value);
  copies_.push(verdict.copies);
  confirmed_.push(verdict.confirmed ? 1 : 0);
  wrong_.push(verdict.wrong ? 1 : 0);
  return job_id_.pending() < chunk_ ? Result<void>() : flush(false);
}

Result<void> VerdictsTable::flush(bool all) {
  return flush_columns(all, job_id_, time_us_, outcome_, why_, rule_, revised_, canonical_, copies_,
                       confirmed_, wrong_);
}

}  // namespace nexa::io::hdf5
