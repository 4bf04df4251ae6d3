#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/chunks.hpp"
#include "ledger/contracts.hpp"
#include "ledger/id_table.hpp"
#include "ledger/job_record.hpp"

namespace nexa::ledger {

/// The records of all jobs, for ever. Those of jobs of which nothing moves any more are packed into
/// a tenth of the room, and unpacked when somebody asks for them.
class JobStore {
 public:
  /// Null for a job that is not known. The record stays where it is until `tidy`.
  [[nodiscard]] JobRecord* find(core::JobId id);
  [[nodiscard]] JobRecord& at(core::JobId id);
  /// For a look at a record: it is valid until the next call. Null for a job that is not known.
  [[nodiscard]] const JobRecord* peek(core::JobId id);

  /// Takes in the record of a new job, with a contract that is kept.
  JobRecord& add(JobRecord&& record, const Contract& contract);

  /// The job is resolved, for what is known now.
  void note_resolved(core::JobId id) { unpacked_.push_back(id); }
  /// Packs records that can be. Linear in the jobs that were resolved or unpacked since the last
  /// call.
  void tidy();
  /// How many records are not packed.
  [[nodiscard]] std::size_t unpacked() const { return open_.size() - free_.size(); }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  static constexpr std::uint64_t nowhere = UINT64_MAX;
  struct Place {
    core::JobId job{};
    std::uint32_t open = none;       ///< its record among those that are not packed
    std::uint64_t packed = nowhere;  ///< where its bytes are, perhaps of an earlier state
    [[nodiscard]] core::JobId id() const { return job; }
  };

  JobRecord& open(Place& place, JobRecord&& record);
  std::uint64_t keep_bytes(std::uint64_t earlier);
  [[nodiscard]] std::uint8_t* bytes_at(std::uint64_t where) {
    return chunks_[where / chunk_size].get() + where % chunk_size;
  }

  /// In front of a packed record are two bytes that say how many bytes there is room for.
  static constexpr std::size_t room_bytes = 2;
  static constexpr std::size_t chunk_size = std::size_t{1} << 16;
  Contracts contracts_;
  IdTable<Place> places_;
  core::Chunks<JobRecord, 64> open_;
  std::vector<std::uint32_t> free_;
  std::vector<core::JobId> unpacked_;  ///< that may be packed at the next `tidy`
  std::vector<std::unique_ptr<std::uint8_t[]>> chunks_;
  std::size_t used_ = chunk_size;     ///< of the last chunk
  std::vector<std::uint8_t> packed_;  ///< the latest
  JobRecord shown_;
};

}  // namespace nexa::ledger
