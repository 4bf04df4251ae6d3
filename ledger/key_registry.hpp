#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace nexa::ledger {

/// A public key of Ed25519 and a signature by one, as records of the journal carry them.
using KeyBytes = std::array<std::uint8_t, 32>;
using SignatureBytes = std::array<std::uint8_t, 64>;

/// What the registry asks of a library of signatures.
struct SignatureScheme {
  bool (*verify)(const KeyBytes& key, core::Bytes message, const SignatureBytes& signature);
  /// False for keys that must not be enrolled, such as those of small order.
  bool (*may_enroll)(const KeyBytes& key);
};

/// The journal's record `key.add`: from its place in the log on, `key` speaks for `identity`.
///
/// The voucher is a key that was valid for the same identity, or the registrar's: for the first
/// key of an identity, and where all of its keys were lost or revoked.
struct KeyAdd {
  std::string identity;  ///< URI of a node, coordinator or witness
  KeyBytes key{};
  KeyBytes voucher{};
  SignatureBytes by_key{};  ///< shows that who asks holds the key
  SignatureBytes by_voucher{};
};

/// The journal's record `key.revoke`: results that enter the log at `from` or later do not count
/// if this key signed them.
///
/// Signed by a valid key of the identity, itself included, or by the registrar. Only the registrar
/// may set `from` before the record's own place: others could disown what they signed.
struct KeyRevoke {
  std::string identity;
  KeyBytes key{};
  std::uint64_t from = 0;
  KeyBytes signer{};
  SignatureBytes by_signer{};
};

/// What is signed, with lp(x) the length of x as 4 bytes big-endian and then x:
///   "nexapod/key/add/v1" 0x00, lp(origin), lp(identity), lp(key), lp(voucher)
/// `origin` names the log, so that a record of one log means nothing in another.
std::vector<std::uint8_t> key_add_message(std::string_view origin, const KeyAdd& record);
///   "nexapod/key/revoke/v1" 0x00, lp(origin), lp(identity), lp(key), `from` as 8 bytes, lp(signer)
std::vector<std::uint8_t> key_revoke_message(std::string_view origin, const KeyRevoke& record);

/// Which key spoke for whom, at which place in the log. Places are those of the log's entries, so
/// that nobody's clock matters. Reputation belongs to the identity; keys come and go.
class KeyRegistry {
 public:
  KeyRegistry(std::string origin, const KeyBytes& registrar, SignatureScheme scheme);

  /// Takes the record that is entry `index` of the log; indices must rise. A record that is refused
  /// changes nothing. Errors: `conflict` for a key that is known already or an index that does not
  /// rise, `refused` for wrong signatures, keys and vouchers, `invalid_argument` for an identity
  /// that is empty, longer than 1024 bytes, or contains control characters.
  core::Result<void> add(std::uint64_t index, const KeyAdd& record);
  /// The same. `not_found` for a key that the identity does not have.
  core::Result<void> revoke(std::uint64_t index, const KeyRevoke& record);

  /// Success if `key` spoke for `identity` at entry `index`; otherwise an error of code `refused`
  /// that says why it did not. A key is no longer valid, from its first day, once the key that
  /// vouched for it turns out to have been revoked by then.
  [[nodiscard]] core::Result<void> check(std::string_view identity, const KeyBytes& key,
                                         std::uint64_t index) const;

  /// How long a key counts.
  struct Period {
    std::string identity;
    std::uint64_t from = 0;
    std::optional<std::uint64_t> until;  ///< the first entry at which it no longer counts
    KeyBytes voucher{};
  };
  /// All keys that were ever enrolled, in the order of their bytes.
  [[nodiscard]] const std::map<KeyBytes, Period>& keys() const { return keys_; }

 private:
  [[nodiscard]] core::Result<void> check_place(std::uint64_t index) const;
  [[nodiscard]] core::Result<void> check_voucher(std::uint64_t index, const KeyAdd& record) const;
  [[nodiscard]] core::Result<void> check_signer(std::uint64_t index, const KeyRevoke& record) const;

  std::string origin_;
  KeyBytes registrar_;
  SignatureScheme scheme_;
  std::map<KeyBytes, Period> keys_;
  std::uint64_t next_index_ = 0;
};

}  // namespace nexa::ledger
