#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "validator/compare/fields.hpp"
#include "validator/compare/tolerance.hpp"

/// The parameters of each comparator, with their one table.
namespace nexa::validator::compare {

/// What the bytes of a file are.
enum class FileFormat : std::uint8_t { text, f32, f64, i8, i16, i32, i64, u8, u16, u32, u64 };
/// What is compared of a dataset of HDF5. Where it is there and what type it has always is.
enum class DatasetCheck : std::uint8_t { values, shape, presence };
/// How attributes of HDF5 are compared: as they are, within the tolerance of what they are at, or
/// not at all.
enum class AttributeCheck : std::uint8_t { exact, close, ignore };

inline constexpr std::array<std::string_view, 3> nan_policies{"reject", "equal", "bitwise"};
inline constexpr std::array<std::string_view, 11> file_formats{
    "text", "f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"};
inline constexpr std::array<std::string_view, 3> dataset_checks{"values", "shape", "presence"};
inline constexpr std::array<std::string_view, 3> attribute_checks{"exact", "close", "ignore"};

constexpr std::span<const std::string_view> choices_of(NanPolicy) {
  return nan_policies;
}
constexpr std::span<const std::string_view> choices_of(FileFormat) {
  return file_formats;
}
constexpr std::span<const std::string_view> choices_of(DatasetCheck) {
  return dataset_checks;
}
constexpr std::span<const std::string_view> choices_of(AttributeCheck) {
  return attribute_checks;
}

namespace detail {

inline constexpr double any_size = std::numeric_limits<double>::max();
inline constexpr double most_ulps = 0x1p52;
inline constexpr std::string_view rtol_doc =
    "numbers may differ by this share of the larger magnitude";
inline constexpr std::string_view atol_doc = "numbers may differ by this much, whatever they are";
inline constexpr std::string_view nan_doc = "what a NaN is equal to: nothing, any NaN, its bits";
inline constexpr std::string_view format_doc = "what the files hold: text or an array of numbers";

}  // namespace detail

struct ExactParameters {
  static constexpr auto fields() { return std::tuple<>{}; }
  friend bool operator==(const ExactParameters&, const ExactParameters&) = default;
};

struct UlpParameters {
  std::uint64_t ulps = 4;
  double atol = 0;
  NanPolicy nan = NanPolicy::reject;
  FileFormat format = FileFormat::text;

  static constexpr auto fields() {
    using P = UlpParameters;
    return std::make_tuple(
        field("ulps", &P::ulps, {0, detail::most_ulps, "numbers"},
              "steps from one representable number to the next that may lie between"),
        field("atol", &P::atol, {0, detail::any_size}, detail::atol_doc),
        field("nan", &P::nan, detail::nan_doc), field("format", &P::format, detail::format_doc));
  }
  [[nodiscard]] Tolerance tolerance() const {
    return {.rtol = 0, .atol = atol, .ulps = ulps, .nan = nan};
  }
  friend bool operator==(const UlpParameters&, const UlpParameters&) = default;
};

struct AbsRelParameters {
  double rtol = 1e-9;
  double atol = 0;
  NanPolicy nan = NanPolicy::reject;
  FileFormat format = FileFormat::text;

  static constexpr auto fields() {
    using P = AbsRelParameters;
    return std::make_tuple(field("rtol", &P::rtol, {0, 1}, detail::rtol_doc),
                           field("atol", &P::atol, {0, detail::any_size}, detail::atol_doc),
                           field("nan", &P::nan, detail::nan_doc),
                           field("format", &P::format, detail::format_doc));
  }
  [[nodiscard]] Tolerance tolerance() const {
    return {.rtol = rtol, .atol = atol, .ulps = 0, .nan = nan};
  }
  friend bool operator==(const AbsRelParameters&, const AbsRelParameters&) = default;
};

/// What holds for the datasets of a file, or for those that a rule names.
struct DatasetParameters {
  double rtol = 1e-9;
  double atol = 0;
  std::uint64_t ulps = 0;
  NanPolicy nan = NanPolicy::reject;
  DatasetCheck check = DatasetCheck::values;
  AttributeCheck attributes = AttributeCheck::exact;

