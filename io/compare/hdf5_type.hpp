#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "io/hdf5/handle.hpp"
#include "validator/compare/numbers.hpp"

namespace nexa::io::compare {

/// What one piece of a value of HDF5 is, and how it is compared.
enum class LeafKind : std::uint8_t {
  number,     ///< within the tolerance
  bytes,      ///< bit fields, opaque data, enumerations, padded strings: exactly
  text,       ///< a string that ends at its first zero byte
  long_text,  ///< a string of any length, behind a pointer
  reference,  ///< to an object: by the path of the object
  sequence,   ///< of any length, behind a pointer
};

/// A piece of a value in memory: the whole of a simple one, a member of a compound one.
struct Leaf {
  LeafKind kind = LeafKind::number;
  validator::compare::NumberType number = validator::compare::NumberType::f64;
  std::size_t offset = 0;      ///< from the beginning of the value
  std::size_t size = 0;        ///< bytes of one element
  std::size_t count = 1;       ///< elements of a fixed array
  std::string member;          ///< `.x.y` in a compound value, otherwise empty
  std::vector<Leaf> elements;  ///< of a sequence: what each of its elements consists of
};

/// How values of a type are read and compared.
struct ValueLayout {
  hdf5::Handle type;  ///< for reading, in the machine's own byte order
  std::size_t size = 0;
  std::vector<Leaf> leaves;
  bool has_pointers = false;  ///< values refer to memory that the library must free
};

/// What a type of a file is, in words that are the same for the same type and differ for different
/// ones: `int32`, `big-endian float64`, `compound {x: float64, y: int8}`. How members are laid out
/// in the file is left out.
std::string type_text(hdf5::Id type);

/// How values of the type can be compared. Errors: `unsupported` for types without an order or a
/// meaning outside of their file, and for floating-point numbers of more than 64 bits.
core::Result<ValueLayout> value_layout(hdf5::Id type);

}  // namespace nexa::io::compare
