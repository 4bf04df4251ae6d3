#include "io/swf_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "io/characters.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::ErrorCode;

constexpr std::size_t field_count = 18;
constexpr std::size_t fewest_fields = 11;
constexpr std::size_t average_cpu_time_field = 6;

constexpr std::array<const char*, field_count> field_names = {
    "job number",       "submit time",   "wait time",  "run time",       "processors used",
    "average CPU time", "memory used",   "processors", "time asked for", "memory asked for",
    "status",           "user",          "group",      "executable",     "queue",
    "partition",        "preceding job", "think time"};

/// A field that `SwfRecord` keeps, and the largest value that is believed.
struct KeptField {
  std::size_t number;  ///< as in the standard, from 1
  std::int64_t SwfRecord::*member;
  std::int64_t limit;
};

constexpr std::array<KeptField, 9> kept_fields = {{
    {1, &SwfRecord::number, swf_limits::id},
    {2, &SwfRecord::submit, swf_limits::seconds},
    {4, &SwfRecord::run_time, swf_limits::seconds},
    {5, &SwfRecord::processors_used, swf_limits::processors},
    {7, &SwfRecord::memory_used, swf_limits::memory_kib},
    {8, &SwfRecord::processors, swf_limits::processors},
    {9, &SwfRecord::estimate, swf_limits::seconds},
    {10, &SwfRecord::memory, swf_limits::memory_kib},
    {12, &SwfRecord::user, swf_limits::id},
}};

struct Field {
  std::string_view text;
  std::size_t column = 0;  ///< from 1
};

struct LineFields {
  std::array<Field, field_count> at;
  std::size_t count = 0;  ///< all fields of the line, also those beyond `at`
  std::size_t first_extra_column = 0;
};

LineFields split_fields(std::string_view line) {
  LineFields fields;
  std::size_t i = 0;
  while (true) {
    while (i < line.size() && is_blank(line[i])) ++i;
    if (i == line.size()) return fields;
    const std::size_t begin = i;
    while (i < line.size() && !is_blank(line[i])) ++i;
    if (fields.count < field_count) {
      fields.at[fields.count] = {line.substr(begin, i - begin), begin + 1};
    } else if (fields.count == field_count) {
      fields.first_extra_column = begin + 1;
    }
    ++fields.count;
  }
}

enum class NumberForm : std::uint8_t { integer, decimal, too_large, none };

struct Number {
  std::int64_t value = -1;
  NumberForm form = NumberForm::none;
};

/// Also accepts decimals and exponents (`1.5e+06`), as scripts write them.
Number parse_number(std::string_view text) {
  const char* const end = text.data() + text.size();
  std::int64_t integer = 0;
  const auto whole = std::from_chars(text.data(), end, integer);
  if (whole.ptr == end && whole.ec == std::errc{}) return {integer, NumberForm::integer};
  if (whole.ptr == end && whole.ec == std::errc::result_out_of_range) {
    return {-1, NumberForm::too_large};
  }
  double real = 0;
  const auto parsed = std::from_chars(text.data(), end, real);
  if (parsed.ptr != end) return {};
  if (parsed.ec == std::errc::result_out_of_range) return {-1, NumberForm::too_large};
  if (parsed.ec != std::errc{} || std::isnan(real)) return {};
  // Beyond 2^53 a double no longer holds every integer, and no field may be that large.
  if (std::abs(real) > 9007199254740992.0) return {-1, NumberForm::too_large};
  return {static_cast<std::int64_t>(real), NumberForm::decimal};
}

/// Text of a file as it may be shown on a terminal.
std::string printable(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string shown(text.substr(0, longest));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return c < ' ' || c == 0x7f; }, '?');
  return text.size() > longest ? shown + "..." : shown;
}

Error breach(std::string message, std::size_t column) {
  return Error{.code = ErrorCode::invalid_argument,
               .message = std::move(message),
               .hint = "without strict mode such lines are mended and counted",
               .where = {.file = {}, .line = 0, .column = static_cast<int>(column)}};
}

/// One field after the rules for numbers: its value, and the repair that it needed.
struct Checked {
  std::int64_t value = -1;
  bool repaired = false;
  SwfRepair repair = SwfRepair::not_a_number;
};

