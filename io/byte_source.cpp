#include "io/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "io/posix_file.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;

constexpr unsigned char gzip_magic[2] = {0x1f, 0x8b};

class FileSource final : public ByteSource {
 public:
  FileSource(FileDescriptor file, std::string path, std::uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}

  /// Looks at the first bytes without taking them from the stream, which works for pipes too.
  Result<bool> starts_with_gzip_magic() {
    while (peeked_count_ < peeked_.size()) {
      const auto rest = std::span<char>(peeked_).subspan(peeked_count_);
      const Result<std::size_t> count = read_file(rest);
      if (!count) return count.error();
      if (*count == 0) break;
      peeked_count_ += *count;
    }
    return peeked_count_ == peeked_.size() &&
           std::memcmp(peeked_.data(), gzip_magic, peeked_.size()) == 0;
  }

  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t from_peeked = std::min(peeked_count_ - peeked_used_, buffer.size());
    if (from_peeked == 0) return read_file(buffer);
    std::memcpy(buffer.data(), peeked_.data() + peeked_used_, from_peeked);
    peeked_used_ += from_peeked;
    return from_peeked;
  }

  const std::string& name() const override { return path_; }
  std::uint64_t size_hint() const override { return size_; }

 private:
  Result<std::size_t> read_file(std::span<char> buffer) {
    while (true) {
      const ssize_t count = ::read(file_.get(), buffer.data(), buffer.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) return system_error("read", path_, errno);
    }
  }

  FileDescriptor file_;
  std::string path_;
  std::uint64_t size_;
  std::array<char, sizeof gzip_magic> peeked_{};
  std::size_t peeked_count_ = 0;
  std::size_t peeked_used_ = 0;
};

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string_view bytes, std::string name)
      : rest_(bytes), size_(bytes.size()), name_(std::move(name)) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t count = std::min(rest_.size(), buffer.size());
    if (count != 0) std::memcpy(buffer.data(), rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

  const std::string& name() const override { return name_; }
  std::uint64_t size_hint() const override { return size_; }

 private:
  std::string_view rest_;
  std::size_t size_;
  std::string name_;
};

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> compressed)
      : compressed_(std::move(compressed)), input_(input_size) {
    // 15 is the largest window; adding 16 makes zlib expect gzip's header and check its CRC-32.
    initialised_ = inflateInit2(&stream_, 15 + 16) == Z_OK;
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override {
    if (initialised_) inflateEnd(&stream_);
  }

  Result<std::size_t> read(std::span<char> buffer) override {
    if (!initialised_) return damaged("zlib could not be started");
    if (buffer.empty()) return std::size_t{0};
    // zlib counts in unsigned int.
    buffer = buffer.first(std::min<std::size_t>(buffer.size(), 1U << 30));
    stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_.avail_out = static_cast<uInt>(buffer.size());
    while (stream_.avail_out == buffer.size()) {
      if (member_ended_) {
        const Result<bool> more = start_next_member();
        if (!more) return more.error();
        if (!*more) return std::size_t{0};
      }
      const Result<void> step = inflate_some();
      if (!step) return step.error();
    }
    return buffer.size() - stream_.avail_out;
  }

  const std::string& name() const override { return compressed_->name(); }

  /// Workload logs shrink to a fifth or an eighth. gzip's own length field is at the end of the
  /// file, out of reach of a stream.
  std::uint64_t size_hint() const override { return 8 * compressed_->size_hint(); }

 private:
  static constexpr std::size_t input_size = std::size_t{128} << 10;

  Result<void> inflate_some() {
    if (stream_.avail_in == 0) {
      const Result<bool> filled = refill();
      if (!filled) return filled.error();
      if (!*filled) return damaged("the gzip data end too early");
    }
    const uInt before = stream_.avail_in;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    offset_ += before - stream_.avail_in;
    if (status == Z_STREAM_END) {
      member_ended_ = true;
      return {};
    }
    if (status == Z_OK || status == Z_BUF_ERROR) return {};
    return damaged(std::string("the gzip data are damaged (") +
                   (stream_.msg != nullptr ? stream_.msg : "no reason given") + ")");
  }

  /// False at the end of the data. Zero bytes after a member are padding, as tapes and tar
  /// leave it; anything else must be another member.
  Result<bool> start_next_member() {
    while (true) {
      if (stream_.avail_in == 0) {
        const Result<bool> filled = refill();
        if (!filled || !*filled) return filled;
      }
      if (*stream_.next_in != 0) break;
      ++stream_.next_in;
      --stream_.avail_in;
      ++offset_;
    }
    if (*stream_.next_in != gzip_magic[0]) return damaged("other data follow the gzip data");
    if (inflateReset(&stream_) != Z_OK) return damaged("zlib could not be started again");
    member_ended_ = false;
    return true;
  }

  Result<bool> refill() {
    Result<std::size_t> count = compressed_->read(input_);
    if (!count) return std::move(count).error();
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(*count);
    return *count != 0;
  }

  Error damaged(const std::string& what) const {
    return Error{.code = ErrorCode::corrupt,
                 .message = what + " at byte " + std::to_string(offset_) + " of '" + name() + "'",
                 .hint = "check it with 'gzip -t', and fetch it again",
                 .where = {.file = name(), .line = 0, .column = 0}};
  }

  std::unique_ptr<ByteSource> compressed_;
  std::vector<char> input_;
  z_stream stream_{};
  std::uint64_t offset_ = 0;  ///< compressed bytes used
  bool initialised_ = false;
  bool member_ended_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return system_error("open", path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error("read", path, errno);
  if (S_ISDIR(status.st_mode)) return system_error("read", path, EISDIR);
  const bool regular = S_ISREG(status.st_mode);
  auto source = std::make_unique<FileSource>(
      std::move(file), path, regular ? static_cast<std::uint64_t>(status.st_size) : 0);
  const Result<bool> gzip = source->starts_with_gzip_magic();
  if (!gzip) return gzip.error();
  if (*gzip) return inflate_gzip(std::move(source));
  return std::unique_ptr<ByteSource>(std::move(source));
}

std::unique_ptr<ByteSource> memory_bytes(std::string_view bytes, std::string name) {
  return std::make_unique<MemorySource>(bytes, std::move(name));
}

std::unique_ptr<ByteSource> inflate_gzip(std::unique_ptr<ByteSource> compressed) {
  return std::make_unique<GzipSource>(std::move(compressed));
}

}  // namespace nexa::io
