#include "io/compare/hdf5_type.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <array>
#include <utility>

#include "io/hdf5/table.hpp"

namespace nexa::io::compare {

namespace {

using core::Result;
using hdf5::Handle;
using hdf5::Id;
using validator::compare::NumberType;

/// The name of a member of a compound type or an enumeration, which the library allocates.
std::string member_name(Id type, unsigned index) {
  char* const name = H5Tget_member_name(type, index);
  if (name == nullptr) return {};
  std::string copy(name);
  H5free_memory(name);
  return copy;
}

unsigned member_count(Id type) {
  return static_cast<unsigned>(std::max(0, H5Tget_nmembers(type)));
}

std::string integer_text(Id type) {
  const std::size_t size = H5Tget_size(type);
  const std::size_t precision = H5Tget_precision(type);
  std::string text =
      fmt::format("{}{}", H5Tget_sign(type) == H5T_SGN_NONE ? "uint" : "int", 8 * size);
  if (precision != 8 * size) {
    text += fmt::format(" of {} bits at {}", precision, H5Tget_offset(type));
  }
  return text;
}

std::string float_text(Id type) {
  const std::size_t size = H5Tget_size(type);
  std::array<std::size_t, 5> fields{};
  H5Tget_fields(type, &fields[0], &fields[1], &fields[2], &fields[3], &fields[4]);
  const std::size_t bias = H5Tget_ebias(type);
  const bool is_single = fields == std::array<std::size_t, 5>{31, 23, 8, 0, 23} && bias == 127;
  const bool is_double = fields == std::array<std::size_t, 5>{63, 52, 11, 0, 52} && bias == 1023;
  std::string text = fmt::format("float{}", 8 * size);
  if ((is_single && size == 4) || (is_double && size == 8)) return text;
  return text + fmt::format(" (sign {}, exponent {}+{}-{}, mantissa {}+{}, {} bits at {}, norm {})",
                            fields[0], fields[1], fields[2], bias, fields[3], fields[4],
                            H5Tget_precision(type), H5Tget_offset(type),
                            static_cast<int>(H5Tget_norm(type)));
}

std::string with_order(Id type, std::string text) {
  return H5Tget_order(type) == H5T_ORDER_BE ? "big-endian " + std::move(text) : std::move(text);
}

std::string string_text(Id type) {
  static constexpr std::array<const char*, 3> paddings{"zero-terminated", "zero-padded",
                                                       "space-padded"};
  const auto padding = static_cast<std::size_t>(H5Tget_strpad(type));
  const char* const set = H5Tget_cset(type) == H5T_CSET_UTF8 ? "UTF-8" : "ASCII";
  if (H5Tis_variable_str(type) > 0) return fmt::format("string ({})", set);
  return fmt::format("string of {} bytes ({}, {})", H5Tget_size(type), set,
                     padding < paddings.size() ? paddings[padding] : "odd padding");
}

std::string compound_text(Id type) {
  std::string text;
  for (unsigned i = 0; i < member_count(type); ++i) {
    const Handle member(H5Tget_member_type(type, i));
    text +=
        fmt::format("{}{}: {}", i == 0 ? "" : ", ", member_name(type, i), type_text(member.get()));
  }
  return "compound {" + text + '}';
}

std::string enumeration_text(Id type) {
  const Handle base(H5Tget_super(type));
  std::vector<unsigned char> value(std::max<std::size_t>(H5Tget_size(type), 1));
  std::string text;
  for (unsigned i = 0; i < member_count(type); ++i) {
    H5Tget_member_value(type, i, value.data());
    text += fmt::format("{}{}=", i == 0 ? "" : ", ", member_name(type, i));
    for (const unsigned char byte : value) text += fmt::format("{:02x}", byte);
  }
  return fmt::format("enumeration of {} {{{}}}", type_text(base.get()), text);
}

std::string array_text(Id type) {
  const Handle base(H5Tget_super(type));
  std::array<hsize_t, H5S_MAX_RANK> sizes{};
  const int rank = H5Tget_array_dims2(type, sizes.data());
  std::string text = "array [";
  for (int i = 0; i < rank; ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", sizes[static_cast<std::size_t>(i)]);
  }
  return text + "] of " + type_text(base.get());
}

std::string opaque_text(Id type) {
  std::string text = fmt::format("opaque of {} bytes", H5Tget_size(type));
  char* const tag = H5Tget_tag(type);
  if (tag == nullptr) return text;
  text += fmt::format(" '{}'", tag);
  H5free_memory(tag);
  return text;
}

core::Error unsupported(std::string message) {
  return {
      .code = core::ErrorCode::unsupported, .message = std::move(message), .hint = {}, .where = {}};
}

/// Cuts a type in memory into leaves.
class LayoutReader {
 public:
  explicit LayoutReader(ValueLayout& layout) : layout_(layout) {}

