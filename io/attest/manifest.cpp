#include "io/attest/manifest.hpp"

#include <optional>
#include <set>
#include <utility>

#include "io/attest/statement_names.hpp"
#include "io/hex.hpp"

namespace nexa::io {
namespace {

constexpr std::size_t most_listed_files = 1'000'000;

/// The name with its backslashes doubled.
std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) text += c == '\\' ? std::string("\\\\") : std::string(1, c);
  return text;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // A line break, the other character that is escaped, is in no name that is accepted.
    if (text[i] == '\\' && (++i == text.size() || text[i] != '\\')) return std::nullopt;
    name += text[i];
  }
  return name;
}

std::optional<OutputFile> parse_line(std::string_view line) {
  const bool is_escaped = line.starts_with('\\');
  if (is_escaped) line.remove_prefix(1);
  if (line.size() < digest_digits + 3) return std::nullopt;
  const std::string_view separator = line.substr(digest_digits, 2);
  const auto digest = digest_of_hex(line.substr(0, digest_digits));
  if (!digest || !(separator == "  " || separator == " *")) return std::nullopt;
  std::string_view text = line.substr(digest_digits + 2);
  if (text.starts_with("./")) text.remove_prefix(2);
  const auto name = is_escaped ? unescaped(text) : std::string(text);
  if (!name || !is_relative_path(*name)) return std::nullopt;
  return OutputFile{.name = *name, .sha256 = *digest};
}

core::Error corrupt_manifest(std::string message, const std::string& file, int line) {
  return {.code = core::ErrorCode::corrupt,
          .message = std::move(message),
          .hint = "a line has a SHA-256, two blanks and a relative path",
          .where = {.file = file, .line = line, .column = 0}};
}

}  // namespace

std::string manifest_text(const std::vector<OutputFile>& files) {
  std::string text;
  for (const OutputFile& file : files) {
    const bool needs_escape = file.name.find('\\') != std::string::npos;
    text += (needs_escape ? "\\" : "") + to_hex(file.sha256) + "  " + escaped(file.name) + '\n';
  }
  return text;
}

core::Result<std::vector<OutputFile>> parse_manifest(std::string_view text,
                                                     const std::string& file) {
  std::vector<OutputFile> files;
  std::set<std::string> names;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    std::optional<OutputFile> entry = parse_line(line);
    if (!entry) return corrupt_manifest("no entry of a list of digests", file, number);
    if (!names.insert(entry->name).second) {
      return corrupt_manifest("'" + entry->name + "' stands twice in the list", file, number);
    }
    if (files.size() == most_listed_files) {
      return corrupt_manifest("more than a million files", file, number);
    }
    files.push_back(*std::move(entry));
  }
  return files;
}

}  // namespace nexa::io
