#include "io/ledger_audit.hpp"

#include <gtest/gtest.h>

#include "io/ledger_journal.hpp"
#include "io/sha256.hpp"
#include "tests/io/faulty_storage.hpp"
#include "tests/io/ledger_traffic.hpp"
#include "tests/io/vectors.hpp"

// G1: any change of a journal behind a checkpoint is found, and its place named. G2: what is cut
// off before the next checkpoint is found with a receipt.

namespace nexa::io {
namespace {

using testing::lines_of;
using testing::Scratch;

/// The lines of a journal with all kinds of entries.
std::vector<std::string> some_journal(std::uint64_t seed, int steps) {
  testing::FaultyStorage storage;
  ledger::Ledger books;
  const auto journal = LedgerJournal::open(storage, {"journal", "", ""}, books);
  books.attach(journal->get());
  testing::LedgerTraffic traffic(books, seed);
  traffic.begin(testing::vector_origin);
  for (int i = 0; i < steps; ++i) traffic.step();
  EXPECT_TRUE((*journal)->commit());
  return lines_of(storage.bytes("journal"));
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

ledger::TreeHead head_of(const std::vector<std::string>& lines, std::size_t size) {
  ledger::Chain chain(sha256_of_parts);
  for (std::size_t i = 0; i < size; ++i) chain.add(lines[i]);
  return chain.tree_head();
}

LedgerEvidence checkpoint_of(const std::vector<std::string>& lines, std::size_t size) {
  return {{{"checkpoint", head_of(lines, size)}}, {}};
}

/// These bytes, held against the evidence.
LedgerAudit audit(const std::string& bytes, const LedgerEvidence& evidence, bool replay = true) {
  auto done = audit_ledger_bytes(
      [&] { return core::Result<std::unique_ptr<ByteSource>>(memory_bytes(bytes, "journal")); },
      evidence, {.replay = replay, .table_key = 0});
  EXPECT_TRUE(done) << done.error().message;
  return std::move(done).value();
}

/// Writes the lines anew so that each names the one before it, from one of them on.
void link_again(std::vector<std::string>& lines, std::size_t from) {
  for (std::size_t i = from; i < lines.size(); ++i) {
    const std::string mark = "\"prev\":\"";
    const std::size_t at = lines[i].find(mark) + mark.size();
    const core::Digest prev =
        i == 0 ? core::Digest{} : ledger::leaf_hash(sha256_of_parts, lines[i - 1]);
    lines[i].replace(at, 64, to_hex(prev));
  }
}

TEST(LedgerAudit, OfAWholeJournalFindsNothing) {
  const auto lines = some_journal(1, 100);
  LedgerEvidence evidence;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, lines.size() / 2, lines.size()}) {
    evidence.trees.push_back({"c", head_of(lines, size)});
  }
  const LedgerAudit whole = audit(joined(lines), evidence);
  EXPECT_TRUE(whole.holds());
  EXPECT_EQ(whole.origin, testing::vector_origin);
  EXPECT_EQ(whole.entries, lines.size());
  EXPECT_EQ(whole.bytes, joined(lines).size());
  EXPECT_EQ(whole.tree, head_of(lines, lines.size()));
  const LedgerAudit torn = audit(joined(lines) + "{\"v\"", evidence);
  EXPECT_TRUE(torn.holds());
  EXPECT_EQ(torn.torn_bytes, 4U);
  const Scratch scratch;
  EXPECT_TRUE(audit_ledger(scratch.file("j", joined(lines)), evidence)->holds());
  EXPECT_EQ(audit_ledger("absent", {}).error().code, core::ErrorCode::not_found);
}

TEST(LedgerAudit, LocatesAnyChangedBit) {
  const auto lines = some_journal(2, 8);
  const std::string bytes = joined(lines);
  const LedgerEvidence evidence = checkpoint_of(lines, lines.size());
  std::size_t line = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const int bit = static_cast<int>((at * 5) % 8);
    std::string bad = bytes;
    bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
    const LedgerAudit found = audit(bad, evidence);
    ASSERT_FALSE(found.holds()) << "byte " << at << ", bit " << bit;
    const LedgerFinding& finding = found.findings[0];
    ASSERT_EQ(finding.entry, line) << "byte " << at << ", bit " << bit << ": " << finding.message;
    ASSERT_EQ(finding.where.line, static_cast<int>(line) + 1);
    ASSERT_FALSE(finding.message.empty());
    if (bytes[at] == '\n') ++line;
  }
}

