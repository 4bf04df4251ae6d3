#include "io/hdf5/identities_table.hpp"

#include "core/behaviour.hpp"

namespace nexa::io::hdf5 {
namespace {

using core::Intent;
using core::Result;
using validator::TrustBucket;

Result<Handle> intent_type() {
  return enum_type_of(Intent::hostile, [](Intent intent) { return core::name_of(intent); });
}

std::string trust_name(TrustBucket trust) {
  return std::string(validator::to_text(trust));
}

}  // namespace

Result<void> IdentitiesTable::create(const Handle& file, const core::Platform& platform) {
  behaviours_ = BehaviourNames(platform);
  chunk_ = rows_per_chunk(platform.node_count());
  const Result<Handle> group = create_group(file, "identities");
  if (!group) return group.error();
  Result<void> done;
  const auto make = [&](auto& column, const char* name, const char* units, const char* text) {
    if (done) done = column.create(*group, {name, units, text}, chunk_);
  };
  const auto name = [&](Column<std::int8_t>& column, const char* column_name, const char* text,
                        Result<Handle> type) {
    if (done) done = column.create(*group, {column_name, "", text}, chunk_, std::move(type));
  };
  make(node_, "node", "", "number of the identity");
  make(machine_, "machine", "", "first identity of the same machine");
  make(owner_, "owner", "", "number of its owner");
  make(node_class_, "node_class", "", "row in /nodes of the machine");
  name(behaviour_, "behaviour", "how the machine behaves", behaviours_.type());
  name(intent_, "intent", "what that says of whoever runs it", intent_type());
  make(joined_us_, "joined_us", "us", "when it was registered, since the first submission");
  make(first_wrong_us_, "first_wrong_us", "us", "its first wrong answer; -1: never");
  make(convicted_us_, "convicted_us", "us", "its first conviction; -1: never");
  name(trust_, "trust", "what it has earned by the end",
       enum_type_of(TrustBucket::trusted, trust_name));
  make(reputation_ppm_, "reputation_ppm", "1e-6",
       "lower 5 % quantile of the chance that a result is right");
  make(strikes_, "strikes", "", "strikes that count");
  name(expelled_, "expelled", "gets no more work", flag_type());
  make(valid_, "valid", "results", "found valid");
  make(invalid_, "invalid", "results", "found invalid");
  make(inconclusive_, "inconclusive", "results", "of which nothing was found");
  make(errors_, "errors", "replicas", "that failed");
  make(no_replies_, "no_replies", "replicas", "that were not answered in time");
  make(aborted_, "aborted", "replicas", "that were ended by others");
  return done;
}

Result<void> IdentitiesTable::append(const scheduler::IdentityRecord& identity) {
  node_.push(identity.node.value);
  machine_.push(identity.machine.value);
  owner_.push(identity.owner.value);
  node_class_.push(identity.node_class);
  behaviour_.push(behaviours_[identity.behaviour]);
  intent_.push(static_cast<std::int8_t>(identity.intent));
  joined_us_.push(time_or_none(identity.joined));
  first_wrong_us_.push(time_or_none(identity.first_wrong));
  convicted_us_.push(time_or_none(identity.convicted));
  trust_.push(static_cast<std::int8_t>(identity.trust));
  reputation_ppm_.push(identity.reputation_ppm);
  strikes_.push(identity.strikes);
  expelled_.push(identity.expelled ? 1 : 0);
  valid_.push(identity.valid);
  invalid_.push(identity.invalid);
  inconclusive_.push(identity.inconclusive);
  errors_.push(identity.errors);
  no_replies_.push(identity.no_replies);
  aborted_.push(identity.aborted);
  return node_.pending() < chunk_ ? Result<void>() : flush(false);
}

Result<void> IdentitiesTable::flush(bool all) {
  return flush_columns(all, node_, machine_, owner_, node_class_, behaviour_, intent_, joined_us_,
                       first_wrong_us_, convicted_us_, trust_, reputation_ppm_, strikes_, expelled_,
                       valid_, invalid_, inconclusive_, errors_, no_replies_, aborted_);
}

}  // namespace nexa::io::hdf5
