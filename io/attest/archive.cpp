#include "io/attest/archive.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "io/atomic_file.hpp"
#include "io/attest/manifest.hpp"
#include "io/attest/statement_names.hpp"
#include "io/attest/tar.hpp"
#include "io/byte_source.hpp"
#include "io/chunk_bytes.hpp"
#include "io/file_error.hpp"
#include "io/posix_file.hpp"
#include "io/sha256.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using core::Result;
namespace fs = std::filesystem;

/// Takes the files of an archive one after another, and keeps the text of those that say what the
/// others are.
class Collector {
 public:
  explicit Collector(Archive& archive) : archive_(archive) {}

  Result<void> begin(const std::string& name) {
    name_ = name;
    text_ = nullptr;
    if (!names_.insert(name).second) {
      return file_error(ErrorCode::conflict, "'" + name + "' is in the archive twice", "",
                        archive_.path);
    }
    if (name == manifest_name) {
      text_ = &archive_.manifest.emplace();
    } else if (name.ends_with(bundle_suffix) && name.find('/') == std::string::npos) {
      if (!archive_.bundle_name.empty()) {
        return file_error(
            ErrorCode::conflict,
            "the archive has two bundles, '" + archive_.bundle_name + "' and '" + name + "'", "",
            archive_.path);
      }
      archive_.bundle_name = name;
      text_ = &archive_.bundle;
    }
    return {};
  }

  Result<void> add(std::string_view bytes) {
    digest_.add(bytes);
    if (text_ == nullptr) return {};
    if (text_->size() + bytes.size() > most_bundle_bytes) {
      return file_error(ErrorCode::limit_exceeded, "'" + name_ + "' is larger than 64 MiB", "",
                        archive_.path);
    }
    *text_ += bytes;
    return {};
  }

  void end() { archive_.files.push_back({.name = name_, .sha256 = digest_.finish()}); }

 private:
  Archive& archive_;
  std::string name_;
  std::string* text_ = nullptr;
  std::set<std::string> names_;
  Sha256Stream digest_;
};

/// Hands over the bytes of a file, which is not followed if it is a link.
template <class Use>
Result<void> read_through(const std::string& path, Use use) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open()) return system_error("open", path, errno);
  std::vector<char> buffer(chunk_bytes);
  while (true) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count == 0) return {};
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("read", path, errno);
    auto used = use(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    if (!used) return used;
  }
}

Result<std::vector<std::string>> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  fs::recursive_directory_iterator at(folder, failure);
  for (; !failure && at != fs::recursive_directory_iterator(); at.increment(failure)) {
    const fs::file_status status = at->symlink_status(failure);
    if (failure) break;
    if (fs::is_directory(status)) continue;
    const std::string name = at->path().lexically_relative(folder).generic_string();
    if (!fs::is_regular_file(status)) {
      return file_error(ErrorCode::unsupported, "'" + name + "' is neither a file nor a folder",
                        "links and devices have no place in an archive", folder);
    }
    if (!is_relative_path(name)) {
      return file_error(ErrorCode::unsupported, "a file's name is too long or not a name", "",
                        folder);
    }
    names.push_back(name);
  }
  if (failure) return system_error("read", folder, failure.value());
  std::sort(names.begin(), names.end());
  return names;
}

Result<Archive> read_folder(const std::string& path) {
  const auto names = names_in(path);
  if (!names) return names.error();
  Archive archive;
  archive.path = path;
  Collector collector(archive);
  for (const std::string& name : *names) {
    if (auto begun = collector.begin(name); !begun) return begun.error();
    const auto add = [&collector](std::string_view bytes) { return collector.add(bytes); };
    if (auto read = read_through(path + '/' + name, add); !read) return read.error();
    collector.end();
  }
  return archive;
}

Result<Archive> read_packed(const std::string& path) {
  auto source = open_bytes(path);
  if (!source) return source.error();
  Archive archive;
  archive.path = path;
  Collector collector(archive);
  const TarVisitor visitor{
      .begin = [&collector](const std::string& name,
                            std::uint64_t /*size*/) { return collector.begin(name); },
      .data = [&collector](std::string_view bytes) { return collector.add(bytes); },
      .end =
          [&collector]() {
            collector.end();
            return Result<void>{};
          }};
  if (auto read = read_tar(**source, visitor); !read) return read.error();
  return archive;
}

class ArchiveCheck {
 public:
  ArchiveCheck(const Archive& archive, BundleReport& report) : archive_(archive), report_(report) {
    for (const OutputFile& file : archive.files) present_.emplace(file.name, file.sha256);
  }

