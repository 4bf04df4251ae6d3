#include "io/compare/hdf5_values.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "io/compare/block_walk.hpp"
#include "io/compare/hdf5_type.hpp"
#include "io/compare/leaf_values.hpp"
#include "io/compare/value_memory.hpp"
#include "io/hdf5/table.hpp"

namespace nexa::io::compare {

namespace {

using core::Result;
using hdf5::Handle;
using hdf5::Id;
using validator::compare::Comparison;
using validator::compare::DatasetCheck;
using validator::compare::DatasetParameters;
using validator::compare::Side;
using validator::compare::Tolerance;

/// Values are read in blocks of this size; the library keeps the chunks that a block cuts.
constexpr std::uint64_t compared_block_bytes = std::uint64_t{4} << 20;
/// The library needs memory for a whole chunk, however few of its values are asked for, and a chunk
/// of 4 GiB of zeros fits a file of 4 MiB.
constexpr std::uint64_t most_chunk_bytes = hdf5_chunk_cache_bytes;
constexpr std::uint64_t most_attribute_bytes = std::uint64_t{16} << 20;
/// The library gives no hold on what the strings of an attribute take; this is the most they could.
constexpr std::uint64_t most_pointed_bytes = std::uint64_t{1} << 30;

/// Both sides of something that is looked at on each.
template <class T>
struct Pair {
  T a;
  T b;
};

struct Shape {
  H5S_class_t kind = H5S_NO_CLASS;
  Extent size;

  friend bool operator==(const Shape&, const Shape&) = default;
};

Shape shape_of(Id space) {
  Shape shape{.kind = H5Sget_simple_extent_type(space), .size = {}};
  const int rank = H5Sget_simple_extent_ndims(space);
  if (shape.kind != H5S_SIMPLE || rank <= 0) return shape;
  std::vector<hsize_t> size(static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space, size.data(), nullptr);
  shape.size.assign(size.begin(), size.end());
  return shape;
}

std::string shape_text(const Shape& shape) {
  if (shape.kind == H5S_NULL) return "nothing";
  return shape.size.empty() ? "a single value" : "the shape " + coordinates_text(shape.size);
}

/// How a dataset is stored, as far as it matters for reading.
struct Storage {
  Extent chunk;         ///< empty where there are no chunks
  std::string problem;  ///< why it is not read
};

/// Bytes of the file that an object is in.
std::uint64_t file_bytes(Id object) {
  const Handle file(H5Iget_file_id(object));
  hsize_t bytes = 0;
  H5Fget_filesize(file.get(), &bytes);
  return bytes;
}

/// The bytes of so many values, or the largest number where that is too small.
std::uint64_t bytes_of(const Extent& size, std::uint64_t value_bytes) {
  constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t bytes = value_bytes;
  for (const std::uint64_t count : size) {
    if (count != 0 && bytes > largest / count) return largest;
    bytes *= count;
  }
  return bytes;
}

Storage storage_of(Id dataset, const Extent& size, std::size_t value_bytes) {
  Storage storage;
  // Deflate packs 1032 to 1 at most. What is larger was never written, and a few bytes can promise
  // more values than could be looked at in a life.
  constexpr std::uint64_t most_inflation = 4096;
  if (bytes_of(size, value_bytes) / most_inflation > file_bytes(dataset)) {
    storage.problem = "it has more values than its file can hold";
  }
  const Handle properties(H5Dget_create_plist(dataset));
  const H5D_layout_t layout = H5Pget_layout(properties.get());
  // A result that named other files would make the validator read them.
  if (layout == H5D_VIRTUAL || H5Pget_external_count(properties.get()) > 0) {
    storage.problem = "its values lie in other files, which are not looked at";
  }
  if (layout != H5D_CHUNKED) return storage;
  std::vector<hsize_t> sizes(H5S_MAX_RANK);
  const int rank = H5Pget_chunk(properties.get(), H5S_MAX_RANK, sizes.data());
  storage.chunk.assign(sizes.begin(), sizes.begin() + std::max(rank, 0));
  if (bytes_of(storage.chunk, value_bytes) > most_chunk_bytes) {
    storage.problem = fmt::format("its chunks have more than {} MiB, the most that is read",
                                  most_chunk_bytes >> 20);
  }
  return storage;
}

void cannot_read(Side side, const std::string& where, std::string what, Comparison& comparison) {
  const char* const of = side == Side::both ? "" : side == Side::a ? "A: " : "B: ";
  comparison.cannot_read(side, where, of + std::move(what));
}

/// Says on which sides there is a problem, if there is any.
bool report_problems(const Pair<std::string>& problems, const std::string& where,
                     Comparison& comparison) {
  if (problems.a.empty() && problems.b.empty()) return false;
  if (problems.a == problems.b) {
    cannot_read(Side::both, where, problems.a, comparison);
    return true;
  }
  if (!problems.a.empty()) cannot_read(Side::a, where, problems.a, comparison);
  if (!problems.b.empty()) cannot_read(Side::b, where, problems.b, comparison);
  return true;
}

/// Compares types, and then gives the way to compare values; nothing where there is none.
std::optional<ValueLayout> common_layout(const Pair<Handle>& types, const std::string& where,
                                         Comparison& comparison) {
  const std::string text_a = type_text(types.a.get());
  const std::string text_b = type_text(types.b.get());
  if (text_a != text_b) {
    comparison.differ(where, text_a + " and " + text_b);
    return std::nullopt;
  }
  Result<ValueLayout> layout = value_layout(types.a.get());
  if (layout) return std::move(*layout);
  comparison.cannot_compare(where, layout.error().message);
  return std::nullopt;
}

bool compare_shapes(const Pair<Shape>& shapes, const std::string& where, Comparison& comparison) {
  if (shapes.a == shapes.b) return true;
  comparison.differ(where, shape_text(shapes.a) + " and " + shape_text(shapes.b));
  return false;
}

/// Frees what the values of an attribute refer to; for datasets there is `ValueMemory`.
class Reclaim {
 public:
  Reclaim(const ValueLayout& layout, Id space, void* values)
      : layout_(layout), space_(space), values_(values) {}
  Reclaim(const Reclaim&) = delete;
  Reclaim& operator=(const Reclaim&) = delete;
  ~Reclaim() {
    if (layout_.has_pointers) {
      H5Dvlen_reclaim(layout_.type.get(), space_, H5P_DEFAULT, values_);
    }
  }

