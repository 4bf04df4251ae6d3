#include "io/attest/bundle.hpp"

#include "io/read_file.hpp"

namespace nexa::io {
namespace {

using core::ErrorCode;
using core::Result;

core::Error error(ErrorCode code, std::string message, const std::string& file) {
  return {.code = code,
          .message = std::move(message),
          .hint = "a bundle has one signed envelope per line",
          .where = {.file = file, .line = 0, .column = 0}};
}

Result<Envelope> parse_line(std::string_view line, const std::string& file, int number) {
  Result<Envelope> envelope = parse_envelope(line, file);
  if (envelope) return envelope;
  core::Error problem = envelope.error();
  problem.where.line = number;
  return problem;
}

}  // namespace

Result<std::vector<BundleLine>> parse_bundle(std::string_view text, const std::string& file) {
  if (text.empty()) return error(ErrorCode::corrupt, "the bundle is empty", file);
  std::vector<BundleLine> lines;
  while (!text.empty()) {
    if (lines.size() == most_bundle_lines) {
      return error(ErrorCode::limit_exceeded,
                   "a bundle of more than " + std::to_string(most_bundle_lines) + " lines", file);
    }
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const int number = static_cast<int>(lines.size()) + 1;
    lines.push_back({.number = number, .envelope = parse_line(line, file, number)});
  }
  return lines;
}

Result<std::vector<BundleLine>> read_bundle(const std::string& path) {
  const Result<std::string> text = read_file(path, most_bundle_bytes);
  if (!text) return text.error();
  return parse_bundle(*text, path);
}

}  // namespace nexa::io