Checked check(const Field& field, std::size_t number, std::int64_t limit) {
  const Number parsed = parse_number(field.text);
  switch (parsed.form) {
    case NumberForm::none:
      return {-1, true, SwfRepair::not_a_number};
    case NumberForm::too_large:
      return {-1, true, SwfRepair::out_of_range};
    case NumberForm::integer:
    case NumberForm::decimal:
      break;
  }
  if (parsed.value > limit) return {-1, true, SwfRepair::out_of_range};
  const bool misplaced = parsed.form == NumberForm::decimal && number != average_cpu_time_field;
  return {parsed.value, misplaced, SwfRepair::decimals};
}

std::string describe(const Field& field, std::size_t number) {
  return std::string(field_names[number - 1]) + " (field " + std::to_string(number) + ") is '" +
         printable(field.text) + "'";
}

std::string explain(const Checked& checked, const Field& field, std::size_t number) {
  const std::string what = describe(field, number);
  switch (checked.repair) {
    case SwfRepair::out_of_range:
      return what + ", out of range";
    case SwfRepair::decimals:
      return what + ", but must be a whole number";
    default:
      return what + ", not a number";
  }
}

/// Where a value of `kept_fields` goes, or null for a field that only strict mode looks at.
const KeptField* kept_field(std::size_t number) {
  const auto found = std::find_if(kept_fields.begin(), kept_fields.end(),
                                  [number](const KeptField& k) { return k.number == number; });
  return found == kept_fields.end() ? nullptr : &*found;
}

SwfLineResult failed(Error error) {
  return SwfLineResult{.kind = SwfLineKind::dropped,
                       .failed = true,
                       .looks_like_job = false,
                       .error = std::move(error)};
}

/// Checks the number of fields; a result that is not `job` ends the line.
SwfLineResult check_count(const LineFields& fields, std::string_view line,
                          std::uint64_t line_number, bool strict, SwfRepairLog& repairs) {
  SwfLineResult result;
  result.kind = SwfLineKind::job;
  if (fields.count == field_count) return result;
  if (strict) {
    const bool extra = fields.count > field_count;
    return failed(breach("job line has " + std::to_string(fields.count) + " fields, not 18",
                         extra ? fields.first_extra_column : line.size() + 1));
  }
  if (fields.count > field_count) {
    repairs.add(SwfRepair::fields_extra, line_number);
  } else if (fields.count >= fewest_fields) {
    repairs.add(SwfRepair::fields_missing, line_number);
  } else {
    repairs.add(SwfRepair::fields_too_few, line_number);
    result.kind = SwfLineKind::dropped;
  }
  return result;
}

}  // namespace

SwfLineResult parse_swf_line(std::string_view line, std::uint64_t line_number, bool strict,
                             SwfRecord& record, SwfRepairLog& repairs) {
  const auto first = std::find_if_not(line.begin(), line.end(), is_blank);
  if (first == line.end()) return {};
  if (*first == ';') {
    SwfLineResult comment;
    comment.kind = SwfLineKind::comment;
    return comment;
  }
  record = SwfRecord{};
  const LineFields fields = split_fields(line);
  SwfLineResult result = check_count(fields, line, line_number, strict, repairs);
  if (result.kind != SwfLineKind::job) return result;

  result.looks_like_job = true;
  const std::size_t present = std::min(fields.count, field_count);
  for (std::size_t number = 1; number <= present; ++number) {
    const Field& field = fields.at[number - 1];
    const KeptField* kept = kept_field(number);
    const Checked checked = check(field, number, kept != nullptr ? kept->limit : INT64_MAX);
    if (strict) {
      if (checked.repaired) return failed(breach(explain(checked, field, number), field.column));
      if (checked.value < -1) {
        return failed(breach(describe(field, number) + ", negative", field.column));
      }
    }
    const bool not_a_number = checked.repaired && checked.repair == SwfRepair::not_a_number;
    if (number <= 5 && not_a_number) result.looks_like_job = false;
    const bool matters = kept != nullptr || checked.repair != SwfRepair::out_of_range;
    if (checked.repaired && matters) repairs.add(checked.repair, line_number);
    if (kept != nullptr) record.*kept->member = checked.value;
  }
  return result;
}

}  // namespace nexa::io