 private:
  const ValueLayout& layout_;
  Id space_;
  void* values_;
};

/// Memory for values, aligned for any of them and zero, so that pointers which were not read are
/// null.
struct Values {
  explicit Values(std::size_t size) : bytes(std::make_unique<std::byte[]>(size)) {}
  std::unique_ptr<std::byte[]> bytes;
};

/// Reads and compares the values of two datasets of one type and shape.
class DatasetValues {
 public:
  DatasetValues(HandlePair datasets, const ValueLayout& layout, Extent size, Extent block)
      : datasets_(datasets), layout_(layout), size_(std::move(size)), block_(std::move(block)) {}

  void compare(const std::string& path, const Tolerance& tolerance, Comparison& comparison) {
    LeafValues found(layout_, tolerance);
    std::uint64_t most = 1;
    for (const std::uint64_t count : block_) most *= count;
    const Pair<Values> values{Values(most * layout_.size), Values(most * layout_.size)};
    for (BlockWalk walk(size_, block_); walk.has_block(); walk.advance()) {
      if (!compare_block(walk, values, path, found, comparison)) break;
    }
    const auto place = [this](std::uint64_t index) {
      return coordinates_text(coordinates_at(size_, block_, index));
    };
    found.report(path, place, comparison);
  }

 private:
  bool compare_block(const BlockWalk& walk, const Pair<Values>& values, const std::string& path,
                     LeafValues& found, Comparison& comparison) {
    const std::vector<hsize_t> count(walk.count().begin(), walk.count().end());
    const std::vector<hsize_t> start(walk.start().begin(), walk.start().end());
    const auto rank = static_cast<int>(count.size());
    const Handle memory(rank == 0 ? H5Screate(H5S_SCALAR)
                                  : H5Screate_simple(rank, count.data(), nullptr));
    std::byte* const a = values.a.bytes.get();
    std::byte* const b = values.b.bytes.get();
    const Pair<std::string> problems{read(datasets_.a, memory, start, count, memory_a_, a),
                                     read(datasets_.b, memory, start, count, memory_b_, b)};
    if (report_problems(problems, path, comparison)) return false;
    found.add({.a = a,
               .b = b,
               .count = walk.elements(),
               .object_a = datasets_.a.get(),
               .object_b = datasets_.b.get()});
    return true;
  }

  /// Nothing, or why the values could not be read.
  std::string read(const Handle& dataset, const Handle& memory, const std::vector<hsize_t>& start,
                   const std::vector<hsize_t>& count, ValueMemory& pointed, void* into) const {
    pointed.clear();
    const Handle space(H5Dget_space(dataset.get()));
    const bool selected =
        start.empty() || H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr,
                                             count.data(), nullptr) >= 0;
    if (selected && H5Dread(dataset.get(), layout_.type.get(), memory.get(), space.get(),
                            pointed.transfer().get(), into) >= 0) {
      return {};
    }
    const std::string problem = hdf5::last_error("read the values").message;
    if (!pointed.is_exhausted()) return problem;
    return fmt::format("{} of its values take more than {} MiB", H5Sget_select_npoints(space.get()),
                       ValueMemory::most_bytes >> 20);
  }

