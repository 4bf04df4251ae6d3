#include "io/yaml/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace nexa::io {
namespace {

constexpr std::size_t excerpt_width = 100;

/// The characters of UTF-8 text from the one with index `first` on, made safe for a terminal.
/// Bytes that continue no character count as none, as in `character_count`.
std::vector<std::string> printable_characters(std::string_view text, std::size_t first,
                                              std::size_t count) {
  std::vector<std::string> characters;
  std::size_t index = 0;
  while (!text.empty() && characters.size() < count) {
    const std::size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    const bool printable = length != 0 && !is_control(character);
    if (character_count(character) != 0 && index++ >= first) {
      characters.emplace_back(printable ? character : "?");
    }
    text.remove_prefix(character.size());
  }
  return characters;
}

std::string excerpt_of(const Place& place) {
  if (!place.source || place.line < 1) return {};
  const std::string_view line = place.source->line(place.line);
  const auto column = static_cast<std::size_t>(std::max(place.column, 1)) - 1;
  const std::size_t first = column > excerpt_width * 3 / 4 ? column - excerpt_width / 2 : 0;
  const auto characters = printable_characters(line, first, excerpt_width);

  std::string shown = first > 0 ? "…" : "";
  std::string padding = first > 0 ? " " : "";
  for (std::size_t i = 0; i < characters.size(); ++i) {
    shown += characters[i];
    if (i < column - first) padding += characters[i] == "\t" ? '\t' : ' ';
  }
  const std::size_t room = std::max<std::size_t>(characters.size(), column - first + 1);
  const std::size_t width =
      std::min(static_cast<std::size_t>(std::max(place.width, 1)), room - (column - first));
  std::string marker = "^";
  marker.append(width - 1, '~');
  const std::string number = fmt::format("{:>4}", place.line);
  return fmt::format("{} | {}\n{:>{}} | {}{}", number, shown, "", number.size(), padding, marker);
}

auto order_key(const Diagnostic& diagnostic) {
  return std::make_tuple(diagnostic.line, diagnostic.column);
}

}  // namespace

core::SourcePos Place::position() const {
  return {source ? source->file() : std::string(), line, column};
}

void Diagnostics::add(const Place& place, std::string message, std::string hint,
                      core::ErrorCode code) {
  const core::SourcePos where = place.position();
  keep({where.file, where.line, where.column, place.pointer, std::move(message), std::move(hint),
        code, excerpt_of(place)});
}

void Diagnostics::add(const core::Error& error) {
  keep({error.where.file,
        error.where.line,
        error.where.column,
        {},
        error.message,
        error.hint,
        error.code,
        {}});
}

void Diagnostics::add(const Place& place, const core::Error& error) {
  add(place, error.message, error.hint, error.code);
}

std::size_t Diagnostics::file_rank(const std::string& file) const {
  const auto found = std::find(files_.begin(), files_.end(), file);
  return static_cast<std::size_t>(found - files_.begin());
}

void Diagnostics::keep(Diagnostic diagnostic) {
  const bool repeated = std::any_of(entries_.begin(), entries_.end(), [&](const Diagnostic& known) {
    return known.file == diagnostic.file && order_key(known) == order_key(diagnostic) &&
           known.message == diagnostic.message;
  });
  if (repeated) return;
  ++count_;
  invalid_ = invalid_ || diagnostic.code != core::ErrorCode::unsatisfiable;
  const std::size_t rank = file_rank(diagnostic.file);
  if (rank == files_.size()) {
    files_.push_back(diagnostic.file);
    counts_.push_back(0);
    located_.push_back(false);
  }
  ++counts_[rank];
  located_[rank] = located_[rank] || diagnostic.line > 0;
  if (entries_.size() == max_kept) return;

  const auto place = std::upper_bound(entries_.begin(), entries_.end(), diagnostic,
                                      [&](const Diagnostic& a, const Diagnostic& b) {
                                        return std::make_pair(file_rank(a.file), order_key(a)) <
                                               std::make_pair(file_rank(b.file), order_key(b));
                                      });
  entries_.insert(place, std::move(diagnostic));
}

core::Error Diagnostics::first_error() const {
  NEXA_ASSERT(!entries_.empty(), "first_error() needs an error");
  const auto is_invalid = [](const Diagnostic& entry) {
    return entry.code != core::ErrorCode::unsatisfiable;
  };
  const auto found = std::find_if(entries_.begin(), entries_.end(), is_invalid);
  const Diagnostic& first = found == entries_.end() ? entries_.front() : *found;
  const core::ErrorCode code =
      invalid_ && !is_invalid(first) ? core::ErrorCode::invalid_argument : first.code;
  return {code, first.message, first.hint, {first.file, first.line, first.column}};
}

std::string Diagnostics::to_text() const {
  std::string text;
  for (const Diagnostic& entry : entries_) {
    if (!entry.file.empty()) text += entry.file + ":";
    if (entry.line > 0) text += fmt::format("{}:{}:", entry.line, std::max(entry.column, 1));
    text +=
        fmt::format("{}error: {}\n", text.empty() || text.back() == '\n' ? "" : " ", entry.message);
    if (!entry.excerpt.empty()) text += entry.excerpt + "\n";
    if (!entry.hint.empty()) text += fmt::format("     = help: {}\n", entry.hint);
  }
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (!located_[i]) continue;
    text += fmt::format("{}: {} error{}\n", files_[i], counts_[i], counts_[i] == 1 ? "" : "s");
  }
  if (count_ > entries_.size()) {
    text += fmt::format("the first {} of {} errors are shown\n", entries_.size(), count_);
  }
  return text;
}

}  // namespace nexa::io
