#include "tests/io/faulty_storage.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <utility>

#include "core/rng.hpp"
#include "io/posix_file.hpp"

namespace nexa::io::testing {

using core::Result;

class FaultyFile final : public StorageFile {
 public:
  FaultyFile(FaultyStorage& storage, std::string path,
             std::shared_ptr<FaultyStorage::Content> content)
      : storage_(&storage), path_(std::move(path)), content_(std::move(content)) {}
  ~FaultyFile() override {
    if (holds_lock_) content_->locked = false;
  }

  Result<std::size_t> read(std::uint64_t offset, std::span<char> buffer) override {
    if (storage_->stopped_) return system_error("read", path_, EIO);
    const std::string& bytes = content_->cached;
    if (offset >= bytes.size()) return std::size_t{0};
    const std::size_t count = std::min(buffer.size(), bytes.size() - offset);
    std::memcpy(buffer.data(), bytes.data() + offset, count);
    return count;
  }

  Result<std::size_t> write(std::uint64_t offset, std::string_view bytes) override {
    const bool is_whole = storage_->begin_change();
    if (storage_->stopped_ && is_whole) return system_error("write", path_, EIO);
    std::size_t count = bytes.size();
    if (!is_whole) count = storage_->draw(count + 1);
    if (is_whole && storage_->short_writes) count = 1 + storage_->draw(count);
    if (storage_->space) count = std::min<std::size_t>(count, *storage_->space);
    std::string& cached = content_->cached;
    cached.resize(std::max<std::size_t>(cached.size(), offset + count));
    cached.replace(offset, count, bytes.substr(0, count));
    if (storage_->space) *storage_->space -= count;
    if (!is_whole) return system_error("write", path_, EIO);
    if (count == 0) return system_error("write", path_, ENOSPC);
    return count;
  }

  Result<void> truncate(std::uint64_t size) override {
    const bool is_done = storage_->begin_change();
    if (storage_->stopped_) return system_error("shorten", path_, EIO);
    if (is_done) content_->cached.resize(size);
    return {};
  }

  void reserve(std::uint64_t /*until*/) override {}
  void start_writing(std::uint64_t /*offset*/, std::uint64_t /*bytes*/) override {}

  Result<void> sync() override {
    const bool is_done = storage_->begin_change();
    if (storage_->stopped_ || storage_->fail_sync) {
      storage_->fail_sync = false;
      return system_error("sync", path_, EIO);
    }
    if (is_done) content_->synced = content_->cached;
    return {};
  }

  Result<void> lock() override {
    if (content_->locked) {
      return core::Error{core::ErrorCode::conflict, "locked", "", {path_, 0, 0}};
    }
    content_->locked = true;
    holds_lock_ = true;
    return {};
  }

 private:
  FaultyStorage* storage_;
  std::string path_;
  std::shared_ptr<FaultyStorage::Content> content_;
  bool holds_lock_ = false;
};

std::uint64_t FaultyStorage::draw(std::uint64_t bound) {
  return core::random_below({.seed = seed_, .entity = draws_++}, bound);
}

bool FaultyStorage::begin_change() {
  if (stopped_) return true;
  if (changes_++ < stop_at_) return true;
  stopped_ = true;
  return false;
}

Result<std::unique_ptr<StorageFile>> FaultyStorage::open(const std::string& path, Mode mode) {
  if (stopped_) return system_error("open", path, EIO);
  const bool exists = has(path);
  if (!exists && mode == Mode::read) return system_error("open", path, ENOENT);
  if (!exists || mode == Mode::empty) {
    if (!begin_change()) return system_error("open", path, EIO);
    if (!exists) unsynced_names_.push_back(names_);
    if (!exists) names_[path] = std::make_shared<Content>();
    names_[path]->cached.clear();
  }
  return std::unique_ptr<StorageFile>(std::make_unique<FaultyFile>(*this, path, names_[path]));
}

Result<void> FaultyStorage::rename(const std::string& from, const std::string& to) {
  const bool is_done = begin_change();
  if (stopped_ && is_done) return system_error("rename", from, EIO);
  // A renaming happens or does not, also when the machine stops in it.
  if (is_done || draw(2) == 0) {
    unsynced_names_.push_back(names_);
    names_[to] = names_[from];
    names_.erase(from);
  }
  if (!is_done) return system_error("rename", from, EIO);
  return {};
}

Result<void> FaultyStorage::sync_folder_of(const std::string& path) {
  const bool is_done = begin_change();
  if (stopped_) return system_error("sync", path, EIO);
  // One folder for all is enough for these tests: it makes losses no less likely in others.
  if (is_done) unsynced_names_.clear();
  return {};
}

void FaultyStorage::lose_power() {
  if (!unsynced_names_.empty()) {
    const std::uint64_t kept = draw(unsynced_names_.size() + 1);
    if (kept < unsynced_names_.size()) names_ = unsynced_names_[kept];
    unsynced_names_.clear();
  }
  for (auto& [path, content] : names_) {
    std::string& cached = content->cached;
    const std::string& synced = content->synced;
    if (cached.size() > synced.size() && cached.starts_with(synced)) {
      const std::size_t size = synced.size() + draw(cached.size() - synced.size() + 1);
      cached.resize(size);
      // The size of a file can reach the disk before its bytes do.
      if (draw(4) == 0) cached.resize(size + draw(300), '\0');
    } else if (draw(2) == 0) {
      cached = synced;
    }
    content->synced = cached;
  }
  restart_program();
}

void FaultyStorage::restart_program() {
  for (auto& [path, content] : names_) {
    // Open files of the old program keep their own content from here on.
    content = std::make_shared<Content>(Content{content->cached, content->synced, false});
  }
  stopped_ = false;
  stop_at_ = UINT64_MAX;
  space.reset();
}

std::string FaultyStorage::bytes(const std::string& path) const {
  const auto found = names_.find(path);
  return found == names_.end() ? std::string() : found->second->cached;
}

void FaultyStorage::put(const std::string& path, std::string bytes) {
  names_[path] = std::make_shared<Content>(Content{bytes, std::move(bytes), false});
}

void FaultyStorage::remove(const std::string& path) {
  names_.erase(path);
}

}  // namespace nexa::io::testing
