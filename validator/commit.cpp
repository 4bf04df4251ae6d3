#include "validator/commit.hpp"

#include <string_view>

#include "core/big_endian.hpp"

namespace nexa::validator {
namespace {

// The terminating zero is part of the prefix.
constexpr std::string_view prefix{"nexapod/commit/v1", sizeof("nexapod/commit/v1")};
constexpr auto length_of_32 = core::big_endian(std::uint32_t{32});

}  // namespace

core::Digest commitment(core::Sha256 sha256, const CommitContext& context, const Opening& opening) {
  static_assert(sizeof(context.task.bytes) == 32 && sizeof(context.node_key) == 32);
  static_assert(sizeof(opening.result.bytes) == 32 && sizeof(opening.salt) == 32);
  const auto attempt = core::big_endian(context.attempt);
  return core::hash(sha256, {core::bytes_of(prefix), length_of_32, context.task.bytes, length_of_32,
                             context.node_key, attempt, length_of_32, opening.result.bytes,
                             length_of_32, opening.salt});
}

bool opens(core::Sha256 sha256, const core::Digest& commitment, const CommitContext& context,
           const Opening& opening) {
  return validator::commitment(sha256, context, opening) == commitment;
}

}  // namespace nexa::validator
