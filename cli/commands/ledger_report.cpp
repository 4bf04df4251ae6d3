#include "cli/commands/ledger_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "cli/errors.hpp"
#include "io/base64.hpp"
#include "io/rfc3339.hpp"

namespace nexa::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t decimals = 6;

std::string things(std::size_t count) {
  return count == 1 ? "1 thing does not hold" : fmt::format("{} things do not hold", count);
}

std::string place(const core::SourcePos& where) {
  std::string text = where.file;
  if (where.line > 0) text += fmt::format(":{}", where.line);
  if (where.line > 0 && where.column > 0) text += fmt::format(":{}", where.column);
  return text;
}

std::string to_text(const LedgerProblem& problem) {
  std::string text =
      fmt::format("{}: {}: {}\n", place(problem.where), problem.kind, problem.message);
  if (!problem.expected.empty()) text += fmt::format("     = expected {}\n", problem.expected);
  if (!problem.found.empty()) text += fmt::format("     = found    {}\n", problem.found);
  if (!problem.hint.empty()) text += fmt::format("     = help: {}\n", problem.hint);
  return text;
}

std::string to_text(const CheckedCheckpoint& checked) {
  std::string text = fmt::format("  {} {}: ", checked.role, checked.file);
  if (checked.entry) text += fmt::format("entry {} of ", *checked.entry);
  text += fmt::format("the first {} entries", checked.checkpoint.tree.size);
  for (const std::string& name : checked.signed_by) text += ", signed by " + name;
  for (const auto& cosignature : checked.cosigned_by) {
    text += fmt::format(", cosigned by {} at {}", cosignature.name, io::utc_text(cosignature.time));
  }
  return text + '\n';
}

Json to_json(const LedgerProblem& problem) {
  Json where{{"file", problem.where.file}};
  if (problem.where.line > 0) where["line"] = problem.where.line;
  if (problem.where.column > 0) where["column"] = problem.where.column;
  Json json{{"kind", problem.kind}, {"message", problem.message}, {"where", std::move(where)}};
  json["entry"] = problem.entry ? Json(*problem.entry) : Json();
  if (!problem.expected.empty()) json["expected"] = problem.expected;
  if (!problem.found.empty()) json["found"] = problem.found;
  if (!problem.hint.empty()) json["hint"] = problem.hint;
  return json;
}

Json to_json(const CheckedCheckpoint& checked) {
  Json json{{"file", checked.file},
            {"role", checked.role},
            {"origin", checked.checkpoint.origin},
            {"entries", checked.checkpoint.tree.size},
            {"root", core::to_hex(checked.checkpoint.tree.root)},
            {"signed_by", checked.signed_by},
            {"cosigned_by", Json::array()}};
  for (const auto& cosignature : checked.cosigned_by) {
    json["cosigned_by"].push_back(
        {{"name", cosignature.name}, {"time", io::utc_text(cosignature.time)}});
  }
  if (checked.entry) json["entry"] = *checked.entry;
  return json;
}

Json to_json(const ReplayedBooks& books) {
  return {{"accounts", books.accounts},
          {"minted", credits_text(books.totals.minted)},
          {"burned", credits_text(books.totals.burned)},
          {"held", credits_text({books.totals.held, false})},
          {"reserved", credits_text({books.totals.reserved, false})}};
}

}  // namespace

std::string credits_text(const ledger::Balance& balance) {
  std::string digits = ledger::to_decimal(balance.magnitude);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  digits.insert(digits.size() - decimals, ".");
  return (balance.negative ? "-" : "") + digits;
}

LedgerProblem to_problem(const io::LedgerFinding& finding) {
  return {std::string(io::name(finding.tampering)),
          finding.where,
          finding.message,
          "",
          finding.expected,
          finding.found,
          finding.entry};
}

std::string to_text(const LedgerReport& report) {
  std::string text = fmt::format("{}: {} entries", report.journal, report.audit.entries);
  if (!report.audit.origin.empty()) text += " of " + report.audit.origin;
  text += '\n';
  for (const CheckedCheckpoint& checked : report.checkpoints) text += to_text(checked);
  if (report.books) {
    const ledger::Totals& totals = report.books->totals;
    text += fmt::format(
        "  books: {} accounts, credits minted {}, burned {}, held {}, reserved {}\n",
        report.books->accounts, credits_text(totals.minted), credits_text(totals.burned),
        credits_text({totals.held, false}), credits_text({totals.reserved, false}));
  }
  for (const std::string& note : report.notes) text += "  note: " + note + '\n';
  for (const LedgerProblem& problem : report.problems) text += to_text(problem);
  if (!report.problems.empty()) {
    return text + "NOT VERIFIED: " + things(report.problems.size()) + '\n';
  }
  return text + "verified: the root is " + io::to_base64(report.audit.tree.root.bytes) + '\n';
}

std::string to_json(const LedgerReport& report) {
  Json document{{"schema", "nexa.ledger_verify/1"},
                {"holds", report.problems.empty()},
                {"journal", report.journal},
                {"origin", report.audit.origin},
                {"entries", report.audit.entries},
                {"bytes", report.audit.bytes},
                {"root", core::to_hex(report.audit.tree.root)},
                {"torn_bytes", report.audit.torn_bytes},
                {"checkpoints", Json::array()},
                {"books", report.books ? to_json(*report.books) : Json()},
                {"notes", report.notes},
                {"problems", Json::array()}};
  for (const auto& checked : report.checkpoints) {
    document["checkpoints"].push_back(to_json(checked));
  }
  for (const auto& problem : report.problems) document["problems"].push_back(to_json(problem));
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace nexa::cli
