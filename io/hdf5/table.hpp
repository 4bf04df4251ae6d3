#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "io/hdf5/handle.hpp"

namespace nexa::io::hdf5 {

/// Rows per chunk of a long column.
inline constexpr std::uint64_t chunk_rows = 65536;

/// Rows per chunk of a table that will have about so many: a short one gets short chunks, because
/// each is filled up and compressed whole.
std::uint64_t rows_per_chunk(std::uint64_t rows);

/// Microseconds since the first submission, or -1 for what never happened.
constexpr std::int64_t time_or_none(core::Time time) {
  return time == core::never ? -1 : time.time_since_epoch().count();
}

/// To be called before anything else of the library in each thread: it no longer prints its errors
/// (they are turned into results), nor does anything when the process ends.
void prepare_library();

/// What the library says of its last failure: the system's reason where there is one (such as
/// "No space left on device"), otherwise the innermost message. The code is `io`.
core::Error last_error(const std::string& action);

/// The types of columns, little-endian in the file.
enum class Scalar : std::uint8_t { int8, uint8, int32, uint32, int64, uint64, float64 };
Scalar scalar_of(std::int8_t);
Scalar scalar_of(std::uint8_t);
Scalar scalar_of(std::int32_t);
Scalar scalar_of(std::uint32_t);
Scalar scalar_of(std::int64_t);
Scalar scalar_of(std::uint64_t);
Scalar scalar_of(double);

core::Result<Handle> scalar_type(Scalar scalar);
/// Names for the values of an int8, as an HDF5 enumeration.
core::Result<Handle> enum_type(const std::vector<std::pair<std::string, std::int8_t>>& values);

/// An HDF5 enumeration of the values from zero to `last` of a type, named by `name_of`.
template <class Enum, class NameOf>
core::Result<Handle> enum_type_of(Enum last, NameOf name_of) {
  std::vector<std::pair<std::string, std::int8_t>> values;
  for (std::int8_t i = 0; i <= static_cast<std::int8_t>(last); ++i) {
    values.emplace_back(name_of(static_cast<Enum>(i)), i);
  }
  return enum_type(values);
}

/// Truth values, as h5py reads and writes them.
core::Result<Handle> flag_type();

core::Result<Handle> create_group(const Handle& parent, const std::string& name);

core::Result<void> set_attribute(const Handle& object, const std::string& name,
                                 std::string_view text);
core::Result<void> set_attribute(const Handle& object, const std::string& name,
                                 std::uint64_t value);
/// A truth value, as h5py writes it.
core::Result<void> set_flag(const Handle& object, const std::string& name, bool value);

/// What a column is called and what a reader is told about it. `units` may be empty.
struct ColumnText {
  std::string name;
  std::string units;
  std::string description;
};

/// Makes an empty column that can grow: chunked, shuffled, gzip level 4, without time stamps (two
/// equal runs give equal files).
core::Result<Handle> create_column(const Handle& group, const ColumnText& text, const Handle& type,
                                   std::uint64_t rows_per_chunk);

/// Appends rows of the column's own type behind the `written` that are there.
core::Result<void> append_rows(const Handle& column, const Handle& type, std::uint64_t written,
                               std::uint64_t count, const void* rows);

/// A short column of fixed-length UTF-8 strings, written at once.
core::Result<void> write_strings(const Handle& group, const ColumnText& text,
                                 const std::vector<std::string>& rows);

/// A column that grows by single values, a chunk at a time.
template <class T>
class Column {
 public:
  /// `type` is an enumeration, or left out for plain numbers.
  core::Result<void> create(const Handle& group, const ColumnText& text,
                            std::uint64_t rows_per_chunk, core::Result<Handle> type) {
    if (!type) return std::move(type).error();
    type_ = std::move(*type);
    core::Result<Handle> made = create_column(group, text, type_, rows_per_chunk);
    if (!made) return std::move(made).error();
    dataset_ = std::move(*made);
    chunk_ = rows_per_chunk;
    pending_.reserve(rows_per_chunk);
    return {};
  }
  core::Result<void> create(const Handle& group, const ColumnText& text,
                            std::uint64_t rows_per_chunk) {
    return create(group, text, rows_per_chunk, scalar_type(scalar_of(T{})));
  }

  void push(T value) { pending_.push_back(value); }
  [[nodiscard]] std::size_t pending() const { return pending_.size(); }

  /// Writes the whole chunks that are pending, or, at the end, `all` rows: a chunk that is
  /// written twice is compressed twice.
  core::Result<void> flush(bool all) {
    const std::uint64_t pending = pending_.size();
    const std::uint64_t count = all ? pending : pending - pending % chunk_;
    if (count == 0) return {};
    core::Result<void> done = append_rows(dataset_, type_, written_, count, pending_.data());
    written_ += count;
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
    return done;
  }

 private:
  Handle type_;
  Handle dataset_;
  std::vector<T> pending_;
  std::uint64_t written_ = 0;
  std::uint64_t chunk_ = chunk_rows;
};

/// Flushes the columns of a table, until one fails.
template <class... Columns>
core::Result<void> flush_columns(bool all, Columns&... columns) {
  core::Result<void> done;
  static_cast<void>((... && (done = columns.flush(all), done.has_value())));
  return done;
}

/// Writes a whole column of numbers.
template <class T>
core::Result<void> write_column(const Handle& group, const ColumnText& text,
                                std::span<const T> rows) {
  const std::uint64_t rows_per_chunk =
      rows.size() < chunk_rows ? rows.size() + (rows.empty() ? 1 : 0) : chunk_rows;
  core::Result<Handle> type = scalar_type(scalar_of(T{}));
  if (!type) return std::move(type).error();
  core::Result<Handle> column = create_column(group, text, *type, rows_per_chunk);
  if (!column) return std::move(column).error();
  return append_rows(*column, *type, 0, rows.size(), rows.data());
}

}  // namespace nexa::io::hdf5
