#include "io/yaml/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace nexa::io {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t longest_quoted = 60;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using FilePtr = std::unique_ptr<std::FILE, CloseFile>;

core::Error cannot_read(const std::string& file, int error_number) {
  if (error_number == ENOENT) {
    return {
        core::ErrorCode::not_found, fmt::format("no such file: {}", in_quotes(file)), {}, {file}};
  }
  return {core::ErrorCode::io,
          fmt::format("cannot read {}: {}", in_quotes(file),
                      std::generic_category().message(error_number)),
          {},
          {file}};
}

core::Result<FilePtr> open_file(const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    return core::Error{core::ErrorCode::io,
                       fmt::format("{} is a folder, not a file", in_quotes(file)),
                       {},
                       {file}};
  }
  FilePtr opened(std::fopen(file.c_str(), "rb"));
  if (!opened) return cannot_read(file, errno);
  return opened;
}

}  // namespace

Source::Source(std::string file, std::string text)
    : file_(std::move(file)), text_(std::move(text)) {
  if (text_.starts_with(byte_order_mark)) text_.erase(0, byte_order_mark.size());
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

std::string_view Source::line(int number) const {
  if (number < 1 || static_cast<std::size_t>(number) > line_starts_.size()) return {};
  const auto index = static_cast<std::size_t>(number) - 1;
  const bool last = index + 1 == line_starts_.size();
  const std::size_t begin = line_starts_[index];
  const std::size_t end = last ? text_.size() : line_starts_[index + 1] - 1;
  std::string_view found = std::string_view(text_).substr(begin, end - begin);
  if (found.ends_with('\r')) found.remove_suffix(1);
  return found;
}

std::string_view Source::text_from(int line, int column) const {
  if (line < 1 || static_cast<std::size_t>(line) > line_starts_.size() || column < 1) return {};
  const std::size_t offset =
      line_starts_[static_cast<std::size_t>(line) - 1] + static_cast<std::size_t>(column) - 1;
  return std::string_view(text_).substr(std::min(offset, text_.size()));
}

core::Result<SourcePtr> read_source(const std::string& file, std::size_t limit) {
  auto opened = open_file(file);
  if (!opened) return std::move(opened).error();
  std::string text;
  std::string buffer(std::size_t{64} * 1024, '\0');
  while (text.size() <= limit) {
    const std::size_t wanted = std::min(buffer.size(), limit + 1 - text.size());
    const std::size_t got = std::fread(buffer.data(), 1, wanted, opened->get());
    if (got == 0 && std::ferror(opened->get()) != 0) return cannot_read(file, errno);
    if (got == 0) break;
    text.append(buffer, 0, got);
  }
  return SourcePtr(std::make_shared<Source>(file, std::move(text)));
}

core::Result<void> check_readable(const std::string& file) {
  auto opened = open_file(file);
  if (!opened) return std::move(opened).error();
  return {};
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (text.size() < length) return 0;
  unsigned char low = 0x80;
  unsigned char high = 0xbf;
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  return length;
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return (first < 0x20 && first != '\t') || first == 0x7f;
  return character.size() == 2 && first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

std::string in_quotes(std::string_view value) {
  std::string text = "'";
  std::size_t characters = 0;
  while (!value.empty()) {
    if (++characters > longest_quoted) {
      text += "…";
      break;
    }
    const std::size_t length = utf8_length(value);
    const std::string_view character = value.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0 || is_control(character) || character == "\t") {
      for (const char c : character)
        text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      text += character;
    }
    value.remove_prefix(character.size());
  }
  return text += '\'';
}

}  // namespace nexa::io
