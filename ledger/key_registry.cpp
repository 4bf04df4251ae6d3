#include "ledger/key_registry.hpp"

#include <algorithm>
#include <utility>

#include "core/big_endian.hpp"

namespace nexa::ledger {
namespace {

using core::ErrorCode;
using core::Result;

constexpr std::string_view add_prefix{"nexapod/key/add/v1", sizeof("nexapod/key/add/v1")};
constexpr std::string_view revoke_prefix{"nexapod/key/revoke/v1", sizeof("nexapod/key/revoke/v1")};
constexpr std::size_t max_identity_bytes = 1024;

/// A few bytes are enough to tell keys apart in a message.
std::string short_name(const KeyBytes& key) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    text += digits[key[i] >> 4];
    text += digits[key[i] & 15];
  }
  return "key " + text + "…";
}

void append(std::vector<std::uint8_t>& message, core::Bytes bytes) {
  message.insert(message.end(), bytes.begin(), bytes.end());
}

void append_with_length(std::vector<std::uint8_t>& message, core::Bytes bytes) {
  append(message, core::big_endian(static_cast<std::uint32_t>(bytes.size())));
  append(message, bytes);
}

bool is_valid_identity(std::string_view identity) {
  return !identity.empty() && identity.size() <= max_identity_bytes &&
         std::none_of(identity.begin(), identity.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7f;
         });
}

}  // namespace

std::vector<std::uint8_t> key_add_message(std::string_view origin, const KeyAdd& record) {
  std::vector<std::uint8_t> message;
  message.reserve(256);
  append(message, core::bytes_of(add_prefix));
  append_with_length(message, core::bytes_of(origin));
  append_with_length(message, core::bytes_of(record.identity));
  append_with_length(message, record.key);
  append_with_length(message, record.voucher);
  return message;
}

std::vector<std::uint8_t> key_revoke_message(std::string_view origin, const KeyRevoke& record) {
  std::vector<std::uint8_t> message;
  message.reserve(256);
  append(message, core::bytes_of(revoke_prefix));
  append_with_length(message, core::bytes_of(origin));
  append_with_length(message, core::bytes_of(record.identity));
  append_with_length(message, record.key);
  append(message, core::big_endian(record.from));
  append_with_length(message, record.signer);
  return message;
}

KeyRegistry::KeyRegistry(std::string origin, const KeyBytes& registrar, SignatureScheme scheme)
    : origin_(std::move(origin)), registrar_(registrar), scheme_(scheme) {}

Result<void> KeyRegistry::check_place(std::uint64_t index) const {
  if (index >= next_index_) return {};
  return core::make_error(
      ErrorCode::conflict,
      "record " + std::to_string(index) + " comes after record " + std::to_string(next_index_ - 1),
      "records are taken in the order of the log");
}

Result<void> KeyRegistry::check_voucher(std::uint64_t index, const KeyAdd& record) const {
  if (record.voucher == registrar_) return {};
  if (record.voucher == record.key) {
    return core::make_error(ErrorCode::refused, short_name(record.key) + " vouches for itself",
                            "the registrar vouches for the first key of an identity");
  }
  return check(record.identity, record.voucher, index);
}

Result<void> KeyRegistry::add(std::uint64_t index, const KeyAdd& record) {
  if (auto in_order = check_place(index); !in_order) return in_order;
  if (!is_valid_identity(record.identity)) {
    return core::make_error(ErrorCode::invalid_argument,
                            "the identity of a key is empty or not a name",
                            "use a URI of at most 1024 bytes");
  }
  if (const auto known = keys_.find(record.key); known != keys_.end()) {
    return core::make_error(
        ErrorCode::conflict,
        short_name(record.key) + " belongs to '" + known->second.identity + "' already",
        "a key is enrolled once; make a new one");
  }
  if (record.key == registrar_) {
    return core::make_error(ErrorCode::refused, short_name(record.key) + " is the registrar's",
                            "every identity has keys of its own");
  }
  if (!scheme_.may_enroll(record.key)) {
    return core::make_error(ErrorCode::refused,
                            short_name(record.key) + " is not a sound public key",
                            "make a new key");
  }
  if (auto vouched = check_voucher(index, record); !vouched) return vouched;
  const std::vector<std::uint8_t> message = key_add_message(origin_, record);
  if (!scheme_.verify(record.key, message, record.by_key)) {
    return core::make_error(ErrorCode::refused,
                            "the signature of the new " + short_name(record.key) + " is wrong",
                            "the new key signs its own enrolment");
  }
  if (!scheme_.verify(record.voucher, message, record.by_voucher)) {
    return core::make_error(
        ErrorCode::refused,
        "the signature of the voucher, " + short_name(record.voucher) + ", is wrong",
        "an earlier key of the identity, or the registrar's, signs as well");
  }
  keys_.emplace(record.key, Period{.identity = record.identity,
                                   .from = index,
                                   .until = std::nullopt,
                                   .voucher = record.voucher});
  next_index_ = index + 1;
  return {};
}

Result<void> KeyRegistry::check_signer(std::uint64_t index, const KeyRevoke& record) const {
  if (record.signer == registrar_) return {};
  if (record.from < index) {
    return core::make_error(ErrorCode::refused,
                            "a revocation from entry " + std::to_string(record.from) +
                                " on is recorded only at entry " + std::to_string(index),
                            "only the registrar may revoke a key for the past");
  }
  return check(record.identity, record.signer, index);
}

Result<void> KeyRegistry::revoke(std::uint64_t index, const KeyRevoke& record) {
  if (auto in_order = check_place(index); !in_order) return in_order;
  const auto found = keys_.find(record.key);
  if (found == keys_.end() || found->second.identity != record.identity) {
    return core::make_error(ErrorCode::not_found,
                            "'" + record.identity + "' has no " + short_name(record.key), "");
  }
  if (auto allowed = check_signer(index, record); !allowed) return allowed;
  if (!scheme_.verify(record.signer, key_revoke_message(origin_, record), record.by_signer)) {
    return core::make_error(
        ErrorCode::refused,
        "the signature of the revocation by " + short_name(record.signer) + " is wrong", "");
  }
  std::optional<std::uint64_t>& until = found->second.until;
  until = until ? std::min(*until, record.from) : record.from;
  next_index_ = index + 1;
  return {};
}

Result<void> KeyRegistry::check(std::string_view identity, const KeyBytes& key,
                                std::uint64_t index) const {
  // A voucher was enrolled before the key that it vouches for, so the walk ends.
  KeyBytes at = key;
  std::uint64_t when = index;
  while (at != registrar_ || at == key) {
    const auto found = keys_.find(at);
    if (found == keys_.end() || found->second.identity != identity) {
      return core::make_error(
          ErrorCode::refused, short_name(at) + " is not one of '" + std::string(identity) + "'",
          found == keys_.end() ? "it was never enrolled"
                               : "it belongs to '" + found->second.identity + "'");
    }
    const Period& period = found->second;
    const std::string subject =
        short_name(key) + (at == key ? "" : ", vouched for by " + short_name(at) + ",");
    if (when < period.from) {
      return core::make_error(ErrorCode::refused,
                              subject + " was not yet enrolled at entry " + std::to_string(when),
                              "it counts from entry " + std::to_string(period.from) + " on");
    }
    if (period.until && when >= *period.until) {
      return core::make_error(ErrorCode::refused,
                              subject + " was revoked from entry " + std::to_string(*period.until) +
                                  " on, and is used at entry " + std::to_string(when),
                              "");
    }
    at = period.voucher;
    when = period.from;
  }
  return {};
}

}  // namespace nexa::ledger
