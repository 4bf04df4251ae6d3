#include <array>
#include <bit>
#include <cstring>

#include "io/characters.hpp"
#include "io/swf_line.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

// Finds the fields of a line with bit masks of 64 bytes each instead of byte by byte: the widths
// of the columns differ from line to line, and a loop over the digits of a field would cost a
// mispredicted branch for nearly each of the 18 fields.

namespace nexa::io {
namespace {

constexpr unsigned scan_block_bytes = 64;
constexpr unsigned max_blocks = 4;
static_assert(max_blocks * scan_block_bytes + 8 <= swf_padding);

constexpr unsigned scanned_fields = 18;

/// Bit i tells of byte i.
struct BlockMasks {
  std::uint64_t field = 0;  ///< not a blank or control character
  std::uint64_t digit = 0;
  std::uint64_t minus = 0;
  std::uint64_t dot = 0;
  std::uint64_t newline = 0;
};

#ifdef __SSE2__

std::uint64_t mask_of(__m128i matches) {
  return static_cast<std::uint16_t>(_mm_movemask_epi8(matches));
}

BlockMasks classify(const char* bytes) {
  BlockMasks masks;
  for (unsigned i = 0; i < scan_block_bytes; i += 16) {
    __m128i chunk;
    std::memcpy(&chunk, bytes + i, sizeof chunk);
    const __m128i above_zero = _mm_sub_epi8(chunk, _mm_set1_epi8('0'));
    const __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(above_zero, _mm_set1_epi8(9)), above_zero);
    const __m128i is_field = _mm_cmpeq_epi8(_mm_max_epu8(chunk, _mm_set1_epi8('!')), chunk);
    masks.field |= mask_of(is_field) << i;
    masks.digit |= mask_of(is_digit) << i;
    masks.minus |= mask_of(_mm_cmpeq_epi8(chunk, _mm_set1_epi8('-'))) << i;
    masks.dot |= mask_of(_mm_cmpeq_epi8(chunk, _mm_set1_epi8('.'))) << i;
    masks.newline |= mask_of(_mm_cmpeq_epi8(chunk, _mm_set1_epi8('\n'))) << i;
  }
  return masks;
}

#else

BlockMasks classify(const char* bytes) {
  BlockMasks masks;
  for (unsigned i = 0; i < scan_block_bytes; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    masks.field |= std::uint64_t{byte > ' '} << i;
    masks.digit |= std::uint64_t{byte >= '0' && byte <= '9'} << i;
    masks.minus |= std::uint64_t{byte == '-'} << i;
    masks.dot |= std::uint64_t{byte == '.'} << i;
    masks.newline |= std::uint64_t{byte == '\n'} << i;
  }
  return masks;
}

#endif

/// Where the fields of a line begin and end.
struct Cuts {
  /// Begin, end, begin, end, ... and some room for what `append` writes too much.
  std::array<std::uint16_t, max_blocks * scan_block_bytes + 32> at;
  unsigned count = 0;
  unsigned length = 0;  ///< of the line, without its newline
  unsigned dots = 0;
  unsigned dot_at = 0;  ///< of the last dot
};

/// std::popcount is a call into the compiler's library unless all processors are known to have an
/// instruction for it, and the loop around a call keeps nothing in vector registers.
unsigned count_bits(std::uint64_t bits) {
  bits -= (bits >> 1) & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + ((bits >> 2) & 0x3333333333333333);
  bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return static_cast<unsigned>((bits * 0x0101010101010101) >> 56);
}

/// Appends the positions of the bits of `edges`. It always writes a multiple of eight positions,
/// of which the last ones do not count: a loop of exactly as many turns as there are bits would
/// end with a mispredicted branch.
void append(Cuts& cuts, std::uint64_t edges, unsigned base) {
  const unsigned count = count_bits(edges);
  for (unsigned done = 0; done < count; done += 8) {
    for (unsigned i = 0; i < 8; ++i) {
      cuts.at[cuts.count + done + i] =
          static_cast<std::uint16_t>(base + static_cast<unsigned>(std::countr_zero(edges)));
      edges &= edges - 1;
    }
  }
  cuts.count += count;
}

/// False where the line is longer than the blocks or has characters that a clean line does not.
bool cut(const char* line, Cuts& cuts) {
  std::uint64_t carried_field = 0;
  std::uint64_t carried_minus = 0;
  for (unsigned base = 0; base < max_blocks * scan_block_bytes; base += scan_block_bytes) {
    BlockMasks masks = classify(line + base);
    const std::uint64_t inside =
        masks.newline != 0 ? (masks.newline & (~masks.newline + 1)) - 1 : ~std::uint64_t{0};
    masks.field &= inside;
    const std::uint64_t shifted = (masks.field << 1) | carried_field;
    const std::uint64_t begins = masks.field & ~shifted;
    const std::uint64_t minus = masks.minus & inside;
    std::uint64_t dots = masks.dot & inside;
    const std::uint64_t strange = masks.field & ~(masks.digit | minus | dots);
    // A minus sign stands in front of a field and before a digit.
    const std::uint64_t misplaced =
        (minus & ~begins) | (((minus << 1) | carried_minus) & ~masks.digit);
    if ((strange | misplaced) != 0) return false;
    for (; dots != 0; dots &= dots - 1) {
      ++cuts.dots;
      cuts.dot_at = base + static_cast<unsigned>(std::countr_zero(dots));
    }
    append(cuts, masks.field ^ shifted, base);
    if (masks.newline != 0) {
      cuts.length = base + static_cast<unsigned>(std::countr_zero(masks.newline));
      return true;
    }
    carried_field = masks.field >> 63;
    carried_minus = minus >> 63;
  }
  return false;
}

/// The value of up to eight digits that end before `end`. The bytes in front of them are read and
/// masked off. Neighbouring digits, pairs and quadruples are combined in one register each.
std::uint64_t eight_digits(const char* end, unsigned count) {
  std::uint64_t chunk = 0;
  std::memcpy(&chunk, end - 8, sizeof chunk);
  chunk ^= 0x3030303030303030;
  chunk &= ~std::uint64_t{0} << (64 - 8 * count);
  chunk = chunk * 10 + (chunk >> 8);
  constexpr std::uint64_t pairs = 0x000000ff000000ff;
  return ((chunk & pairs) * (100 + (1'000'000ULL << 32)) +
          ((chunk >> 16) & pairs) * (1 + (10'000ULL << 32))) >>
         32;
}

/// False where the field has more than 16 digits or is above the limit.
bool convert(const char* line, const Cuts& cuts, unsigned field, std::int64_t limit,
             std::int64_t& value) {
  const unsigned end = cuts.at[2 * field - 1];
  unsigned begin = cuts.at[2 * field - 2];
  const bool negative = line[begin] == '-';
  begin += negative ? 1 : 0;
  const unsigned digits = end - begin;
  if (negative && digits == 1) {  // most often a whole column of -1
    value = '0' - line[begin];
    return true;
  }
  std::uint64_t magnitude = 0;
  if (digits <= 8) {
    magnitude = eight_digits(line + end, digits);
  } else if (digits <= 16) {
    magnitude =
        eight_digits(line + end, 8) + 100'000'000 * eight_digits(line + end - 8, digits - 8);
  } else {
    return false;
  }
  const auto number = static_cast<std::int64_t>(magnitude);
  value = negative ? -number : number;
  return number <= limit;
}

/// Field 6, the average CPU time, is the only one that may have decimals.
bool dots_are_in_place(const char* line, const Cuts& cuts) {
  if (cuts.dots == 0) return true;
  const unsigned dot = cuts.dot_at;
  return cuts.dots == 1 && cuts.at[10] < dot && dot < cuts.at[11] && is_digit(line[dot - 1]) &&
         is_digit(line[dot + 1]);
}

}  // namespace

const char* scan_clean_swf_line(const char* line, SwfRecord& record) {
  if constexpr (std::endian::native != std::endian::little) return nullptr;
  Cuts cuts;
  if (!cut(line, cuts) || cuts.count != 2 * scanned_fields) return nullptr;
  if (!dots_are_in_place(line, cuts)) return nullptr;
  const bool converted = convert(line, cuts, 1, swf_limits::id, record.number) &&
                         convert(line, cuts, 2, swf_limits::seconds, record.submit) &&
                         convert(line, cuts, 4, swf_limits::seconds, record.run_time) &&
                         convert(line, cuts, 5, swf_limits::processors, record.processors_used) &&
                         convert(line, cuts, 7, swf_limits::memory_kib, record.memory_used) &&
                         convert(line, cuts, 8, swf_limits::processors, record.processors) &&
                         convert(line, cuts, 9, swf_limits::seconds, record.estimate) &&
                         convert(line, cuts, 10, swf_limits::memory_kib, record.memory) &&
                         convert(line, cuts, 12, swf_limits::id, record.user);
  return converted ? line + cuts.length + 1 : nullptr;
}

}  // namespace nexa::io
