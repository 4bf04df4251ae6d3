#include "io/checkpoint.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "io/base64.hpp"
#include "io/read_file.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::Result;

Error wrong(const std::string& file, int line, std::string message, std::string hint = "") {
  return {.code = core::ErrorCode::corrupt,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {.file = file, .line = line, .column = 0}};
}

/// Cuts the first line off a text that ends with a line break; empty at the end.
std::optional<std::string_view> next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::optional<std::uint64_t> parse_tree_size(std::string_view digits) {
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, number);
  const bool has_zero_in_front = digits.size() > 1 && digits.front() == '0';
  if (digits.empty() || failure != std::errc{} || stop != end || has_zero_in_front) {
    return std::nullopt;
  }
  if (number > INT64_MAX) return std::nullopt;
  return number;
}

std::optional<core::Digest> parse_digest_base64(std::string_view text) {
  const auto bytes = from_base64(text);
  core::Digest digest;
  if (!bytes || bytes->size() != digest.bytes.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), digest.bytes.begin());
  return digest;
}

std::string to_text(const Checkpoint& checkpoint) {
  std::string text = checkpoint.origin + '\n' + std::to_string(checkpoint.tree.size) + '\n' +
                     to_base64(checkpoint.tree.root.bytes) + '\n';
  for (const std::string& line : checkpoint.extensions) text += line + '\n';
  return text;
}

Result<Checkpoint> parse_checkpoint(std::string_view text, const std::string& file) {
  Checkpoint checkpoint;
  const auto origin = next_line(text);
  if (!origin || origin->empty()) {
    return wrong(file, 1, "the checkpoint has no origin", "its first line names the log");
  }
  checkpoint.origin = *origin;
  const auto size = next_line(text);
  const auto number = size ? parse_tree_size(*size) : std::nullopt;
  if (!number) {
    return wrong(file, 2, "the size of the tree is " + in_quotes(size.value_or("")),
                 "expected a decimal number without leading zeros");
  }
  checkpoint.tree.size = *number;
  const auto root = next_line(text);
  const auto digest = root ? parse_digest_base64(*root) : std::nullopt;
  if (!digest) {
    return wrong(file, 3, "the root of the tree is " + in_quotes(root.value_or("")),
                 "expected 32 bytes in base64");
  }
  checkpoint.tree.root = *digest;
  for (int line = 4; !text.empty(); ++line) {
    const auto extension = next_line(text);
    if (!extension || extension->empty()) {
      return wrong(file, line, "an extension line of a checkpoint is empty");
    }
    checkpoint.extensions.emplace_back(*extension);
  }
  return checkpoint;
}

Result<SignedCheckpoint> parse_signed_checkpoint(std::string_view bytes, const std::string& file) {
  Result<Note> note = parse_note(bytes, file);
  if (!note) return std::move(note).error();
  Result<Checkpoint> checkpoint = parse_checkpoint(note->text, file);
  if (!checkpoint) return std::move(checkpoint).error();
  return SignedCheckpoint{std::move(*checkpoint), std::move(*note)};
}

Result<SignedCheckpoint> read_signed_checkpoint(const std::string& path) {
  const Result<std::string> bytes = read_file(path, most_note_bytes);
  if (!bytes) return bytes.error();
  return parse_signed_checkpoint(*bytes, path);
}

}  // namespace nexa::io
