#include "io/key_records.hpp"

#include <nlohmann/json.hpp>

#include "io/base64.hpp"
#include "io/hex.hpp"
#include "io/json_fields.hpp"
#include "io/strict_json.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::Result;
using Json = nlohmann::ordered_json;
using ledger::KeyAdd;
using ledger::KeyBytes;
using ledger::KeyRegistry;
using ledger::KeyRevoke;
using ledger::SignatureBytes;

bool verify_bytes(const KeyBytes& key, core::Bytes message, const SignatureBytes& signature) {
  return verify(PublicKey{key}, message, Signature{signature});
}

bool may_enroll_bytes(const KeyBytes& key) {
  return is_valid_public_key(PublicKey{key});
}

template <std::size_t Count>
void take(const std::optional<std::string>& bytes, std::array<std::uint8_t, Count>& into,
          JsonFields& fields, const char* name, const char* expected) {
  if (!bytes || bytes->size() != Count) {
    fields.fail(name, expected);
    return;
  }
  const core::Bytes source = core::bytes_of(*bytes);
  std::copy(source.begin(), source.end(), into.begin());
}

void take_key(JsonFields& fields, const char* name, KeyBytes& key) {
  take(bytes_of_hex(fields.text(name)), key, fields, name, "64 hexadecimal digits");
}

void take_signature(JsonFields& fields, const char* name, SignatureBytes& signature) {
  const auto bytes = from_base64(fields.text(name));
  std::optional<std::string> text;
  if (bytes) text.emplace(bytes->begin(), bytes->end());
  take(text, signature, fields, name, "a signature of 64 bytes in base64");
}

Result<void> take_record(JsonFields& fields, KeyRegistry& registry) {
  const std::string type = fields.text("type");
  const std::uint64_t index = fields.number("seq");
  if (type == "key.add") {
    KeyAdd record;
    record.identity = fields.text("identity");
    take_key(fields, "key", record.key);
    take_key(fields, "voucher", record.voucher);
    take_signature(fields, "sig_key", record.by_key);
    take_signature(fields, "sig_voucher", record.by_voucher);
    if (fields.error()) return *fields.error();
    return registry.add(index, record);
  }
  if (type == "key.revoke") {
    KeyRevoke record;
    record.identity = fields.text("identity");
    take_key(fields, "key", record.key);
    record.from = fields.number("from");
    take_key(fields, "signer", record.signer);
    take_signature(fields, "sig_signer", record.by_signer);
    if (fields.error()) return *fields.error();
    return registry.revoke(index, record);
  }
  if (fields.error()) return *fields.error();
  return {};
}

Result<void> take_line(std::string_view line, const std::string& file, KeyRegistry& registry) {
  const Result<Json> document = parse_strict_json(line, file);
  if (!document) return document.error();
  JsonFields fields(*document, file, "");
  return take_record(fields, registry);
}

}  // namespace

ledger::SignatureScheme ed25519_scheme() {
  return {.verify = verify_bytes, .may_enroll = may_enroll_bytes};
}

KeyAdd sign_key_add(std::string_view origin, const std::string& identity, const SigningKey& key,
                    const SigningKey& voucher) {
  KeyAdd record;
  record.identity = identity;
  record.key = key.public_key().bytes;
  record.voucher = voucher.public_key().bytes;
  const auto message = key_add_message(origin, record);
  record.by_key = key.sign(message).bytes;
  record.by_voucher = voucher.sign(message).bytes;
  return record;
}

KeyRevoke sign_key_revoke(std::string_view origin, const std::string& identity,
                          const PublicKey& key, std::uint64_t from, const SigningKey& signer) {
  KeyRevoke record;
  record.identity = identity;
  record.key = key.bytes;
  record.from = from;
  record.signer = signer.public_key().bytes;
  record.by_signer = signer.sign(key_revoke_message(origin, record)).bytes;
  return record;
}

std::string to_json_line(std::uint64_t index, const KeyAdd& record) {
  return Json{{"v", 1},
              {"seq", index},
              {"type", "key.add"},
              {"identity", record.identity},
              {"key", hex_of(record.key)},
              {"voucher", hex_of(record.voucher)},
              {"sig_key", to_base64(record.by_key)},
              {"sig_voucher", to_base64(record.by_voucher)}}
      .dump();
}

std::string to_json_line(std::uint64_t index, const KeyRevoke& record) {
  return Json{{"v", 1},
              {"seq", index},
              {"type", "key.revoke"},
              {"identity", record.identity},
              {"key", hex_of(record.key)},
              {"from", record.from},
              {"signer", hex_of(record.signer)},
              {"sig_signer", to_base64(record.by_signer)}}
      .dump();
}

Result<KeyRegistry> parse_key_registry(std::string_view text, const std::string& file,
                                       const std::string& origin, const PublicKey& registrar) {
  KeyRegistry registry(origin, registrar.bytes, ed25519_scheme());
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (const auto taken = take_line(line, file, registry); !taken) {
      Error error = taken.error();
      error.where = {.file = file, .line = number, .column = error.where.column};
      return error;
    }
  }
  return registry;
}

}  // namespace nexa::io
