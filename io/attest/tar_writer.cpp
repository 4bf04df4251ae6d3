#include <algorithm>
#include <string>

#include "core/assert.hpp"
#include "io/attest/tar.hpp"
#include "io/attest/tar_header.hpp"

namespace nexa::io {
namespace {

using core::Result;

constexpr std::string_view magic_and_version("ustar\00000", 8);
constexpr std::uint64_t most_octal_size = (std::uint64_t{1} << 33) - 1;  ///< eleven digits

void put_text(TarBlock& block, TarField field, std::string_view text) {
  NEXA_ASSERT(text.size() <= field.length, "the text has been split to fit its field");
  std::copy(text.begin(), text.end(), block.begin() + static_cast<std::ptrdiff_t>(field.at));
}

/// Octal digits that fill the field but for a zero byte.
void put_number(TarBlock& block, TarField field, std::uint64_t number) {
  for (std::size_t i = field.length - 1; i-- > 0; number >>= 3) {
    block.at(field.at + i) = static_cast<char>('0' + (number & 7));
  }
}

TarBlock header(std::string_view prefix, std::string_view name, std::uint64_t size, char type) {
  TarBlock block{};
  put_text(block, tar_name, name);
  put_number(block, tar_mode, 0644);
  put_number(block, tar_user, 0);
  put_number(block, tar_group, 0);
  put_number(block, tar_size, size);
  put_number(block, tar_time, 0);
  block.at(tar_type.at) = type;
  put_text(block, tar_magic, magic_and_version);
  put_text(block, tar_prefix, prefix);
  const std::uint64_t sum = tar_checksum(block);
  put_number(block, {tar_sum.at, tar_sum.length - 1}, sum);
  block.at(tar_sum.at + tar_sum.length - 1) = ' ';
  return block;
}

/// `length key=value\n`, where the length counts itself.
std::string pax_record(const std::string& key, const std::string& value) {
  const std::string rest = ' ' + key + '=' + value + '\n';
  std::size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) {
    length = std::to_string(length).size() + rest.size();
  }
  return std::to_string(length) + rest;
}

/// Where a name can be cut so that both parts fit their fields; npos if nowhere.
std::size_t cut_of(const std::string& name) {
  for (std::size_t at = name.find('/'); at != std::string::npos; at = name.find('/', at + 1)) {
    if (at <= tar_prefix.length && name.size() - at - 1 <= tar_name.length) return at;
  }
  return std::string::npos;
}

std::string_view bytes_of(const TarBlock& block) {
  return {block.data(), block.size()};
}

}  // namespace

Result<void> TarWriter::begin(const std::string& name, std::uint64_t size) {
  NEXA_ASSERT(left_ == 0, "the file before has all of its bytes");
  const std::size_t cut = name.size() <= tar_name.length ? 0 : cut_of(name);
  std::string extended;
  if (cut == std::string::npos) extended += pax_record("path", name);
  if (size > most_octal_size) extended += pax_record("size", std::to_string(size));
  if (!extended.empty()) {
    auto written = out_.write(bytes_of(header("", "PaxHeaders", extended.size(), 'x')));
    if (!written) return written;
    written_ = extended.size();
    if (written = out_.write(extended); !written) return written;
    if (written = pad(); !written) return written;
  }
  // Where an extended header says it, what stands here does not count.
  const std::string_view whole(name);
  const bool is_cut = cut != 0 && cut != std::string::npos;
  const std::string_view prefix = is_cut ? whole.substr(0, cut) : "";
  const std::string_view rest = is_cut ? whole.substr(cut + 1) : whole.substr(0, tar_name.length);
  const TarBlock block = header(prefix, rest, size > most_octal_size ? 0 : size, '0');
  left_ = size;
  written_ = 0;
  return out_.write(bytes_of(block));
}

Result<void> TarWriter::data(std::string_view bytes) {
  NEXA_ASSERT(bytes.size() <= left_, "a file has as many bytes as were announced");
  if (auto written = out_.write(bytes); !written) return written;
  left_ -= bytes.size();
  written_ += bytes.size();
  return left_ == 0 ? pad() : Result<void>{};
}

Result<void> TarWriter::pad() {
  const std::size_t over = static_cast<std::size_t>(written_ % tar_block_bytes);
  written_ = 0;
  if (over == 0) return {};
  return out_.write(std::string(tar_block_bytes - over, '\0'));
}

Result<void> TarWriter::finish() {
  NEXA_ASSERT(left_ == 0, "the last file has all of its bytes");
  return out_.write(std::string(2 * tar_block_bytes, '\0'));
}

}  // namespace nexa::io