  Result<void> read(Id type, Leaf at, std::vector<Leaf>& leaves) {
    at.size = H5Tget_size(type);
    switch (H5Tget_class(type)) {
      case H5T_INTEGER:
      case H5T_FLOAT:
        return read_number(type, std::move(at), leaves);
      case H5T_BITFIELD:
      case H5T_OPAQUE:
      case H5T_ENUM:
        return add(std::move(at), LeafKind::bytes, leaves);
      case H5T_STRING:
        if (H5Tis_variable_str(type) > 0) {
          layout_.has_pointers = true;
          return add(std::move(at), LeafKind::long_text, leaves);
        }
        return add(std::move(at),
                   H5Tget_strpad(type) == H5T_STR_NULLTERM ? LeafKind::text : LeafKind::bytes,
                   leaves);
      case H5T_REFERENCE:
        if (H5Tequal(type, H5T_STD_REF_OBJ) <= 0) {
          return unsupported("references to regions cannot be compared");
        }
        return add(std::move(at), LeafKind::reference, leaves);
      case H5T_COMPOUND:
        return read_compound(type, at, leaves);
      case H5T_ARRAY:
        return read_array(type, at, leaves);
      case H5T_VLEN:
        return read_sequence(type, std::move(at), leaves);
      default:
        return unsupported("values of the type " + type_text(type) + " cannot be compared");
    }
  }

 private:
  static Result<void> add(Leaf leaf, LeafKind kind, std::vector<Leaf>& leaves) {
    leaf.kind = kind;
    leaves.push_back(std::move(leaf));
    return {};
  }

  static Result<void> read_number(Id type, Leaf at, std::vector<Leaf>& leaves) {
    const bool is_float = H5Tget_class(type) == H5T_FLOAT;
    const bool is_signed = !is_float && H5Tget_sign(type) != H5T_SGN_NONE;
    using enum NumberType;
    const std::array<NumberType, 4> integers =
        is_signed ? std::array{i8, i16, i32, i64} : std::array{u8, u16, u32, u64};
    if (is_float && (at.size == 4 || at.size == 8)) {
      at.number = at.size == 4 ? f32 : f64;
    } else if (!is_float && (at.size == 1 || at.size == 2 || at.size == 4 || at.size == 8)) {
      at.number = integers[at.size == 1 ? 0 : at.size == 2 ? 1 : at.size == 4 ? 2 : 3];
    } else {
      return unsupported("numbers of " + std::to_string(at.size) + " bytes cannot be compared");
    }
    return add(std::move(at), LeafKind::number, leaves);
  }

  Result<void> read_compound(Id type, const Leaf& at, std::vector<Leaf>& leaves) {
    for (unsigned i = 0; i < member_count(type); ++i) {
      const Handle member(H5Tget_member_type(type, i));
      Leaf leaf;
      leaf.offset = at.offset + H5Tget_member_offset(type, i);
      leaf.member = at.member + '.' + member_name(type, i);
      if (auto status = read(member.get(), std::move(leaf), leaves); !status) return status;
    }
    return {};
  }

  Result<void> read_array(Id type, const Leaf& at, std::vector<Leaf>& leaves) {
    const Handle base(H5Tget_super(type));
    std::vector<Leaf> inner;
    Leaf element;
    element.member = at.member;
    if (auto status = read(base.get(), std::move(element), inner); !status) return status;
    if (inner.size() != 1 || inner.front().offset != 0) {
      return unsupported("arrays of compound values cannot be compared");
    }
    Leaf leaf = std::move(inner.front());
    leaf.offset = at.offset;
    leaf.count = at.size / leaf.size;
    leaves.push_back(std::move(leaf));
    return {};
  }

  Result<void> read_sequence(Id type, Leaf at, std::vector<Leaf>& leaves) {
    const Handle base(H5Tget_super(type));
    layout_.has_pointers = true;
    Leaf element;
    element.member = at.member;
    if (auto status = read(base.get(), std::move(element), at.elements); !status) return status;
    // The distance of the elements is that of the base type, which a compound one may pad.
    at.count = 1;
    at.size = H5Tget_size(base.get());
    return add(std::move(at), LeafKind::sequence, leaves);
  }

  ValueLayout& layout_;
};

}  // namespace

std::string type_text(Id type) {
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return with_order(type, integer_text(type));
    case H5T_FLOAT:
      return with_order(type, float_text(type));
    case H5T_BITFIELD:
      return with_order(type, fmt::format("bit field of {} bytes", H5Tget_size(type)));
    case H5T_STRING:
      return string_text(type);
    case H5T_OPAQUE:
      return opaque_text(type);
    case H5T_COMPOUND:
      return compound_text(type);
    case H5T_ENUM:
      return enumeration_text(type);
    case H5T_ARRAY:
      return array_text(type);
    case H5T_VLEN: {
      const Handle base(H5Tget_super(type));
      return "sequence of " + type_text(base.get());
    }
    case H5T_REFERENCE:
      return H5Tequal(type, H5T_STD_REF_OBJ) > 0 ? "reference" : "reference to a region";
    default:
      return fmt::format("type {} of {} bytes", static_cast<int>(H5Tget_class(type)),
                         H5Tget_size(type));
  }
}

Result<ValueLayout> value_layout(Id type) {
  ValueLayout layout;
  layout.type = Handle(H5Tget_native_type(type, H5T_DIR_ASCEND));
  if (!layout.type.is_valid())
    return hdf5::last_error("read values of the type " + type_text(type));
  layout.size = H5Tget_size(layout.type.get());
  if (auto status = LayoutReader(layout).read(layout.type.get(), Leaf{}, layout.leaves); !status) {
    return status.error();
  }
  return layout;
}

}  // namespace nexa::io::compare