  static constexpr auto fields() {
    using P = DatasetParameters;
    return std::make_tuple(
        field("rtol", &P::rtol, {0, 1}, detail::rtol_doc),
        field("atol", &P::atol, {0, detail::any_size}, detail::atol_doc),
        field("ulps", &P::ulps, {0, detail::most_ulps, "numbers"},
              "numbers this many steps apart are equal whatever rtol and atol say"),
        field("nan", &P::nan, detail::nan_doc),
        field("check", &P::check, "what is compared of a dataset besides its name and type"),
        field("attributes", &P::attributes, "how attributes are compared"));
  }
  [[nodiscard]] Tolerance tolerance() const {
    return {.rtol = rtol, .atol = atol, .ulps = ulps, .nan = nan};
  }
  friend bool operator==(const DatasetParameters&, const DatasetParameters&) = default;
};

/// Other parameters for the objects whose path matches a pattern.
struct DatasetRule {
  std::string pattern;  ///< see `matches_path`
  DatasetParameters parameters;
  friend bool operator==(const DatasetRule&, const DatasetRule&) = default;
};

struct Hdf5Parameters {
  DatasetParameters everywhere;
  std::vector<DatasetRule> rules;  ///< the last one that matches holds
  /// The parameters for an object, and if `rule` is given, the index of the rule that gave them or
  /// the number of rules.
  [[nodiscard]] const DatasetParameters& at(std::string_view path,
                                            std::size_t* rule = nullptr) const;
  friend bool operator==(const Hdf5Parameters&, const Hdf5Parameters&) = default;
};

struct ScriptParameters {
  std::string path;
  std::uint64_t wall = 60;
  std::uint64_t cpu = 60;
  std::uint64_t memory = 1024;
  std::uint64_t processes = 32;
  std::uint64_t files = 64;
  std::uint64_t disk = 64;
  std::uint64_t output = 64;

  static constexpr auto fields() {
    using P = ScriptParameters;
    constexpr double day = 86'400;
    return std::make_tuple(
        field("path", &P::path, "the program: exit code 0 means equal, 1 different"),
        field("wall", &P::wall, {1, day, "s"}, "it is killed after this time"),
        field("cpu", &P::cpu, {1, day, "s"}, "processor time of each of its processes"),
        field("memory", &P::memory, {16, 1 << 20, "MiB"}, "address space of each process"),
        field("processes", &P::processes, {1, 4096}, "processes and threads at a time"),
        field("files", &P::files, {8, 4096}, "open files of each process"),
        field("disk", &P::disk, {1, 1 << 20, "MiB"}, "its /tmp, which lies in memory"),
        field("output", &P::output, {1, 1024, "KiB"}, "what it may print"));
  }
  friend bool operator==(const ScriptParameters&, const ScriptParameters&) = default;
};

struct EnsembleParameters {
  std::string summary;
  std::uint64_t pcs = 50;
  double sigmas = 2;
  std::uint64_t fail_pcs = 3;
  std::uint64_t fail_runs = 2;

  static constexpr auto fields() {
    using P = EnsembleParameters;
    return std::make_tuple(
        field("summary", &P::summary, "what 'nexa result ensemble' wrote of the trusted runs"),
        field("pcs", &P::pcs, {1, 10'000}, "principal components that are looked at"),
        field("sigmas", &P::sigmas, {0.1, 100}, "a score further off than this is outside"),
        field("fail_pcs", &P::fail_pcs, {1, 10'000}, "so many failing components are a failure"),
        field("fail_runs", &P::fail_runs, {1, 1000},
              "a component fails that is outside in so many runs"));
  }
  friend bool operator==(const EnsembleParameters&, const EnsembleParameters&) = default;
};

}  // namespace nexa::validator::compare
