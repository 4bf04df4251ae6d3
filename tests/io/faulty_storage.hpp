#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/storage.hpp"

namespace nexa::io::testing {

/// Files in memory that fail as disks and machines do, at the moment that a test chooses.
///
/// What was written is in the cache until it is synced. `lose_power` keeps of each file what was
/// synced and some of what was not, and of the changes of names those that were synced and the
/// first few of the others.
class FaultyStorage final : public Storage {
 public:
  explicit FaultyStorage(std::uint64_t seed = 1) : seed_(seed) {}

  core::Result<std::unique_ptr<StorageFile>> open(const std::string& path, Mode mode) override;
  core::Result<void> rename(const std::string& from, const std::string& to) override;
  core::Result<void> sync_folder_of(const std::string& path) override;

  /// The machine stops in the middle of this change (a write, truncation, sync, creation, renaming
  /// or sync of a folder), counted from now, from zero. Everything fails from then on.
  void stop_at(std::uint64_t change) { stop_at_ = changes_ + change; }
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  /// What a restart finds.
  void lose_power();
  /// A restart of the program alone: the cache is still there.
  void restart_program();

  /// The disk takes so many more bytes, then writes fail (ENOSPC).
  std::optional<std::uint64_t> space;
  /// Writes take a random number of the bytes.
  bool short_writes = false;
  /// The next sync of a file fails.
  bool fail_sync = false;

  /// The bytes that a reader sees; empty for no file.
  [[nodiscard]] std::string bytes(const std::string& path) const;
  [[nodiscard]] bool has(const std::string& path) const { return names_.count(path) != 0; }
  /// Puts a file there, synced.
  void put(const std::string& path, std::string bytes);
  void remove(const std::string& path);

 private:
  friend class FaultyFile;
  struct Content {
    std::string cached;
    std::string synced;
    bool locked = false;
  };
  using Names = std::map<std::string, std::shared_ptr<Content>>;

  std::uint64_t draw(std::uint64_t bound);
  /// False if the machine stops at this change.
  bool begin_change();

  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  std::uint64_t changes_ = 0;
  std::uint64_t stop_at_ = UINT64_MAX;
  bool stopped_ = false;
  Names names_;
  std::vector<Names> unsynced_names_;  ///< what the names were before each change not synced yet
};

}  // namespace nexa::io::testing
