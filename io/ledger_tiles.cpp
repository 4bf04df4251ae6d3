#include "io/ledger_tiles.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "io/ledger_line.hpp"
#include "io/line_reader.hpp"
#include "io/posix_file.hpp"
#include "io/sha256.hpp"
#include "io/storage.hpp"
#include "io/yaml/source.hpp"
#include "ledger/merkle.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;

constexpr std::uint64_t tile_width = 256;

/// The tile of a level that is being filled.
struct Tile {
  std::string hashes;
  std::uint64_t width = 0;
  std::uint64_t index = 0;
  ledger::TreeFrontier tree{sha256_of_parts};
};

class TileWriter {
 public:
  explicit TileWriter(std::string folder) : folder_(std::move(folder)) {}

  Result<void> add(std::string_view line) {
    const auto length = static_cast<std::uint16_t>(line.size());
    bundle_ += static_cast<char>(length >> 8);
    bundle_ += static_cast<char>(length & 255);
    bundle_ += line;
    if (++bundled_ == tile_width) {
      if (const auto done = write_bundle(); !done) return done;
    }
    return add(0, ledger::leaf_hash(sha256_of_parts, line));
  }

  /// The tiles that are not full.
  Result<void> finish() {
    for (std::size_t level = 0; level < tiles_.size(); ++level) {
      if (tiles_[level].width == 0) continue;
      if (const auto done = write_tile(level); !done) return done;
    }
    return bundled_ == 0 ? Result<void>() : write_bundle();
  }

  Result<void> write(const std::string& name, std::string_view bytes) {
    const std::string path = folder_ + '/' + name;
    std::error_code failed;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
    if (failed) {
      return Error{
          .code = ErrorCode::io,
          .message = "cannot make the folder of " + in_quotes(path) + ": " + failed.message(),
          .hint = "",
          .where = {.file = path, .line = 0, .column = 0}};
    }
    // Whole for whoever reads the folder. That all of them are on disk is seen to once, behind
    // them.
    const std::string partial = path + ".new";
    auto file = posix_storage().open(partial, Storage::Mode::empty);
    if (!file) return std::move(file).error();
    if (const auto written = write_all(**file, 0, bytes); !written) return written;
    ++files_;
    return posix_storage().rename(partial, path);
  }

  /// Returns when all that was written is on disk.
  Result<void> sync() {
    const FileDescriptor folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open()) return system_error("open", folder_, errno);
    if (::syncfs(folder.get()) != 0) return system_error("sync", folder_, errno);
    return {};
  }

  [[nodiscard]] std::uint64_t files() const { return files_; }

 private:
  Result<void> add(std::size_t level, const core::Digest& hash) {
    if (level == tiles_.size()) tiles_.emplace_back();
    Tile& tile = tiles_[level];
    for (const std::uint8_t byte : hash.bytes) tile.hashes += static_cast<char>(byte);
    tile.tree.add(hash);
    if (++tile.width < tile_width) return {};
    if (const auto done = write_tile(level); !done) return done;
    const core::Digest root = tile.tree.root();
    tile = Tile{{}, 0, tile.index + 1};
    return add(level + 1, root);
  }

  Result<void> write_tile(std::size_t level) {
    const Tile& tile = tiles_[level];
    return write("tile/" + std::to_string(level) + '/' + tile_name(tile.index, tile.width),
                 tile.hashes);
  }

  Result<void> write_bundle() {
    const auto done = write("tile/entries/" + tile_name(bundle_index_, bundled_), bundle_);
    ++bundle_index_;
    bundled_ = 0;
    bundle_.clear();
    return done;
  }

  std::string folder_;
  std::vector<Tile> tiles_;  ///< by level
  std::string bundle_;
  std::uint64_t bundled_ = 0;
  std::uint64_t bundle_index_ = 0;
  std::uint64_t files_ = 0;
};

Error other_root(const std::string& journal, const ledger::TreeHead& tree, std::uint64_t entries) {
  return {.code = ErrorCode::conflict,
          .message = entries < tree.size
                         ? in_quotes(journal) + " ends after " + std::to_string(entries) +
                               " entries, the checkpoint covers " + std::to_string(tree.size)
                         : "the first " + std::to_string(tree.size) + " entries of " +
                               in_quotes(journal) + " are not those of the checkpoint",
          .hint = "'nexa ledger verify' says more",
          .where = {}};
}

}  // namespace

std::string tile_name(std::uint64_t index, std::uint64_t width) {
  std::string name;
  do {
    std::string digits = std::to_string(index % 1000);
    digits.insert(0, 3 - digits.size(), '0');
    name.insert(0, name.empty() ? digits : 'x' + digits + '/');
    index /= 1000;
  } while (index != 0);
  if (width < tile_width) name += ".p/" + std::to_string(width);
  return name;
}

Result<TileExport> export_tiles(const std::string& journal, const std::string& folder,
                                const SignedCheckpoint& checkpoint) {
  auto source = open_bytes(journal);
  if (!source) return std::move(source).error();
  LineReader lines(std::move(*source), longest_ledger_line);
  TileWriter writer(folder);
  const ledger::TreeHead& tree = checkpoint.checkpoint.tree;
  ledger::TreeFrontier frontier(sha256_of_parts);
  std::string line;
  while (frontier.size() < tree.size) {
    const Result<bool> more = lines.next(line);
    if (!more) return more.error();
    if (!*more || !lines.line_was_ended()) return other_root(journal, tree, frontier.size());
    frontier.add(ledger::leaf_hash(sha256_of_parts, line));
    if (const auto added = writer.add(line); !added) return added.error();
  }
  if (frontier.root() != tree.root) return other_root(journal, tree, frontier.size());
  if (const auto finished = writer.finish(); !finished) return finished.error();
  // The checkpoint comes last: whoever sees it finds all that it covers.
  const std::string note = to_text(checkpoint.note);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (const auto synced = writer.sync(); !synced) return synced.error();
  const auto published = replace_file(posix_storage(), folder + "/checkpoint", note);
  if (!published) return published.error();
  return TileExport{tree.size, writer.files() + 1};
}

}  // namespace nexa::io
