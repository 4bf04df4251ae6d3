#include "ledger/job_store.hpp"

#include <algorithm>
#include <utility>

#include "ledger/packed_job.hpp"

namespace nexa::ledger {

JobRecord& JobStore::open(Place& place, JobRecord&& record) {
  if (free_.empty()) {
    place.open = open_.size();
    return open_.push_back(std::move(record));
  }
  place.open = free_.back();
  free_.pop_back();
  return open_[place.open] = std::move(record);
}

JobRecord* JobStore::find(core::JobId id) {
  Place* const place = places_.find(id);
  if (place == nullptr) return nullptr;
  if (place->open != none) return &open_[place->open];
  // Whoever asked may change it, or may not.
  unpacked_.push_back(id);
  return &open(*place, unpack(bytes_at(place->packed) + room_bytes, contracts_));
}

JobRecord& JobStore::at(core::JobId id) {
  JobRecord* const record = find(id);
  NEXA_ASSERT(record != nullptr, "the job is known");
  return *record;
}

const JobRecord* JobStore::peek(core::JobId id) {
  Place* const place = places_.find(id);
  if (place == nullptr) return nullptr;
  if (place->open != none) return &open_[place->open];
  shown_ = unpack(bytes_at(place->packed) + room_bytes, contracts_);
  return &shown_;
}

JobRecord& JobStore::add(JobRecord&& record, const Contract& contract) {
  record.contract = contracts_.share(contract);
  record.terms = contracts_.at(record.contract);
  Place place;
  place.job = record.id();
  return open(places_.add(Place(place)), std::move(record));
}

std::uint64_t JobStore::keep_bytes(std::uint64_t earlier) {
  const std::size_t size = packed_.size();
  std::uint64_t where = earlier;
  const auto room_of = [](const std::uint8_t* bytes) { return bytes[0] | bytes[1] << 8U; };
  // Most that were unpacked were only looked at, or have little to add.
  if (where == nowhere || size > static_cast<std::size_t>(room_of(bytes_at(where)))) {
    const std::size_t with_room = size + room_bytes;
    if (with_room > chunk_size - used_) {
      chunks_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(chunk_size));
      used_ = 0;
    }
    where = (chunks_.size() - 1) * chunk_size + used_;
    used_ += with_room;
    bytes_at(where)[0] = static_cast<std::uint8_t>(size);
    bytes_at(where)[1] = static_cast<std::uint8_t>(size >> 8U);
  }
  std::copy(packed_.begin(), packed_.end(), bytes_at(where) + room_bytes);
  return where;
}

void JobStore::tidy() {
  for (const core::JobId id : unpacked_) {
    Place& place = places_.at(id);
    if (place.open == none || !can_pack(open_[place.open])) continue;
    JobRecord& record = open_[place.open];
    packed_.clear();
    pack(record, packed_);
    if (packed_.size() > chunk_size - room_bytes) continue;
    place.packed = keep_bytes(place.packed);
    record = JobRecord{};
    free_.push_back(std::exchange(place.open, none));
  }
  unpacked_.clear();
}

}  // namespace nexa::ledger
