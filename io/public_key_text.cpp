#include "io/public_key_text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "io/base64.hpp"
#include "io/read_file.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;

constexpr std::size_t most_key_text_bytes = std::size_t{1} << 20;

/// What stands before the 32 bytes of a key: a sequence of the algorithm's number, 1.3.101.112,
/// and a string of bits.
constexpr std::array<std::uint8_t, 12> spki_header{0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                   0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

Result<NoteKey> parse_key(std::string_view text, NoteAlgorithm algorithm) {
  Result<NoteKey> key = NoteKey::parse(text);
  if (!key || key->algorithm() == algorithm) return key;
  if (algorithm == NoteAlgorithm::cosignature_v1) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "the key of '" + key->name() + "' is not one of a witness",
                 .hint = "a witness's key is made by 'nexa key new --witness'",
                 .where = {}};
  }
  return Error{.code = ErrorCode::invalid_argument,
               .message = "the key of '" + key->name() + "' signs checkpoints only",
               .hint = "a witness's key cannot sign attestations",
               .where = {}};
}

bool looks_like_a_key(const std::string& text) {
  return std::count(text.begin(), text.end(), '+') >= 2;
}

}  // namespace

std::string to_pem(const PublicKey& key) {
  std::vector<std::uint8_t> bytes(spki_header.begin(), spki_header.end());
  bytes.insert(bytes.end(), key.bytes.begin(), key.bytes.end());
  return "-----BEGIN PUBLIC KEY-----\n" + to_base64(bytes) + "\n-----END PUBLIC KEY-----\n";
}

Result<std::vector<NoteKey>> read_public_keys(const std::string& text_or_path,
                                              NoteAlgorithm algorithm) {
  std::error_code ignored;
  if (looks_like_a_key(text_or_path) && !std::filesystem::exists(text_or_path, ignored)) {
    const Result<NoteKey> key = parse_key(text_or_path, algorithm);
    if (!key) return key.error();
    return std::vector<NoteKey>{*key};
  }
  const Result<std::string> text = read_file(text_or_path, most_key_text_bytes);
  if (!text) return text.error();
  std::vector<NoteKey> keys;
  std::string_view rest = *text;
  for (int number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    const Result<NoteKey> key = parse_key(line, algorithm);
    if (!key) {
      Error error = key.error();
      error.where = {.file = text_or_path, .line = number, .column = 0};
      return error;
    }
    keys.push_back(*key);
  }
  if (keys.empty()) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "there is no key in the file",
                 .hint = "a key is a line NAME+ID+BASE64, as 'nexa key show' prints it",
                 .where = {.file = text_or_path, .line = 0, .column = 0}};
  }
  return keys;
}

}  // namespace nexa::io