TEST(LedgerAudit, LocatesAChangeWithoutACheckpointToo) {
  const auto lines = some_journal(3, 12);
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    auto changed = lines;
    std::string& line = changed[i];
    const std::size_t at = line.find("\"t_us\":") + 7;
    line[at] = line[at] == '1' ? '2' : '1';
    const LedgerAudit found = audit(joined(changed), {});
    // The last line may differ from the one before it in any way: nothing tells which was changed.
    ASSERT_FALSE(found.holds());
    const bool is_open = i + 2 == lines.size();
    ASSERT_EQ(found.findings[0].entry, is_open && found.entries > i ? i + 1 : i);
  }
}

TEST(LedgerAudit, LocatesALineThatWasLeftOut) {
  const auto lines = some_journal(4, 12);
  const LedgerEvidence evidence = checkpoint_of(lines, lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto changed = lines;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    const LedgerAudit found = audit(joined(changed), evidence);
    ASSERT_FALSE(found.holds());
    EXPECT_EQ(found.findings[0].entry, i) << found.findings[0].message;
    EXPECT_EQ(found.findings[0].tampering,
              i + 1 == lines.size() ? Tampering::truncated : Tampering::missing);
  }
}

TEST(LedgerAudit, LocatesALineThatWasPutIn) {
  const auto lines = some_journal(5, 12);
  const LedgerEvidence evidence = checkpoint_of(lines, lines.size());
  for (std::size_t i = 1; i <= lines.size(); ++i) {
    for (std::size_t from = 0; from <= lines.size(); ++from) {
      auto changed = lines;
      const auto place = changed.begin() + static_cast<std::ptrdiff_t>(i);
      // A copy of another line, or nonsense.
      changed.insert(place, from < lines.size() ? lines[from] : "{}");
      const LedgerAudit found = audit(joined(changed), evidence);
      ASSERT_FALSE(found.holds() && i < lines.size());
      if (found.holds()) continue;
      // A copy of the line at that place is as good as the line itself, which is then the one
      // that was put in.
      const std::size_t entry = from == i && i < lines.size() ? i + 1 : i;
      ASSERT_EQ(found.findings[0].entry, entry) << from << ": " << found.findings[0].message;
    }
  }
}

TEST(LedgerAudit, LocatesALineThatWasPutInWithItsNumberAndPlace) {
  const auto lines = some_journal(6, 12);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    auto changed = lines;
    const std::string crafted =
        R"({"v":1,"seq":)" + std::to_string(i) + R"(,"prev":")" +
        to_hex(ledger::leaf_hash(sha256_of_parts, lines[i - 1])) +
        lines[i].substr(lines[i].find("\",\"t_us\""),
                        lines[i].find(",\"type\"") - lines[i].find("\",\"t_us\"")) +
        R"(,"type":"verdict"})";
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), crafted);
    const LedgerAudit found = audit(joined(changed), checkpoint_of(lines, lines.size()));
    ASSERT_FALSE(found.holds());
    EXPECT_EQ(found.findings[0].tampering, Tampering::inserted) << found.findings[0].message;
    EXPECT_EQ(found.findings[0].entry, i) << found.findings[0].message;
  }
}

TEST(LedgerAudit, LocatesLinesThatChangedPlaces) {
  const auto lines = some_journal(7, 12);
  const LedgerEvidence evidence = checkpoint_of(lines, lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (std::size_t k = i + 1; k < lines.size(); ++k) {
      auto changed = lines;
      std::swap(changed[i], changed[k]);
      const LedgerAudit found = audit(joined(changed), evidence);
      ASSERT_FALSE(found.holds());
      ASSERT_EQ(found.findings[0].entry, i) << found.findings[0].message;
      // With no line behind the two, a gap looks the same.
      if (k + 1 == lines.size()) continue;
      ASSERT_EQ(found.findings[0].tampering, Tampering::moved) << i << ' ' << k;
    }
  }
}

TEST(LedgerAudit, FindsWhatIsCutOff) {
  const auto lines = some_journal(8, 12);
  const std::string bytes = joined(lines);
  const LedgerEvidence evidence = checkpoint_of(lines, lines.size());
  std::size_t line = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const LedgerAudit found = audit(bytes.substr(0, at), evidence);
    ASSERT_FALSE(found.holds()) << at;
    ASSERT_EQ(found.findings[0].tampering, Tampering::truncated);
    ASSERT_EQ(found.findings[0].entry, line);
    if (bytes[at] == '\n') ++line;
  }
}

