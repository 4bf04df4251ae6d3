#include "io/compare/plain_files.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "io/compare/read_ahead.hpp"

namespace nexa::io::compare {

namespace {

using core::Result;
using validator::compare::FileFormat;
using validator::compare::NumberComparison;
using validator::compare::NumberType;
using validator::compare::Side;
using validator::compare::Tolerance;

// A big-endian machine would have to turn the bytes of each number.
static_assert(std::endian::native == std::endian::little);

using Bytes = std::span<const std::byte>;

std::string sizes_text(std::uint64_t a, std::uint64_t b) {
  return std::to_string(a) + " and " + std::to_string(b) + " bytes";
}

NumberType type_of(FileFormat format) {
  static_assert(static_cast<int>(FileFormat::f32) == static_cast<int>(NumberType::f32) + 1);
  static_assert(static_cast<int>(FileFormat::u64) == static_cast<int>(NumberType::u64) + 1);
  return static_cast<NumberType>(static_cast<int>(format) - 1);
}

/// The next piece of both files, of equal size unless one of them was changed meanwhile.
Result<std::pair<Bytes, Bytes>> next_pair(ReadAhead& a, ReadAhead& b) {
  const Result<Bytes> from_a = a.next();
  if (!from_a) return from_a.error();
  const Result<Bytes> from_b = b.next();
  if (!from_b) return from_b.error();
  return std::pair<Bytes, Bytes>(*from_a, *from_b);
}

}  // namespace

std::string index_place(const std::string& name, std::uint64_t index) {
  if (name.empty()) return "number " + std::to_string(index);
  return name + '[' + std::to_string(index) + ']';
}

std::string shown(std::string_view text) {
  constexpr std::size_t most_shown = 40;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "'";
  for (const char c : text.substr(0, most_shown)) {
    const auto code = static_cast<unsigned char>(c);
    if (code >= ' ' && code < 127) {
      out += c;
    } else {
      out += {'\\', 'x', digits[code / 16U], digits[code % 16U]};
    }
  }
  return out + (text.size() > most_shown ? "…'" : "'");
}

Result<Comparison> compare_bytes(ResultFile a, ResultFile b, const std::string& name) {
  Comparison comparison;
  if (a.size != b.size) {
    comparison.differ(name, sizes_text(a.size, b.size));
    return comparison;
  }
  ReadAhead from_a(std::move(a));
  ReadAhead from_b(std::move(b));
  for (std::uint64_t offset = 0;; offset += ReadAhead::piece_bytes) {
    const auto pair = next_pair(from_a, from_b);
    if (!pair) return pair.error();
    const auto& [x, y] = *pair;
    // Nothing read has no address, and memcmp may not be asked about null, not even for 0 bytes.
    const bool same =
        x.size() == y.size() && (x.empty() || std::memcmp(x.data(), y.data(), x.size()) == 0);
    if (!same) {
      const auto at = std::mismatch(x.begin(), x.end(), y.begin(), y.end()).first - x.begin();
      const std::uint64_t first = offset + static_cast<std::uint64_t>(at);
      comparison.differ(name, "the first byte that differs is at offset " + std::to_string(first));
      return comparison;
    }
    if (x.empty()) return comparison;
  }
}

Result<Comparison> compare_arrays(ResultFile a, ResultFile b, const std::string& name,
                                  NumberType type, const Tolerance& tolerance) {
  const std::size_t size = validator::compare::size_of(type);
  Comparison comparison;
  if (a.size != b.size) {
    comparison.differ(name, sizes_text(a.size, b.size));
    return comparison;
  }
  if (a.size % size != 0) {
    comparison.cannot_read(Side::both, name,
                           std::to_string(a.size) + " bytes are no whole number of values of " +
                               std::to_string(size) + " bytes");
    return comparison;
  }
  ReadAhead from_a(std::move(a));
  ReadAhead from_b(std::move(b));
  NumberComparison numbers(tolerance);
  while (true) {
    const auto pair = next_pair(from_a, from_b);
    if (!pair) return pair.error();
    const auto& [x, y] = *pair;
    if (x.size() != y.size() || x.size() % size != 0) {
      comparison.differ(name, "one file was changed while it was read");
      break;
    }
    if (x.empty()) break;
    add_numbers(numbers, type, x.data(), y.data(), x.size() / size);
  }
  const auto place = [&](std::uint64_t index) { return index_place(name, index); };
  comparison.add_part(name, numbers, place);
  return comparison;
}

Result<Comparison> compare_numbers(ResultFile a, ResultFile b, const std::string& name,
                                   FileFormat format, const Tolerance& tolerance) {
  if (format == FileFormat::text) {
    return compare_texts(std::move(a), std::move(b), name, tolerance);
  }
  return compare_arrays(std::move(a), std::move(b), name, type_of(format), tolerance);
}

}  // namespace nexa::io::compare
