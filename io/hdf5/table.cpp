#include "io/hdf5/table.hpp"

#include <hdf5.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace nexa::io::hdf5 {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;

static_assert(std::is_same_v<hid_t, Id> || sizeof(hid_t) == sizeof(Id));

constexpr unsigned gzip_level = 4;

herr_t keep_innermost(unsigned, const H5E_error2_t* entry, void* text) {
  // The walk goes from the call that failed first outwards.
  auto* kept = static_cast<std::string*>(text);
  if (kept->empty() && entry->desc != nullptr) *kept = entry->desc;
  return 0;
}

/// HDF5's drivers put the system's reason between `error message = '` and `'`.
std::string system_reason(const std::string& description) {
  constexpr std::string_view mark = "error message = '";
  const std::size_t begin = description.find(mark);
  if (begin == std::string::npos) return description;
  const std::size_t end = description.find('\'', begin + mark.size());
  return description.substr(begin + mark.size(), end - begin - mark.size());
}

Result<Handle> checked(hid_t id, const std::string& action) {
  if (id < 0) return last_error(action);
  return Handle(id);
}

Result<void> checked_status(herr_t status, const std::string& action) {
  if (status < 0) return last_error(action);
  return {};
}

/// A UTF-8 string of a fixed number of bytes, filled up with zero bytes.
Result<Handle> string_type(std::size_t bytes) {
  Result<Handle> type = checked(H5Tcopy(H5T_C_S1), "make a string type");
  if (!type) return type;
  const bool set = H5Tset_size(type->get(), std::max<std::size_t>(bytes, 1)) >= 0 &&
                   H5Tset_cset(type->get(), H5T_CSET_UTF8) >= 0 &&
                   H5Tset_strpad(type->get(), H5T_STR_NULLPAD) >= 0;
  if (!set) return last_error("make a string type");
  return type;
}

Result<void> write_attribute(const Handle& object, const std::string& name, const Handle& type,
                             const void* value) {
  const std::string action = "write the attribute '" + name + "'";
  const Handle space(H5Screate(H5S_SCALAR));
  const Handle attribute(
      H5Acreate2(object.get(), name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT));
  if (!attribute.is_valid()) return last_error(action);
  return checked_status(H5Awrite(attribute.get(), type.get(), value), action);
}

}  // namespace

bool Handle::close() noexcept {
  if (id_ < 0) return true;
  return H5Idec_ref(std::exchange(id_, -1)) >= 0;
}

std::uint64_t rows_per_chunk(std::uint64_t rows) {
  return std::clamp<std::uint64_t>(rows, 1024, chunk_rows);
}

void prepare_library() {
  // A file that could not be written stays open inside the library, whose own clean-up when the
  // process ends then crashes. All that must reach the disk is closed explicitly.
  static const bool without_clean_up = H5dont_atexit() >= 0;
  static_cast<void>(without_clean_up);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Error last_error(const std::string& action) {
  std::string description;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, &description);
  H5Eclear2(H5E_DEFAULT);
  std::string reason = system_reason(description);
  if (reason.empty()) reason = "no reason given by HDF5";
  return Error{.code = ErrorCode::io,
               .message = "cannot " + action + ": " + reason,
               .hint = {},
               .where = {}};
}

Scalar scalar_of(std::int8_t) {
  return Scalar::int8;
}
Scalar scalar_of(std::uint8_t) {
  return Scalar::uint8;
}
Scalar scalar_of(std::int32_t) {
  return Scalar::int32;
}
Scalar scalar_of(std::uint32_t) {
  return Scalar::uint32;
}
Scalar scalar_of(std::int64_t) {
  return Scalar::int64;
}
Scalar scalar_of(std::uint64_t) {
  return Scalar::uint64;
}
Scalar scalar_of(double) {
  return Scalar::float64;
}

Result<Handle> scalar_type(Scalar scalar) {
  static_assert(sizeof(double) == 8);
  hid_t type = -1;
  switch (scalar) {
    case Scalar::int8:
      type = H5T_STD_I8LE;
      break;
    case Scalar::uint8:
      type = H5T_STD_U8LE;
      break;
    case Scalar::int32:
      type = H5T_STD_I32LE;
      break;
    case Scalar::uint32:
      type = H5T_STD_U32LE;
      break;
    case Scalar::int64:
      type = H5T_STD_I64LE;
      break;
    case Scalar::uint64:
      type = H5T_STD_U64LE;
      break;
    case Scalar::float64:
      type = H5T_IEEE_F64LE;
      break;
  }
  return checked(H5Tcopy(type), "make a number type");
}

