#include "cli/commands/ledger_prove.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/commands/ledger_inputs.hpp"
#include "cli/commands/ledger_report.hpp"
#include "cli/errors.hpp"
#include "cli/table.hpp"
#include "core/suggest.hpp"
#include "io/atomic_file.hpp"
#include "io/ledger_proof.hpp"
#include "io/ledger_tiles.hpp"

namespace nexa::cli {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;
using Json = nlohmann::ordered_json;

/// A proof, and what --json says about it.
struct Proof {
  std::string text;
  Json about;
};

Result<Proof> make_proof(const LedgerProveArguments& arguments) {
  auto checkpoint = io::read_signed_checkpoint(arguments.checkpoint);
  if (!checkpoint) return std::move(checkpoint).error();
  Json about{{"schema", "nexa.ledger_proof/1"},
             {"origin", checkpoint->checkpoint.origin},
             {"entries", checkpoint->checkpoint.tree.size}};
  if (arguments.index) {
    const auto proven =
        io::prove_entry(arguments.journal, *arguments.index, std::move(*checkpoint));
    if (!proven) return proven.error();
    about["index"] = *arguments.index;
    about["entry"] = proven->line;
    return Proof{io::to_text(proven->receipt), std::move(about)};
  }
  const auto request = io::prove_continuation(arguments.journal, arguments.old_size.value_or(0),
                                              std::move(*checkpoint));
  if (!request) return request.error();
  about["old_size"] = arguments.old_size.value_or(0);
  return Proof{io::to_text(*request), std::move(about)};
}

}  // namespace

int prove_ledger(const LedgerProveArguments& arguments, const GlobalOptions& options) {
  if (arguments.index.has_value() == arguments.old_size.has_value()) {
    return report_error({.code = ErrorCode::invalid_argument,
                         .message = "expected one of --index and --old-size",
                         .hint = "--index N proves an entry, --old-size N that the log went on",
                         .where = {}},
                        options);
  }
  Result<Proof> proof = make_proof(arguments);
  if (!proof) return report_error(proof.error(), options);
  if (!arguments.output.empty()) {
    if (const auto written = io::write_file(arguments.output, proof->text); !written) {
      return report_error(written.error(), options);
    }
    proof->about["file"] = arguments.output;
  }
  if (options.json) {
    proof->about["proof"] = proof->text;
    std::fputs((proof->about.dump(2, ' ', false, Json::error_handler_t::replace) + '\n').c_str(),
               stdout);
  } else if (arguments.output.empty()) {
    std::fputs(proof->text.c_str(), stdout);
  } else {
    std::fputs(("wrote " + arguments.output + '\n').c_str(), stdout);
  }
  return exit_done;
}

int export_ledger(const LedgerExportArguments& arguments, const GlobalOptions& options) {
  const auto checkpoint = io::read_signed_checkpoint(arguments.checkpoint);
  if (!checkpoint) return report_error(checkpoint.error(), options);
  const auto done = io::export_tiles(arguments.journal, arguments.folder, *checkpoint);
  if (!done) return report_error(done.error(), options);
  if (options.json) {
    const Json document{{"schema", "nexa.ledger_export/1"},
                        {"folder", arguments.folder},
                        {"entries", done->entries},
                        {"files", done->files}};
    std::fputs((document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n').c_str(),
               stdout);
  } else {
    std::fputs(("wrote " + std::to_string(done->entries) + " entries as " +
                std::to_string(done->files) + " files in " + arguments.folder + '\n')
                   .c_str(),
               stdout);
  }
  return exit_done;
}

namespace {

struct AccountRow {
  std::string name;
  ledger::Account account;
  bool closed = false;
};

Error unknown_account(const std::string& name, const ledger::AccountNames& names) {
  std::vector<std::string_view> known;
  for (std::uint32_t id = 1; id <= names.size(); ++id) {
    known.push_back(names[ledger::AccountId{id}]);
  }
  const std::string_view near = core::nearest(name, known);
  return {.code = ErrorCode::not_found,
          .message = "the journal has no account '" + name + "'",
          .hint = near.empty() ? "'nexa ledger balance JOURNAL' lists all of them"
                               : "did you mean '" + std::string(near) + "'?",
          .where = {}};
}

Result<std::vector<AccountRow>> balances(const LedgerBalanceArguments& arguments) {
  const auto audit =
      io::audit_ledger(arguments.journal, {}, {.replay = true, .table_key = table_key()});
  if (!audit) return audit.error();
  if (!audit->holds()) {
    const io::LedgerFinding& finding = audit->findings.front();
    return Error{.code = ErrorCode::corrupt,
                 .message = finding.message,
                 .hint = "'nexa ledger verify' says more",
                 .where = finding.where};
  }
  const ledger::Ledger& books = *audit->books;
  std::vector<ledger::AccountId> wanted;
  for (const std::string& name : arguments.accounts) {
    const auto id = books.names().find(name);
    if (!id) return unknown_account(name, books.names());
    wanted.push_back(*id);
  }
  for (std::uint32_t id = 1; id <= books.names().size() && arguments.accounts.empty(); ++id) {
    wanted.emplace_back(id);
  }
  std::vector<AccountRow> rows;
  for (const ledger::AccountId id : wanted) {
    rows.push_back({std::string(books.names()[id]), books.account(id), books.is_closed(id)});
  }
  return rows;
}

}  // namespace

int print_balances(const LedgerBalanceArguments& arguments, const GlobalOptions& options) {
  const auto rows = balances(arguments);
  if (!rows) return report_error(rows.error(), options);
  Json document{{"schema", "nexa.ledger_balance/1"}, {"accounts", Json::array()}};
  Table table({"ACCOUNT", "BALANCE", "AVAILABLE", "INCOMING"});
  for (const AccountRow& row : *rows) {
    const std::string balance = credits_text(row.account.balance());
    const std::string available = credits_text(row.account.available());
    const std::string incoming = credits_text({row.account.credits_pending, false});
    table.add({row.name + (row.closed ? " (closed)" : ""), balance, available, incoming});
    document["accounts"].push_back({{"account", row.name},
                                    {"balance", balance},
                                    {"available", available},
                                    {"incoming", incoming},
                                    {"closed", row.closed}});
  }
  std::fputs((options.json ? document.dump(2) + '\n' : table.text(options)).c_str(), stdout);
  return exit_done;
}

}  // namespace nexa::cli