TEST(LedgerAudit, FindsAJournalThatWasWrittenAnew) {
  const auto lines = some_journal(9, 20);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto changed = lines;
    std::string& line = changed[i];
    const std::size_t at = line.find("\"t_us\":") + 7;
    line.replace(at, 1, line[at] == '1' ? "2" : "1");
    if (line == lines[i]) continue;
    link_again(changed, i + 1);
    LedgerEvidence evidence = checkpoint_of(lines, lines.size());
    evidence.trees.push_back({"older", head_of(lines, i)});
    const LedgerAudit found = audit(joined(changed), evidence, false);
    ASSERT_FALSE(found.holds());
    const LedgerFinding& finding = found.findings[0];
    if (finding.tampering == Tampering::malformed) continue;  // a time with a zero in front
    EXPECT_EQ(finding.entry, lines.size() - 1) << finding.message;
    const std::string says = i + 1 == lines.size() ? "the last one was changed"
                                                   : "entry " + std::to_string(i) + " or a later";
    EXPECT_NE(finding.message.find(says), std::string::npos) << finding.message;
    EXPECT_EQ(finding.expected, to_hex(head_of(lines, lines.size()).root));
    EXPECT_EQ(finding.found, to_hex(head_of(changed, lines.size()).root));

    if (i + 2 >= lines.size()) continue;
    const LedgerAudit behind =
        audit(joined(changed), checkpoint_of(lines, lines.size() - 1), false);
    ASSERT_FALSE(behind.holds());
    EXPECT_EQ(behind.findings[0].tampering, Tampering::rewritten);
  }
}

TEST(LedgerAudit, AReceiptFindsWhatWasCutOffOrChangedBeforeTheNextCheckpoint) {
  const auto lines = some_journal(10, 20);
  const std::size_t index = lines.size() - 3;
  Receipt receipt;
  receipt.index = index;
  receipt.checkpoint.checkpoint.tree = head_of(lines, lines.size());
  ledger::SubtreeRoots roots(sha256_of_parts, ledger::inclusion_ranges(index, lines.size()));
  for (const std::string& line : lines) roots.add(ledger::leaf_hash(sha256_of_parts, line));
  receipt.path = roots.roots();
  const LedgerEvidence evidence{{}, {{"r", receipt}}};
  EXPECT_TRUE(audit(joined(lines), evidence).holds());

  auto changed = lines;
  changed.resize(index);
  const LedgerAudit cut = audit(joined(changed), evidence);
  ASSERT_FALSE(cut.holds());
  EXPECT_EQ(cut.findings[0].tampering, Tampering::truncated);

  changed = lines;
  changed[index - 1].replace(changed[index - 1].find("\"t_us\":") + 7, 1, "0");
  link_again(changed, index);
  const LedgerAudit other = audit(joined(changed), evidence);
  ASSERT_FALSE(other.holds());

  LedgerEvidence broken = evidence;
  broken.receipts[0].receipt.path[0] = {};
  broken.trees.push_back({"c", head_of(lines, lines.size())});
  const LedgerAudit unproven = audit(joined(lines), broken);
  ASSERT_EQ(unproven.findings.size(), 1U);
  EXPECT_EQ(unproven.findings[0].tampering, Tampering::unproven);
}

TEST(LedgerAudit, EntriesThatTheBooksForbidAreFound) {
  auto lines = lines_of(testing::vector_bytes("ledger.jsonl"));
  lines[3].replace(lines[3].find("4000"), 4, "6001");
  link_again(lines, 4);
  const LedgerAudit found = audit(joined(lines), {});
  ASSERT_EQ(found.findings.size(), 1U);
  EXPECT_EQ(found.findings[0].tampering, Tampering::forbidden);
  EXPECT_EQ(found.findings[0].entry, 3U);
  EXPECT_NE(found.findings[0].message.find("transfer '03' cannot have been booked"),
            std::string::npos);
}

TEST(LedgerAudit, LongLinesAreFindings) {
  auto lines = lines_of(testing::vector_bytes("ledger.jsonl"));
  for (const std::size_t length : {std::size_t{65'536}, std::size_t{3'000'000}}) {
    lines[2] = std::string(length, 'x');
    const LedgerAudit found = audit(joined(lines), {});
    ASSERT_EQ(found.findings.size(), 1U);
    EXPECT_EQ(found.findings[0].tampering, Tampering::malformed);
    EXPECT_EQ(found.findings[0].entry, 2U);
  }
}

}  // namespace
}  // namespace nexa::io
