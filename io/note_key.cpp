#include "io/note_key.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/assert.hpp"
#include "core/sha256_port.hpp"
#include "io/base64.hpp"
#include "io/sha256.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::Result;

constexpr std::string_view private_prefix = "PRIVATE+KEY+";
constexpr std::size_t id_digits = 8;
constexpr std::size_t key_bytes = 32;

/// Unicode's White_Space beyond ASCII, in UTF-8.
constexpr std::array<std::string_view, 19> wide_spaces{
    "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
    "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
    "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

std::uint32_t key_id(std::string_view name, NoteAlgorithm algorithm, const PublicKey& key) {
  const std::array<std::uint8_t, 2> middle{'\n', static_cast<std::uint8_t>(algorithm)};
  const core::Digest digest =
      core::hash(sha256_of_parts, {core::bytes_of(name), middle, key.bytes});
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < 4; ++i) id = (id << 8) | digest.bytes.at(i);
  return id;
}

std::string id_text(std::uint32_t id) {
  return core::to_hex(std::uint64_t{id}).substr(id_digits);
}

Error wrong(std::string message, std::string hint) {
  return {.code = core::ErrorCode::invalid_argument,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {}};
}

/// The parts of `name+id+base64`, and what is in the last.
struct KeyText {
  std::string_view name;
  std::string_view id;
  NoteAlgorithm algorithm{};
  std::vector<std::uint8_t> key;  ///< public key or seed, 32 bytes
};

/// Says what is wrong without quoting it: the text may be a secret.
Result<KeyText> split_key(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) {
    return wrong("not a key of signed notes", "expected NAME+ID+BASE64, as 'nexa key' prints it");
  }
  KeyText parts;
  parts.name = text.substr(0, first);
  parts.id = text.substr(first + 1, second - first - 1);
  if (!is_note_key_name(parts.name)) {
    return wrong("the key's name is empty or contains a space",
                 "a name is like 'example.org/ledger'");
  }
  auto material = from_base64(text.substr(second + 1));
  if (!material || material->size() != 1 + key_bytes) {
    return wrong("the key's last part is not 33 bytes in base64",
                 "it is an algorithm's number and 32 bytes of key; was it copied whole?");
  }
  const std::uint8_t number = material->front();
  parts.algorithm = static_cast<NoteAlgorithm>(number);
  if (parts.algorithm != NoteAlgorithm::ed25519 &&
      parts.algorithm != NoteAlgorithm::cosignature_v1) {
    return wrong("the key has the unknown algorithm " + std::to_string(number),
                 "1 is Ed25519, 4 is a witness's cosignature/v1");
  }
  parts.key.assign(material->begin() + 1, material->end());
  sodium_memzero(material->data(), material->size());
  return parts;
}

Result<void> check_id(const KeyText& parts, std::uint32_t id) {
  if (parts.id == id_text(id)) return {};
  return wrong(
      "the key's id is " + in_quotes(parts.id) + ", but its name and bytes have " + id_text(id),
      "was the name or a part of the key changed?");
}

}  // namespace

bool is_note_key_name(std::string_view name) {
  if (name.empty()) return false;
  for (std::string_view rest = name; !rest.empty();) {
    const std::size_t length = utf8_length(rest);
    if (length == 0) return false;
    const std::string_view character = rest.substr(0, length);
    const auto first = static_cast<unsigned char>(character[0]);
    if (first <= ' ' || first == '+') return false;
    if (std::find(wide_spaces.begin(), wide_spaces.end(), character) != wide_spaces.end()) {
      return false;
    }
    rest.remove_prefix(length);
  }
  return true;
}

NoteKey::NoteKey(std::string name, NoteAlgorithm algorithm, const PublicKey& key)
    : name_(std::move(name)), algorithm_(algorithm), key_(key), id_(key_id(name_, algorithm, key)) {
  NEXA_ASSERT(is_note_key_name(name_), "the name of a key has been checked");
}

Result<NoteKey> NoteKey::parse(std::string_view text) {
  if (text.starts_with(private_prefix)) {
    return wrong("a private key stands where a public one is expected",
                 "keep it secret; the public key does not begin with PRIVATE+KEY");
  }
  const Result<KeyText> parts = split_key(text);
  if (!parts) {
    Error error = parts.error();
    error.message += ": " + in_quotes(text);
    return error;
  }
  PublicKey bytes;
  std::copy(parts->key.begin(), parts->key.end(), bytes.bytes.begin());
  NoteKey key(std::string(parts->name), parts->algorithm, bytes);
  if (const auto checked = check_id(*parts, key.id()); !checked) return checked.error();
  if (!is_valid_public_key(bytes)) {
    return wrong("no honest key pair has the public key " + in_quotes(text),
                 "ask for the key again, by a way that can be trusted");
  }
  return key;
}

std::string NoteKey::to_text() const {
  std::array<std::uint8_t, 1 + key_bytes> material{static_cast<std::uint8_t>(algorithm_)};
  std::copy(key_.bytes.begin(), key_.bytes.end(), material.begin() + 1);
  return name_ + '+' + id_text(id_) + '+' + to_base64(material);
}

NoteSigner::NoteSigner(std::string name, NoteAlgorithm algorithm, SigningKey key)
    : key_(std::move(name), algorithm, key.public_key()), signing_key_(std::move(key)) {}

Result<NoteSigner> NoteSigner::parse(std::string_view text) {
  if (!text.starts_with(private_prefix)) {
    return wrong("not a private key of signed notes", "it begins with PRIVATE+KEY+");
  }
  Result<KeyText> parts = split_key(text.substr(private_prefix.size()));
  if (!parts) return std::move(parts).error();
  NoteSigner signer(std::string(parts->name), parts->algorithm,
                    SigningKey::from_seed(
                        std::span<const std::uint8_t, key_bytes>(parts->key.data(), key_bytes)));
  sodium_memzero(parts->key.data(), parts->key.size());
  if (const auto checked = check_id(*parts, signer.key().id()); !checked) return checked.error();
  return signer;
}

}  // namespace nexa::io
