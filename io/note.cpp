#include "io/note.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "io/base64.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;

constexpr std::string_view signature_mark = "\u2014 ";  // an em dash and a space
constexpr std::size_t id_bytes = 4;
constexpr std::size_t time_bytes = 8;

Error wrong(const std::string& file, std::size_t line, std::string message, std::string hint = "") {
  return {.code = ErrorCode::corrupt,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {.file = file, .line = static_cast<int>(line), .column = 0}};
}

std::size_t line_of(std::string_view bytes, std::size_t at) {
  const auto breaks =
      std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  return static_cast<std::size_t>(breaks) + 1;
}

Result<void> check_characters(std::string_view bytes, const std::string& file) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length(bytes.substr(at));
    if (length == 0) return wrong(file, line_of(bytes, at), "the note is not UTF-8");
    if (static_cast<unsigned char>(bytes[at]) < 0x20 && bytes[at] != '\n') {
      return wrong(file, line_of(bytes, at), "the note has a control character",
                   "lines end with a line feed alone; was the file converted?");
    }
    at += length;
  }
  return {};
}

std::optional<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(signature_mark)) return std::nullopt;
  line.remove_prefix(signature_mark.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view name = line.substr(0, space);
  const auto bytes = from_base64(line.substr(space + 1));
  if (!is_note_key_name(name) || !bytes || bytes->size() <= id_bytes) return std::nullopt;
  NoteSignature signature;
  signature.name = name;
  for (std::size_t i = 0; i < id_bytes; ++i) {
    signature.key_id = (signature.key_id << 8) | (*bytes)[i];
  }
  signature.bytes.assign(bytes->begin() + id_bytes, bytes->end());
  return signature;
}

std::string cosigned_message(std::uint64_t unix_seconds, std::string_view text) {
  return "cosignature/v1\ntime " + std::to_string(unix_seconds) + '\n' + std::string(text);
}

Signature ed25519_signature(std::span<const std::uint8_t> bytes) {
  Signature signature;
  std::copy(bytes.begin(), bytes.end(), signature.bytes.begin());
  return signature;
}

/// When a signature was made, or empty if it does not hold.
std::optional<std::int64_t> verified_time(const NoteKey& key, const NoteSignature& signature,
                                          std::string_view text) {
  constexpr std::size_t plain_bytes = sizeof(Signature::bytes);
  const std::span<const std::uint8_t> bytes = signature.bytes;
  if (key.algorithm() == NoteAlgorithm::ed25519) {
    if (bytes.size() != plain_bytes) return std::nullopt;
    if (!verify(key.key(), core::bytes_of(text), ed25519_signature(bytes))) return std::nullopt;
    return 0;
  }
  if (bytes.size() != time_bytes + plain_bytes) return std::nullopt;
  std::uint64_t time = 0;
  for (std::size_t i = 0; i < time_bytes; ++i) time = (time << 8) | bytes[i];
  if (time > INT64_MAX) return std::nullopt;
  const std::string message = cosigned_message(time, text);
  if (!verify(key.key(), core::bytes_of(message), ed25519_signature(bytes.subspan(time_bytes)))) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(time);
}

std::int64_t seconds_of(core::Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

Error refused(std::string message, std::string hint) {
  return {.code = ErrorCode::refused,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {}};
}

bool claims_to_be_of(const NoteSignature& signature, const NoteKey& key) {
  return signature.key_id == key.id() && signature.name == key.name();
}

}  // namespace

Result<Note> parse_note(std::string_view bytes, const std::string& file) {
  if (bytes.size() > most_note_bytes) {
    Error error = wrong(file, 0, "a note of " + std::to_string(bytes.size()) + " bytes",
                        "at most " + std::to_string(most_note_bytes) + " are read");
    error.code = ErrorCode::limit_exceeded;
    return error;
  }
  if (const auto checked = check_characters(bytes, file); !checked) return checked.error();
  const std::size_t gap = bytes.rfind("\n\n");
  if (gap == std::string_view::npos) {
    return wrong(file, 1, "not a signed note: no empty line before signatures",
                 "a checkpoint is three lines, an empty one, and signatures");
  }
  Note note;
  note.text = bytes.substr(0, gap + 1);
  std::size_t at = gap + 2;
  if (at == bytes.size()) {
    return wrong(file, line_of(bytes, gap + 1), "the note has no signature");
  }
  while (at < bytes.size()) {
    const std::size_t end = bytes.find('\n', at);
    if (end == std::string_view::npos) {
      return wrong(file, line_of(bytes, at), "the last line has no line break",
                   "was the file cut off?");
    }
    auto signature = parse_signature(bytes.substr(at, end - at));
    if (!signature) {
      return wrong(file, line_of(bytes, at), "not a line with a signature",
                   "expected an em dash, a key's name, and a signature in base64");
    }
    if (note.signatures.size() == most_note_signatures) {
      return wrong(file, line_of(bytes, at), "the note has too many signatures",
                   "at most " + std::to_string(most_note_signatures) + " are read");
    }
    note.signatures.push_back(std::move(*signature));
    at = end + 1;
  }
  return note;
}

std::string to_text(const NoteSignature& signature) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(id_bytes + signature.bytes.size());
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<std::uint8_t>(signature.key_id >> shift));
  }
  bytes.insert(bytes.end(), signature.bytes.begin(), signature.bytes.end());
  return std::string(signature_mark) + signature.name + ' ' + to_base64(bytes) + '\n';
}

std::string to_text(const Note& note) {
  std::string text = note.text + '\n';
  for (const NoteSignature& signature : note.signatures) text += to_text(signature);
  return text;
}

NoteSignature sign_note(const NoteSigner& signer, std::string_view text, core::Time now) {
  NoteSignature signature{.name = signer.key().name(), .key_id = signer.key().id(), .bytes = {}};
  std::string message(text);
  if (signer.key().algorithm() == NoteAlgorithm::cosignature_v1) {
    const auto seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(seconds_of(now), 0));
    for (int shift = 56; shift >= 0; shift -= 8) {
      signature.bytes.push_back(static_cast<std::uint8_t>(seconds >> shift));
    }
    message = cosigned_message(seconds, text);
  }
  const Signature made = signer.signing_key().sign(core::bytes_of(message));
  signature.bytes.insert(signature.bytes.end(), made.bytes.begin(), made.bytes.end());
  return signature;
}

Result<std::vector<TrustedSignature>> verify_note(const Note& note, std::span<const NoteKey> keys,
                                                  core::Time now) {
  std::vector<TrustedSignature> trusted;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (const NoteSignature& signature : note.signatures) {
      if (!claims_to_be_of(signature, keys[i])) continue;
      const auto time = verified_time(keys[i], signature, note.text);
      if (!time) {
        return refused("the signature of " + in_quotes(keys[i].name()) + " does not hold",
                       "the text or the signature was changed, or the key is another one");
      }
      if (*time > seconds_of(now)) {
        return refused("the cosignature of " + in_quotes(keys[i].name()) + " is from the future",
                       "compare the clocks of this machine and of the witness");
      }
      const auto earlier = std::find_if(trusted.begin(), trusted.end(),
                                        [i](const TrustedSignature& t) { return t.key == i; });
      if (earlier == trusted.end()) {
        trusted.push_back({i, *time});
      } else {
        earlier->unix_seconds = std::max(earlier->unix_seconds, *time);
      }
    }
  }
  if (trusted.empty()) {
    return refused("no signature by a known key",
                   keys.empty() ? "no key was given"
                                : "the note is signed by others, or not by the key given");
  }
  return trusted;
}

}  // namespace nexa::io
