#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "io/attest/statement_names.hpp"
#include "io/attest/tar.hpp"
#include "io/attest/tar_header.hpp"
#include "io/chunk_bytes.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using core::Result;

constexpr std::uint64_t most_extended_bytes = std::uint64_t{1} << 20;
constexpr std::size_t most_files = 1'000'000;

std::string text_of(const TarBlock& block, TarField field) {
  const char* start = block.data() + field.at;
  return {start, std::find(start, start + field.length, '\0')};
}

/// Octal digits, after blanks and up to a blank or zero; or GNU's form for large numbers, with the
/// first bit set and the rest big-endian.
std::optional<std::uint64_t> number_of(const TarBlock& block, TarField field) {
  const auto first = static_cast<unsigned char>(block.at(field.at));
  std::uint64_t value = 0;
  if ((first & 0x80) != 0) {
    for (std::size_t i = 0; i < field.length; ++i) {
      if ((value >> 55) != 0) return std::nullopt;
      const auto byte = static_cast<unsigned char>(block.at(field.at + i));
      value = (value << 8) | (i == 0 ? byte & 0x7f : byte);
    }
    return value;
  }
  std::string digits = text_of(block, field);
  digits.erase(0, digits.find_first_not_of(' '));
  while (digits.ends_with(' ')) digits.pop_back();
  const auto [end, failure] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 8);
  if (failure != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

/// What an extended header says of the file behind it.
struct Extended {
  std::optional<std::string> name;
  std::optional<std::uint64_t> size;
};

class TarReader {
 public:
  TarReader(ByteSource& source, const TarVisitor& visitor) : source_(source), visitor_(visitor) {}

  Result<void> run() {
    while (true) {
      Result<bool> more = next();
      if (!more) return more.error();
      if (!*more) return {};
    }
  }

 private:
  core::Error error(ErrorCode code, std::string message) const {
    return {.code = code,
            .message = std::move(message) + " (at byte " + std::to_string(at_) + ')',
            .hint = "",
            .where = {.file = source_.name(), .line = 0, .column = 0}};
  }
  core::Error corrupt(std::string message) const {
    return error(ErrorCode::corrupt, std::move(message));
  }

  /// Fills the buffer, or says that the archive ends before.
  Result<void> fill(std::span<char> buffer) {
    while (!buffer.empty()) {
      const Result<std::size_t> count = source_.read(buffer);
      if (!count) return count.error();
      if (*count == 0) return corrupt("the archive was cut off");
      buffer = buffer.subspan(*count);
      at_ += *count;
    }
    return {};
  }

  /// Hands the next bytes to `use`, and passes over those that fill the last block.
  template <class Use>
  Result<void> content(std::uint64_t size, Use use) {
    std::vector<char> buffer(chunk_bytes);
    for (std::uint64_t left = size; left > 0;) {
      const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
      if (auto filled = fill({buffer.data(), part}); !filled) return filled;
      if (auto used = use(std::string_view(buffer.data(), part)); !used) return used;
      left -= part;
    }
    const auto over = static_cast<std::size_t>(size % tar_block_bytes);
    if (over == 0) return {};
    return fill({buffer.data(), tar_block_bytes - over});
  }

  Result<std::string> small_content(std::uint64_t size) {
    if (size > most_extended_bytes) return corrupt("an extended header of more than 1 MiB");
    std::string text;
    const auto append = [&text](std::string_view bytes) {
      text += bytes;
      return Result<void>{};
    };
    if (auto read = content(size, append); !read) return read.error();
    return text;
  }

  Result<void> take_pax(std::string_view text) {
    while (!text.empty()) {
      std::size_t length = 0;
      const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), length);
      const std::size_t digits = static_cast<std::size_t>(end - text.data());
      if (failure != std::errc{} || length > text.size() || length < digits + 2 ||
          text[digits] != ' ' || text[length - 1] != '\n') {
        return corrupt("a malformed extended header");
      }
      const std::string_view record = text.substr(digits + 1, length - digits - 2);
      const std::size_t equals = record.find('=');
      if (equals == std::string_view::npos) return corrupt("a malformed extended header");
      const std::string_view key = record.substr(0, equals);
      const std::string_view value = record.substr(equals + 1);
      if (key == "path") extended_.name = std::string(value);
      if (key == "size") {
        std::uint64_t size = 0;
        const auto parsed = std::from_chars(value.data(), value.data() + value.size(), size);
        if (parsed.ec != std::errc{} || parsed.ptr != value.data() + value.size()) {
          return corrupt("a malformed size in an extended header");
        }
        extended_.size = size;
      }
      if (key.starts_with("GNU.sparse")) {
        return error(ErrorCode::unsupported, "the archive contains a sparse file");
      }
      text.remove_prefix(length);
    }
    return {};
  }

  /// A header that describes the one behind it.
  Result<bool> take_extended(char type, std::uint64_t size) {
    Result<std::string> text = small_content(size);
    if (!text) return text.error();
    if (type == 'x') {
      if (auto taken = take_pax(*text); !taken) return taken.error();
    } else if (type == 'L') {
      extended_.name = text->substr(0, text->find('\0'));
    }
    // 'g' says what holds for all files, of which names and sizes are none.
    return true;
  }

  Result<bool> take_file(const TarBlock& block, std::uint64_t size) {
    std::string name = extended_.name ? *extended_.name : name_of(block);
    size = extended_.size.value_or(size);
    extended_ = {};
    if (name.starts_with("./")) name.erase(0, 2);
    if (!is_relative_path(name)) {
      return corrupt("the name '" + name + "' leads out of the archive or is no path");
    }
    if (++files_ > most_files) return corrupt("more than a million files");
    if (auto begun = visitor_.begin(name, size); !begun) return begun.error();
    if (auto read = content(size, visitor_.data); !read) return read.error();
    if (auto ended = visitor_.end(); !ended) return ended.error();
    return true;
  }

  static std::string name_of(const TarBlock& block) {
    const std::string prefix = text_of(block, tar_prefix);
    const std::string name = text_of(block, tar_name);
    // In the older format of GNU tar other fields stand where the prefix is.
    const bool is_posix = text_of(block, {tar_magic.at, 6}) == "ustar";
    return is_posix && !prefix.empty() ? prefix + '/' + name : name;
  }

  static bool is_empty(std::string_view bytes) {
    return bytes.find_first_not_of('\0') == std::string_view::npos;
  }

  /// Programs differ in whether they look behind the first empty block.
  Result<bool> expect_nothing_more() {
    std::vector<char> buffer(chunk_bytes);
    while (true) {
      const Result<std::size_t> count = source_.read(buffer);
      if (!count) return count.error();
      if (*count == 0) return false;
      if (!is_empty({buffer.data(), *count})) return corrupt("data behind the archive's end");
      at_ += *count;
    }
  }

  /// Reads one header with what belongs to it; false at the end.
  Result<bool> next() {
    TarBlock block{};
    if (auto filled = fill(block); !filled) return filled.error();
    if (is_empty({block.data(), block.size()})) return expect_nothing_more();
    const auto sum = number_of(block, tar_sum);
    if (!sum || *sum != tar_checksum(block)) {
      return corrupt("not an archive of tar, or a damaged one");
    }
    const auto size = number_of(block, tar_size);
    if (!size) return corrupt("a malformed size");
    const char type = block.at(tar_type.at);
    switch (type) {
      case '0':
      case '\0':
      case '7':
        return take_file(block, *size);
      case '5':
        extended_ = {};
        return true;
      case 'x':
      case 'g':
      case 'L':
        return take_extended(type, *size);
      default:
        return error(ErrorCode::unsupported,
                     "'" + text_of(block, tar_name) + "' is neither a file nor a folder");
    }
  }

  ByteSource& source_;
  const TarVisitor& visitor_;
  Extended extended_;
  std::size_t files_ = 0;
  std::uint64_t at_ = 0;
};

}  // namespace

Result<void> read_tar(ByteSource& source, const TarVisitor& visitor) {
  return TarReader(source, visitor).run();
}

}  // namespace nexa::io