Result<Handle> enum_type(const std::vector<std::pair<std::string, std::int8_t>>& values) {
  Result<Handle> type = checked(H5Tenum_create(H5T_STD_I8LE), "make an enumeration");
  if (!type) return type;
  for (const auto& [name, value] : values) {
    if (H5Tenum_insert(type->get(), name.c_str(), &value) < 0) {
      return last_error("name the value " + std::to_string(value) + " '" + name + "'");
    }
  }
  return type;
}

Result<Handle> flag_type() {
  // These two names are how h5py knows a truth value.
  return enum_type({{"FALSE", std::int8_t{0}}, {"TRUE", std::int8_t{1}}});
}

Result<Handle> create_group(const Handle& parent, const std::string& name) {
  const Handle properties(H5Pcreate(H5P_GROUP_CREATE));
  H5Pset_obj_track_times(properties.get(), false);
  return checked(H5Gcreate2(parent.get(), name.c_str(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                 "make the group '" + name + "'");
}

Result<void> set_attribute(const Handle& object, const std::string& name, std::string_view text) {
  const Result<Handle> type = string_type(text.size());
  if (!type) return type.error();
  // An empty text still takes one byte, which must be there to be read.
  const std::string bytes = text.empty() ? std::string(1, '\0') : std::string(text);
  return write_attribute(object, name, *type, bytes.data());
}

Result<void> set_attribute(const Handle& object, const std::string& name, std::uint64_t value) {
  const Result<Handle> type = scalar_type(Scalar::uint64);
  if (!type) return type.error();
  return write_attribute(object, name, *type, &value);
}

Result<void> set_flag(const Handle& object, const std::string& name, bool value) {
  const Result<Handle> type = flag_type();
  if (!type) return type.error();
  const std::int8_t byte = value ? 1 : 0;
  return write_attribute(object, name, *type, &byte);
}

Result<Handle> create_column(const Handle& group, const ColumnText& text, const Handle& type,
                             std::uint64_t rows_per_chunk) {
  const std::string action = "make the column '" + text.name + "'";
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE));
  const hsize_t chunk = rows_per_chunk;
  const bool set = H5Pset_chunk(properties.get(), 1, &chunk) >= 0 &&
                   H5Pset_shuffle(properties.get()) >= 0 &&
                   H5Pset_deflate(properties.get(), gzip_level) >= 0 &&
                   H5Pset_obj_track_times(properties.get(), false) >= 0;
  if (!set) return last_error(action);
  const hsize_t no_rows = 0;
  const hsize_t any_rows = H5S_UNLIMITED;
  const Handle space(H5Screate_simple(1, &no_rows, &any_rows));
  Result<Handle> column =
      checked(H5Dcreate2(group.get(), text.name.c_str(), type.get(), space.get(), H5P_DEFAULT,
                         properties.get(), H5P_DEFAULT),
              action);
  if (!column) return column;
  const Result<void> units = set_attribute(*column, "units", text.units);
  if (!units) return units.error();
  const Result<void> description = set_attribute(*column, "description", text.description);
  if (!description) return description.error();
  return column;
}

Result<void> append_rows(const Handle& column, const Handle& type, std::uint64_t written,
                         std::uint64_t count, const void* rows) {
  if (count == 0) return {};
  const std::string action = "write rows";
  const hsize_t begin = written;
  const hsize_t size = count;
  const hsize_t total = written + count;
  if (H5Dset_extent(column.get(), &total) < 0) return last_error(action);
  const Handle file_space(H5Dget_space(column.get()));
  const Handle memory_space(H5Screate_simple(1, &size, nullptr));
  if (H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, &begin, nullptr, &size, nullptr) < 0) {
    return last_error(action);
  }
  return checked_status(
      H5Dwrite(column.get(), type.get(), memory_space.get(), file_space.get(), H5P_DEFAULT, rows),
      action);
}

Result<void> write_strings(const Handle& group, const ColumnText& text,
                           const std::vector<std::string>& rows) {
  std::size_t width = 1;
  for (const std::string& row : rows) width = std::max(width, row.size());
  std::vector<char> bytes(width * rows.size(), '\0');
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy(rows[i].begin(), rows[i].end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(i * width));
  }
  const Result<Handle> type = string_type(width);
  if (!type) return type.error();
  const std::uint64_t chunk = std::clamp<std::uint64_t>(rows.size(), 1, chunk_rows);
  const Result<Handle> column = create_column(group, text, *type, chunk);
  if (!column) return column.error();
  return append_rows(*column, *type, 0, rows.size(), bytes.data());
}

}  // namespace nexa::io::hdf5