  HandlePair datasets_;
  const ValueLayout& layout_;
  Extent size_;
  Extent block_;
  ValueMemory memory_a_, memory_b_;
};

}  // namespace

void compare_datasets(HandlePair datasets, const std::string& path, const DatasetParameters& rule,
                      Comparison& comparison) {
  const Pair<Handle> types{Handle(H5Dget_type(datasets.a.get())),
                           Handle(H5Dget_type(datasets.b.get()))};
  const std::optional<ValueLayout> layout = common_layout(types, path, comparison);
  if (!layout || rule.check == DatasetCheck::presence) return;
  const Pair<Handle> spaces{Handle(H5Dget_space(datasets.a.get())),
                            Handle(H5Dget_space(datasets.b.get()))};
  const Pair<Shape> shapes{shape_of(spaces.a.get()), shape_of(spaces.b.get())};
  if (!compare_shapes(shapes, path, comparison)) return;
  if (rule.check == DatasetCheck::shape || shapes.a.kind == H5S_NULL) return;
  const Storage storage_a = storage_of(datasets.a.get(), shapes.a.size, layout->size);
  const Storage storage_b = storage_of(datasets.b.get(), shapes.a.size, layout->size);
  if (report_problems({storage_a.problem, storage_b.problem}, path, comparison)) return;
  if (layout->size > compared_block_bytes) {
    cannot_read(Side::both, path,
                fmt::format("one value has more than {} MiB", compared_block_bytes >> 20),
                comparison);
    return;
  }
  const Extent block =
      block_for(shapes.a.size, storage_a.chunk, storage_b.chunk, layout->size,
                layout->has_pointers ? compared_block_bytes / 64 : compared_block_bytes);
  DatasetValues(datasets, *layout, shapes.a.size, block)
      .compare(path, rule.tolerance(), comparison);
}

void compare_attributes(HandlePair attributes, const std::string& place, const Tolerance& tolerance,
                        Comparison& comparison) {
  const Pair<Handle> types{Handle(H5Aget_type(attributes.a.get())),
                           Handle(H5Aget_type(attributes.b.get()))};
  const std::optional<ValueLayout> layout = common_layout(types, place, comparison);
  if (!layout) return;
  const Handle space(H5Aget_space(attributes.a.get()));
  const Handle space_b(H5Aget_space(attributes.b.get()));
  const Pair<Shape> shapes{shape_of(space.get()), shape_of(space_b.get())};
  if (!compare_shapes(shapes, place, comparison) || shapes.a.kind == H5S_NULL) return;
  const auto count =
      static_cast<std::uint64_t>(std::max<hssize_t>(0, H5Sget_simple_extent_npoints(space.get())));
  // Each value may refer to one and the same long string.
  const std::uint64_t pointed = layout->has_pointers && count > 64
                                    ? bytes_of({count}, std::max(file_bytes(attributes.a.get()),
                                                                 file_bytes(attributes.b.get())))
                                    : 0;
  if (count > most_attribute_bytes / layout->size || pointed > most_pointed_bytes) {
    cannot_read(Side::both, place,
                fmt::format("it may have more than {} MiB", most_attribute_bytes >> 20),
                comparison);
    return;
  }
  const Values a(count * layout->size);
  const Values b(count * layout->size);
  const Reclaim reclaim_a(*layout, space.get(), a.bytes.get());
  const Reclaim reclaim_b(*layout, space.get(), b.bytes.get());
  const auto read = [&](const Handle& attribute, const Values& into) -> std::string {
    if (H5Aread(attribute.get(), layout->type.get(), into.bytes.get()) >= 0) return {};
    return hdf5::last_error("read the attribute").message;
  };
  if (report_problems({read(attributes.a, a), read(attributes.b, b)}, place, comparison)) return;
  LeafValues found(*layout, tolerance);
  found.add({.a = a.bytes.get(),
             .b = b.bytes.get(),
             .count = count,
             .object_a = attributes.a.get(),
             .object_b = attributes.b.get()});
  const auto index_text = [&](std::uint64_t index) {
    return shapes.a.size.empty()
               ? std::string{}
               : coordinates_text(coordinates_at(shapes.a.size, shapes.a.size, index));
  };
  found.report(place, index_text, comparison);
}

}  // namespace nexa::io::compare
