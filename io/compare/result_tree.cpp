#include "io/compare/result_tree.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "io/posix_file.hpp"

namespace nexa::io::compare {

namespace {

namespace fs = std::filesystem;

EntryKind kind_of_type(fs::file_type type) {
  switch (type) {
    case fs::file_type::regular:
      return EntryKind::file;
    case fs::file_type::directory:
      return EntryKind::folder;
    case fs::file_type::symlink:
      return EntryKind::link;
    default:
      return EntryKind::other;
  }
}

core::Error too_many(const std::string& folder, std::size_t most) {
  return {.code = core::ErrorCode::limit_exceeded,
          .message = "'" + folder + "' has more than " + std::to_string(most) + " entries",
          .hint = "results of so many files are packed first",
          .where = {.file = folder, .line = 0, .column = 0}};
}

}  // namespace

const char* to_string(EntryKind kind) {
  switch (kind) {
    case EntryKind::file:
      return "a file";
    case EntryKind::folder:
      return "a folder";
    case EntryKind::link:
      return "a symbolic link";
    case EntryKind::other:
      break;
  }
  return "something that is no file";
}

core::Result<EntryKind> kind_of(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::none || status.type() == fs::file_type::not_found) {
    return system_error("open", path, error.value());
  }
  return kind_of_type(status.type());
}

core::Result<std::map<std::string, EntryKind>> list_tree(const std::string& folder) {
  constexpr std::size_t most_entries = 1'000'000;
  std::map<std::string, EntryKind> entries;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const fs::file_status status = at->symlink_status(error);
    if (error) break;
    if (entries.size() == most_entries) return too_many(folder, most_entries);
    // The path is that of the folder, a slash, and what is below.
    std::string below = at->path().lexically_relative(folder).string();
    entries.emplace(std::move(below), kind_of_type(status.type()));
  }
  if (error) return system_error("list", folder, error.value());
  return entries;
}

core::Result<std::string> link_target(const std::string& path) {
  std::error_code error;
  fs::path target = fs::read_symlink(path, error);
  if (error) return system_error("read", path, error.value());
  return target.string();
}

}  // namespace nexa::io::compare