  void check_manifest() {
    if (!archive_.manifest) return fail("it has no list " + std::string(manifest_name), "");
    const auto listed = parse_manifest(*archive_.manifest, archive_.path);
    if (!listed) {
      return fail(std::string(manifest_name) + ", line " +
                      std::to_string(listed.error().where.line) + ": " + listed.error().message,
                  listed.error().hint);
    }
    std::set<std::string> names{std::string(manifest_name)};
    for (const OutputFile& entry : *listed) {
      names.insert(entry.name);
      compare(entry, "listed in " + std::string(manifest_name));
    }
    for (const OutputFile& file : archive_.files) {
      if (names.count(file.name) == 0) {
        fail("'" + file.name + "' is not listed in " + std::string(manifest_name),
             "it was added after the list was made");
      }
    }
  }

  void check_bundle_is(const core::Digest& bundle) {
    if (archive_.bundle_name.empty()) return fail("it has no bundle", "");
    const core::Digest& found = present_.at(archive_.bundle_name);
    if (found == bundle) return;
    fail("its bundle '" + archive_.bundle_name + "' is not the one that is checked",
         "its SHA-256 is " + to_hex(found));
  }

  void check_outputs() {
    const std::vector<OutputFile>* outputs = report_.outputs();
    if (outputs == nullptr) return;
    for (const OutputFile& output : *outputs) compare(output, "attested");
  }

 private:
  void fail(std::string message, std::string hint) {
    report_.failures.push_back({.check = "archive",
                                .line = 0,
                                .message = "'" + archive_.path + "': " + std::move(message),
                                .hint = std::move(hint)});
  }

  void compare(const OutputFile& expected, const std::string& how) {
    const auto found = present_.find(expected.name);
    if (found == present_.end()) return fail("'" + expected.name + "' is missing", "it is " + how);
    if (found->second == expected.sha256) return;
    fail("'" + expected.name + "' is not the file that is " + how,
         "its SHA-256 is " + to_hex(found->second) + ", " + how + " is " + to_hex(expected.sha256));
  }

  const Archive& archive_;
  BundleReport& report_;
  std::map<std::string, core::Digest> present_;
};

bool is_inside(const std::string& path, const std::string& folder) {
  std::error_code ignored;
  const fs::path inner = fs::weakly_canonical(path, ignored);
  const fs::path outer = fs::weakly_canonical(folder, ignored);
  const fs::path relative = inner.lexically_relative(outer);
  return !relative.empty() && *relative.begin() != "..";
}

Result<void> put_text(TarWriter& tar, const std::string& name, const std::string& text) {
  if (auto begun = tar.begin(name, text.size()); !begun) return begun;
  return tar.data(text);
}

/// Copies a file into the archive, and makes sure that it is the one of the list.
Result<void> put_file(TarWriter& tar, const std::string& folder, const OutputFile& file) {
  const std::string path = folder + '/' + file.name;
  const core::Error changed =
      file_error(ErrorCode::conflict, "the file changed while it was archived",
                 "archive a result when its job has ended", path);
  std::error_code failure;
  std::uint64_t left = fs::file_size(path, failure);
  if (failure) return system_error("read", path, failure.value());
  if (auto begun = tar.begin(file.name, left); !begun) return begun;
  Sha256Stream digest;
  auto copied = read_through(path, [&](std::string_view bytes) -> Result<void> {
    if (bytes.size() > left) return changed;
    left -= bytes.size();
    digest.add(bytes);
    return tar.data(bytes);
  });
  if (!copied) return copied;
  if (left != 0 || digest.finish() != file.sha256) return changed;
  return {};
}

}  // namespace

Result<Archive> read_archive(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored) ? read_folder(path) : read_packed(path);
}

void check_archive(const Archive& archive, const core::Digest& bundle, BundleReport& report) {
  ArchiveCheck check(archive, report);
  check.check_manifest();
  check.check_bundle_is(bundle);
  check.check_outputs();
}

Result<void> write_archive(const std::string& folder, const std::string& path) {
  if (is_inside(path, folder)) {
    return file_error(ErrorCode::invalid_argument,
                      "the archive '" + path + "' would be inside of the folder that it holds",
                      "write it to another folder", path);
  }
  Result<Archive> archive = read_folder(folder);
  if (!archive) return archive.error();
  if (archive->bundle_name.empty()) {
    return file_error(ErrorCode::invalid_argument,
                      "'" + folder + "' has no file JOB" + std::string(bundle_suffix),
                      "put the bundle of attestations into the folder", folder);
  }
  std::erase_if(archive->files, [](const OutputFile& file) { return file.name == manifest_name; });
  auto out = AtomicFile::create(path);
  if (!out) return out.error();
  TarWriter tar(*out);
  auto put = put_text(tar, std::string(manifest_name), manifest_text(archive->files));
  if (!put) return put;
  for (const OutputFile& file : archive->files) {
    if (put = put_file(tar, folder, file); !put) return put;
  }
  if (put = tar.finish(); !put) return put;
  return out->commit();
}

}  // namespace nexa::io
