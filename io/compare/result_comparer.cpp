#include "io/compare/result_comparer.hpp"

#include <optional>
#include <utility>

#include "io/compare/ensemble_files.hpp"
#include "io/compare/hdf5_files.hpp"
#include "io/compare/plain_files.hpp"
#include "io/compare/result_file.hpp"
#include "io/compare/result_tree.hpp"
#include "io/compare/script.hpp"
#include "io/read_file.hpp"
#include "io/sha256.hpp"

namespace nexa::io::compare {

namespace {

using core::Result;
using validator::compare::AbsRelParameters;
using validator::compare::Comparator;
using validator::compare::ComparatorIdentity;
using validator::compare::EnsembleParameters;
using validator::compare::EnsembleSummary;
using validator::compare::ExactParameters;
using validator::compare::Hdf5Parameters;
using validator::compare::ScriptParameters;

constexpr std::uint64_t most_program_bytes = std::uint64_t{64} << 20;

/// The file that a comparator uses, if any.
std::optional<std::string> own_file(const Comparator& comparator) {
  if (const auto* script = std::get_if<ScriptParameters>(&comparator)) return script->path;
  if (const auto* ensemble = std::get_if<EnsembleParameters>(&comparator)) return ensemble->summary;
  return std::nullopt;
}

}  // namespace

struct ResultComparer::State {
  Comparator comparator;
  ComparatorIdentity identity;
  std::string file;  ///< the program or the summary
  EnsembleSummary summary;

  [[nodiscard]] Result<Comparison> compare_trees(const std::string& a, const std::string& b) const;
  [[nodiscard]] Result<Comparison> compare_entries(const std::string& a, const std::string& b,
                                                   const std::string& name, EntryKind kind) const;
  [[nodiscard]] Result<Comparison> compare_files(const std::string& a, const std::string& b,
                                                 const std::string& name, Links links) const;
};

Result<Comparison> ResultComparer::State::compare_files(const std::string& a, const std::string& b,
                                                        const std::string& name,
                                                        Links links) const {
  Result<ResultFile> file_a = open_result_file(a, links);
  if (!file_a) return file_a.error();
  Result<ResultFile> file_b = open_result_file(b, links);
  if (!file_b) return file_b.error();
  if (const auto* ensemble = std::get_if<EnsembleParameters>(&comparator)) {
    return compare_ensembles(a, b, name, summary, *ensemble);
  }
  if (std::holds_alternative<ExactParameters>(comparator)) {
    return compare_bytes(std::move(*file_a), std::move(*file_b), name);
  }
  if (const auto* hdf5 = std::get_if<Hdf5Parameters>(&comparator)) {
    return compare_hdf5(*file_a, *file_b, name, *hdf5);
  }
  if (const auto* absrel = std::get_if<AbsRelParameters>(&comparator)) {
    return compare_numbers(std::move(*file_a), std::move(*file_b), name, absrel->format,
                           absrel->tolerance());
  }
  const auto& ulp = std::get<validator::compare::UlpParameters>(comparator);
  return compare_numbers(std::move(*file_a), std::move(*file_b), name, ulp.format, ulp.tolerance());
}

/// Two entries of one kind below two folders.
Result<Comparison> ResultComparer::State::compare_entries(const std::string& a,
                                                          const std::string& b,
                                                          const std::string& name,
                                                          EntryKind kind) const {
  const std::string path_a = a + '/' + name;
  const std::string path_b = b + '/' + name;
  Comparison comparison;
  switch (kind) {
    case EntryKind::file:
      return compare_files(path_a, path_b, name, Links::refuse);
    case EntryKind::folder:
      break;
    case EntryKind::link: {
      const Result<std::string> target_a = link_target(path_a);
      if (!target_a) return target_a.error();
      const Result<std::string> target_b = link_target(path_b);
      if (!target_b) return target_b.error();
      if (*target_a != *target_b) {
        comparison.differ(name, "links to " + shown(*target_a) + " and " + shown(*target_b));
      }
      break;
    }
    case EntryKind::other:
      comparison.cannot_read(validator::compare::Side::both, name,
                             "neither a file, a folder nor a link");
  }
  return comparison;
}

Result<Comparison> ResultComparer::State::compare_trees(const std::string& a,
                                                        const std::string& b) const {
  const auto in_a = list_tree(a);
  if (!in_a) return in_a.error();
  const auto in_b = list_tree(b);
  if (!in_b) return in_b.error();
  auto all = *in_a;
  all.insert(in_b->begin(), in_b->end());
  Comparison whole;
  for (const auto& [name, ignored] : all) {
    const auto at_a = in_a->find(name);
    const auto at_b = in_b->find(name);
    if (at_a == in_a->end() || at_b == in_b->end()) {
      whole.differ(name, at_a == in_a->end() ? "only B has it" : "only A has it");
    } else if (at_a->second != at_b->second) {
      whole.differ(name, std::string(to_string(at_a->second)) + " and " + to_string(at_b->second));
    } else {
      const Result<Comparison> part = compare_entries(a, b, name, at_a->second);
      if (!part) return part.error();
      whole.add(*part);
    }
  }
  return whole;
}

ResultComparer::ResultComparer(std::unique_ptr<State> state) : state_(std::move(state)) {}
ResultComparer::ResultComparer(ResultComparer&&) noexcept = default;
ResultComparer& ResultComparer::operator=(ResultComparer&&) noexcept = default;
ResultComparer::~ResultComparer() = default;

const Comparator& ResultComparer::comparator() const {
  return state_->comparator;
}
const ComparatorIdentity& ResultComparer::identity() const {
  return state_->identity;
}

Result<ResultComparer> ResultComparer::prepare(Comparator comparator) {
  auto state = std::make_unique<State>();
  std::optional<core::Digest> digest;
  if (const auto path = own_file(comparator)) {
    Result<std::string> file = read_file(*path, most_program_bytes);
    if (!file) return file.error();
    state->file = std::move(*file);
    const core::Bytes bytes = core::bytes_of(state->file);
    digest = sha256_of_parts({&bytes, 1});
  }
  if (const auto* ensemble = std::get_if<EnsembleParameters>(&comparator)) {
    Result<EnsembleSummary> summary = parse_summary(state->file, ensemble->summary);
    if (!summary) return summary.error();
    state->summary = std::move(*summary);
  }
  state->identity = validator::compare::identify(comparator, sha256_of_parts, digest);
  state->comparator = std::move(comparator);
  return ResultComparer(std::move(state));
}

Result<Comparison> ResultComparer::compare(const std::string& a, const std::string& b) const {
  const Result<EntryKind> kind_a = kind_of(a);
  if (!kind_a) return kind_a.error();
  const Result<EntryKind> kind_b = kind_of(b);
  if (!kind_b) return kind_b.error();
  if (*kind_a != *kind_b) {
    Comparison comparison;
    comparison.differ("", std::string(to_string(*kind_a)) + " and " + to_string(*kind_b));
    return comparison;
  }
  if (const auto* script = std::get_if<ScriptParameters>(&state_->comparator)) {
    return compare_by_script(a, b, core::bytes_of(state_->file), *script);
  }
  if (*kind_a == EntryKind::folder) return state_->compare_trees(a, b);
  return state_->compare_files(a, b, "", Links::follow);
}

}  // namespace nexa::io::compare
