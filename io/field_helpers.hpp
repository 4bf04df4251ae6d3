#pragma once

#include <cstdint>

#include "core/credits.hpp"
#include "core/time.hpp"
#include "io/yaml/codec.hpp"

/// Codecs of values that the tables of simulated worlds share.
namespace nexa::io {

/// The longest time that makes sense in a file, a hundred years.
inline constexpr core::Duration longest_span = core::seconds(std::int64_t{100} * 365 * 86'400);

/// More of anything makes no sense in a file.
inline constexpr std::int64_t largest_count = 1'000'000'000;

/// A part of a whole, kept in millionths.
inline Codec<std::uint32_t> part_ppm(Range<std::int64_t> range = {0, 1'000'000}) {
  return as<std::uint32_t>(decimal(6, range));
}
/// A factor, kept in thousandths.
inline Codec<std::uint32_t> factor_permille(Range<std::int64_t> range) {
  return as<std::uint32_t>(decimal(3, range));
}
inline Codec<std::uint32_t> number(Range<std::int64_t> range) {
  return as<std::uint32_t>(integer(range));
}
inline Codec<core::Duration> time_span(core::Duration shortest = core::Duration{}) {
  return duration({shortest, longest_span});
}
/// Money that one entry of a file may speak of.
inline Codec<core::Credits> credit_amount() {
  return credits({core::Credits{}, core::Credits::whole(1'000'000'000)});
}

/// A member of a base as a member of T, which is what a table of T wants.
template <class T, class V, class Base>
constexpr V T::*inherited(V Base::*member) {
  return member;
}

}  // namespace nexa::io
