// Feeds arbitrary bytes to the reader of ledgers' journals: as lines, as a journal that is audited,
// and as a file that a writer opens.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "io/hex.hpp"
#include "io/ledger_audit.hpp"
#include "io/ledger_line.hpp"
#include "io/ledger_quick_check.hpp"
#include "io/ledger_walk.hpp"
#include "io/sha256.hpp"
#include "ledger/check.hpp"

namespace {

using nexa::core::Result;
using nexa::io::LedgerLine;
using nexa::ledger::AccountId;

void require(bool condition) {
  if (!condition) std::abort();
}

bool is_account(std::string_view name) {
  return nexa::ledger::parse_account_name(name).has_value();
}

/// A line that is read is the one text of its entry.
void check_line(std::string_view text) {
  LedgerLine line;
  const auto parsed = nexa::io::parse_ledger_line(text, line);
  if (!parsed) {
    require(!parsed.error().message.empty());
    require(parsed.error().where.column >= 1);
    require(static_cast<std::size_t>(parsed.error().where.column) <= text.size() + 1);
    return;
  }
  // The accounts are looked at when they are looked up.
  if (!line.debit.empty() && !is_account(line.debit)) return;
  if (!line.credit.empty() && !is_account(line.credit)) return;
  const auto prev = nexa::io::digest_of_hex(line.prev);
  if (!prev || to_hex(*prev) != line.prev) return;

  nexa::io::LedgerLineWriter writer;
  if (!line.debit.empty()) writer.learn(line.debit);
  if (!line.credit.empty()) writer.learn(line.credit);
  if (auto* const transfer = std::get_if<nexa::ledger::Transfer>(&line.entry.body)) {
    transfer->debit = AccountId{1};
    transfer->credit = AccountId{2};
  } else if (auto* const closed = std::get_if<nexa::ledger::AccountClosed>(&line.entry.body)) {
    closed->account = AccountId{1};
  } else if (auto* const opened = std::get_if<nexa::ledger::AccountOpened>(&line.entry.body)) {
    opened->account = AccountId{1};
  }
  std::string written;
  if (writer.append(written, line.seq, *prev, line.entry)) {
    require(text.size() > nexa::io::longest_ledger_line || text.find("genesis") != text.npos);
    return;
  }
  require(written == std::string(text) + '\n');
}

/// The quick look at a journal and the slow one agree.
void check_quick_look(std::string_view bytes) {
  nexa::ledger::Ledger books;
  nexa::ledger::Ledger quick_books;
  nexa::io::LedgerWalk walk(&books);
  bool holds = true;
  for (std::size_t at = 0; holds && at < bytes.size();) {
    const std::size_t end = bytes.find('\n', at);
    if (end == bytes.npos) break;
    holds = !walk.add(bytes.substr(at, end - at));
    at = end + 1;
  }
  const auto source = nexa::io::memory_bytes(bytes, "fuzz.jsonl");
  const auto quick = nexa::io::quick_check(*source, {}, &quick_books);
  require(quick.has_value() && quick->has_value() == holds);
  if (!holds) return;
  require((*quick)->tree == walk.chain().tree_head());
  require((*quick)->origin == walk.origin());
  require(state_hash(quick_books) == state_hash(books));
}

void check_journal(std::string_view bytes) {
  nexa::ledger::TreeHead stated{3, {}};
  const auto audit = nexa::io::audit_ledger_bytes(
      [bytes] {
        return Result<std::unique_ptr<nexa::io::ByteSource>>(
            nexa::io::memory_bytes(bytes, "fuzz.jsonl"));
      },
      {{{"checkpoint", stated}}, {}});
  require(audit.has_value());
  require(!audit->holds());  // nothing has the root zero
  for (const auto& finding : audit->findings) {
    require(!finding.message.empty() && finding.where.file == "fuzz.jsonl");
    require(finding.where.line == static_cast<int>(finding.entry) + 1);
  }
  require(audit->bytes <= bytes.size());
  check_quick_look(bytes);
  require(check(*audit->books).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    check_line(bytes.substr(at, end - at));
    at = end + 1;
  }
  check_journal(bytes);
  return 0;
}
