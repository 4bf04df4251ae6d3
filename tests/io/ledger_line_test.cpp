#include "io/ledger_line.hpp"

#include <gtest/gtest.h>

#include <set>

#include "io/json_check.hpp"
#include "io/ledger_walk.hpp"
#include "io/sha256.hpp"
#include "ledger/check.hpp"
#include "tests/io/ledger_traffic.hpp"
#include "tests/io/vectors.hpp"

namespace nexa::io {
namespace {

using ledger::Amount;
using ledger::Entry;
using ledger::Transfer;
using ledger::TransferId;
using ledger::TransferKind;

/// Writes entries as lines and remembers them.
class LinesJournal final : public ledger::Journal {
 public:
  void append(const Entry& entry) override {
    std::string line;
    const auto wrong = writer.append(line, chain.size(), chain.head(), entry);
    ASSERT_FALSE(wrong) << wrong->message;
    line.pop_back();
    chain.add(line);
    lines.push_back(line);
  }
  core::Result<void> commit() override { return {}; }

  LedgerLineWriter writer;
  ledger::Chain chain{sha256_of_parts};
  std::vector<std::string> lines;
};

std::string front(const std::string& rest) {
  return R"({"v":1,"seq":3,"prev":")" + std::string(64, '0') + R"(","t_us":5,"type":")" + rest;
}

void expect_wrong(const std::string& line, const std::string& at, const std::string& says) {
  LedgerLine parsed;
  const auto done = parse_ledger_line(line, parsed);
  ASSERT_FALSE(done) << line;
  EXPECT_NE(done.error().message.find(says), std::string::npos) << done.error().message;
  const std::size_t column = at.empty() ? line.size() : line.find(at);
  EXPECT_EQ(done.error().where.column, static_cast<int>(column) + 1) << line << "\n"
                                                                     << done.error().message;
}

TEST(LedgerLine, TheVectorsAreReplayedToTheirBalances) {
  ledger::Ledger books;
  LedgerWalk walk(&books);
  for (const std::string& line : testing::lines_of(testing::vector_bytes("ledger.jsonl"))) {
    const auto wrong = walk.add(line);
    ASSERT_FALSE(wrong) << wrong->error.message;
  }
  EXPECT_EQ(walk.origin(), testing::vector_origin);
  EXPECT_EQ(to_hex(walk.chain().tree_head().root), testing::vector_values("root[7]")[0]);
  const auto balance = [&](std::string_view name) {
    return to_decimal(books.account(books.names().find(name).value()).balance());
  };
  EXPECT_EQ(balance("user:alice"), "996000");
  EXPECT_EQ(balance("escrow:42"), "0");
  EXPECT_EQ(balance("node:a"), "3900");
  EXPECT_EQ(balance("fee:platform"), "100");
  EXPECT_EQ(balance("op:mint"), "-1000000");
  EXPECT_TRUE(check(books));
}

TEST(LedgerLine, TheVectorsAreWrittenByteForByte) {
  ledger::Ledger books;
  LedgerWalk walk(&books);
  LedgerLineWriter writer;
  std::string written;
  const std::string bytes = testing::vector_bytes("ledger.jsonl");
  for (const std::string& line : testing::lines_of(bytes)) {
    const core::Digest prev = walk.chain().head();
    ASSERT_FALSE(walk.add(line));
    for (std::size_t id = writer.accounts() + 1; id <= books.names().size(); ++id) {
      writer.learn(books.names()[ledger::AccountId{static_cast<std::uint32_t>(id)}]);
    }
    const auto wrong = writer.append(written, walk.line().seq, prev, walk.line().entry);
    ASSERT_FALSE(wrong) << wrong->message;
  }
  EXPECT_EQ(written, bytes);
}

TEST(LedgerLine, OfAnyEntryIsReadAsItWasWritten) {
  std::set<std::string> types;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ledger::Ledger books;
    LinesJournal journal;
    books.attach(&journal);
    testing::LedgerTraffic traffic(books, seed);
    traffic.begin("example.org/log");
    for (int i = 0; i < 200; ++i) traffic.step();

    ledger::Ledger again;
    LedgerWalk walk(&again);
    LedgerLineWriter writer;
    for (const std::string& line : journal.lines) {
      const core::Digest prev = walk.chain().head();
      const auto wrong = walk.add(line);
      ASSERT_FALSE(wrong) << line << "\n" << wrong->error.message;
      Entry entry = walk.line().entry;
      if (auto* const opened = std::get_if<ledger::AccountOpened>(&entry.body)) {
        opened->account.value = static_cast<std::uint32_t>(writer.accounts()) + 1;
      }
      std::string written;
      ASSERT_FALSE(writer.append(written, walk.line().seq, prev, entry));
      ASSERT_EQ(written, line + '\n');
      const std::size_t type = line.find("\"type\":\"") + 8;
      types.insert(line.substr(type, line.find('"', type) - type));
    }
    EXPECT_EQ(state_hash(again), state_hash(books));
    EXPECT_EQ(walk.chain().tree_head(), journal.chain.tree_head());
  }
  // All but the closing of accounts.
  EXPECT_EQ(types, (std::set<std::string>{"account.open", "genesis", "pending", "pending.expired",
                                          "post", "post_group", "transfer", "transfer.failed",
                                          "verdict", "void", "void_group"}));
}

TEST(LedgerLine, OfAClosedAccountIsReadAsItWasWritten) {
  ledger::Ledger books;
  LinesJournal journal;
  books.attach(&journal);
  const auto account = books.open("escrow:1", core::at_seconds(1)).value();
  ASSERT_TRUE(books.close(account, core::at_seconds(2)));
  ledger::Ledger again;
  LedgerWalk walk(&again);
  for (const std::string& line : journal.lines) ASSERT_FALSE(walk.add(line)) << line;
  EXPECT_TRUE(again.is_closed(account));
  EXPECT_EQ(state_hash(again), state_hash(books));

  LedgerLine parsed;
  ledger::Ledger empty;
  ASSERT_TRUE(parse_ledger_line(journal.lines[1], parsed));
  EXPECT_FALSE(replay_ledger_line(empty, parsed)) << "an account that was never opened";
}

TEST(LedgerLine, AtTheEndsOfItsRangesIsReadAsItWasWritten) {
  LedgerLineWriter writer;
  writer.learn("op:mint");
  writer.learn("user:" + std::string(ledger::longest_account_name, 'a'));
  const Amount most = ~Amount{0} - 1;
  std::vector<Transfer> transfers;
  for (const Amount id : {Amount{1}, Amount{0xff}, Amount{0x100}, most, Amount{1} << 120}) {
    for (const Amount amount : {Amount{0}, Amount{UINT64_MAX}, Amount{UINT64_MAX} + 1, most}) {
      for (const std::int64_t timeout : {0LL, 1LL, 1'000'000LL, (1LL << 53) - 1}) {
        Transfer transfer;
        transfer.id = TransferId{id};
        transfer.kind = TransferKind::pending;
        transfer.debit = ledger::AccountId{1};
        transfer.credit = ledger::AccountId{2};
        transfer.amount = amount;
        transfer.group = ledger::GroupId{id};
        transfer.timeout = core::Duration{timeout};
        transfer.linked = timeout == 1;
        transfers.push_back(transfer);
      }
    }
  }
  for (const Transfer& transfer : transfers) {
    const Entry entry{core::Time{core::Duration{largest_json_integer}}, transfer};
    std::string text;
    ASSERT_FALSE(writer.append(text, 7, {}, entry));
    text.pop_back();
    LedgerLine parsed;
    const auto done = parse_ledger_line(text, parsed);
    ASSERT_TRUE(done) << text << done.error().message;
    EXPECT_EQ(parsed.debit, "op:mint");
    EXPECT_EQ(parsed.seq, 7U);
    auto read = std::get<Transfer>(parsed.entry.body);
    read.debit = transfer.debit;
    read.credit = transfer.credit;
    EXPECT_EQ((Entry{parsed.entry.time, read}), entry) << text;
  }
}

TEST(LedgerLine, WrongOnesAreErrorsWithTheirColumn) {
  const std::string good =
      front(R"(transfer","id":"01","dr":"a:b","cr":"c:d","amt":"5","code":"fee"})");
  LedgerLine parsed;
  ASSERT_TRUE(parse_ledger_line(good, parsed));
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string line = good;
    line.replace(line.find(from), from.size(), to);
    return line;
  };
  expect_wrong("", "", "expected '{\"v\":1,\"seq\":', found the end");
  expect_wrong(" " + good, " ", "expected");
  expect_wrong(good.substr(0, good.size() - 1), "", "expected '}', found the end");
  expect_wrong(good + '!', "!", "expected the end of the line");
  expect_wrong(replaced("\"v\":1", "\"v\":2"), "{", "expected");
  expect_wrong(replaced(":3,", ":03,"), "03,", "without leading zeros");
  expect_wrong(replaced(":3,", ":-3,"), "-3,", "expected an integer");
  expect_wrong(replaced(":3,", ":9007199254740992,"), "9007", "at most 2^53 - 1");
  expect_wrong(replaced(":5,", ":5.5,"), ".5,", "expected");
  expect_wrong(replaced("\"5\"", "\"05\""), "05\"", "expected an amount");
  expect_wrong(replaced("\"5\"", "\"-5\""), "-5\"", "expected an amount");
  expect_wrong(replaced("\"5\"", "\"\""), "\",\"code", "expected an amount");
  expect_wrong(replaced("\"5\"", "5"), ",\"amt", "expected");
  expect_wrong(replaced("\"5\"", "\"" + std::string(40, '9') + "\""), "999", "expected an amount");
  expect_wrong(replaced("\"01\"", "\"1\""), "1\",\"dr", "expected an id");
  expect_wrong(replaced("\"01\"", "\"0001\""), "0001", "expected an id");
  expect_wrong(replaced("\"01\"", "\"0A\""), "0A", "expected an id");
  expect_wrong(replaced("\"fee\"", "\"fees\""), "fees", "unknown reason");
  expect_wrong(replaced("\"a:b\"", "\"\""), "\",\"cr", "expected the name of an account");
  expect_wrong(replaced(",\"dr\"", ", \"dr\""), ", \"dr", "expected");
  expect_wrong(replaced("\"transfer\"", "\"Transfer\""), "Transfer", "expected the type");
  expect_wrong(replaced("}", ",\"linked\":false}"), ",\"linked", "expected '}'");
  const std::string pending = R"(pending","id":"01","dr":"a:b","cr":"c:d","amt":"5",)";
  expect_wrong(front(pending + R"("timeout_s":0,"code":"fee"})"), ",\"timeout", "whole seconds");
  expect_wrong(front(pending + R"("timeout_us":2000000,"code":"fee"})"), ",\"timeout", "whole");
  expect_wrong(front(pending + R"("timeout_s":9007199255,"code":"fee"})"), ",\"timeout", "whole");
  expect_wrong(front(pending + R"("group":"00","code":"fee"})"), ",\"group", "left out");
  expect_wrong(front(R"(account.open","account":"usr:a"})"), "usr:a", "unknown kind");
  expect_wrong(front(R"(transfer.failed","id":"01","status":"sad"})"), "sad", "unknown status");
  expect_wrong(front(R"(genesis","ledger":"a b","unit":"ucr"})"), "a b", "the ledger's name");
  expect_wrong(front(R"(genesis","ledger":"a","unit":"usd"})"), ",\"unit", "expected");
}

TEST(LedgerLine, OfANoteHasMembersOfOneReading) {
  LedgerLine parsed;
  const auto accepted = [&](const std::string& members) {
    return parse_ledger_line(front("verdict\"" + members + "}"), parsed).has_value();
  };
  EXPECT_TRUE(accepted(""));
  EXPECT_TRUE(accepted(R"(,"a":[],"b":{},"c":[{"a":-1,"b":[true,false,null]}],"d":"\u00e9\n")"));
  EXPECT_EQ(std::get<ledger::Note>(parsed.entry.body).type, "verdict");
  for (const char* const bad : {",",
                                ",\"a\"",
                                ",\"a\":",
                                R"(,"a":1.5)",
                                R"(,"a":1e3)",
                                R"(,"a":01)",
                                R"(,"a":-0)",
                                R"(,"a": 1)",
                                R"(,"a":1,)",
                                R"(,"a":1,"a":2)",
                                R"(,"a":{"b":1,"b":2})",
                                R"(,"seq":1)",
                                R"(,"type":"x")",
                                R"(,"a b":1)",
                                R"(,"\u0061":1)",
                                R"(,"":1)",
                                R"(,"a":"\ud800")",
                                R"(,"a":"\x")",
                                R"(,"a":9007199254740992)",
                                R"(,"a":[1)",
                                R"(,"a":[1,])",
                                R"(,"a":nul)",
                                R"("a":1)",
                                ",\"a\":\"\x01\"",
                                ",\"a\":\"\xff\"",
                                R"(,"a":1}{)",
                                R"(,"a":+1)"}) {
    EXPECT_FALSE(accepted(bad)) << bad;
  }
  std::string deep = R"(,"a":)";
  for (int i = 0; i < 200; ++i) deep += '[';
  EXPECT_FALSE(accepted(deep));
  expect_wrong(front(R"(verdict","a":1,"b":1.5})"), ".5", "expected ','");
  expect_wrong(front("verdict\"x"), "", "expected '}'");
}

TEST(LedgerLineWriter, SaysWhatItCannotWrite) {
  LedgerLineWriter writer;
  std::string out = "kept";
  const auto says = [&](const Entry& entry) {
    const auto wrong = writer.append(out, 0, {}, entry);
    EXPECT_TRUE(wrong);
    EXPECT_EQ(out, "kept");
    return wrong ? wrong->message : std::string();
  };
  const core::Time now{};
  EXPECT_EQ(says({now - core::seconds(1), ledger::PendingExpired{}}), "a time of -1000000 us");
  EXPECT_NE(says({now, ledger::Note{"transfer", ""}}).find("'transfer'"), std::string::npos);
  EXPECT_NE(says({now, ledger::Note{"Verdict", ""}}).find("'Verdict'"), std::string::npos);
  EXPECT_NE(says({now, ledger::Note{"verdict", "\"a\":1.5"}}).find("byte 6"), std::string::npos);
  EXPECT_NE(says({now, ledger::Note{"n", "\"a\":\"" + std::string(65'600, 'x') + '"'}})
                .find("a line of 65"),
            std::string::npos);
  EXPECT_NE(says({now, ledger::Genesis{"two words", "ucr"}}).find("two words"), std::string::npos);
  EXPECT_NE(says({now, ledger::Genesis{"example.org/log", "usd"}}).find("usd"), std::string::npos);
}

TEST(LedgerWalk, RefusesLinesThatDoNotFollowEachOther) {
  const auto lines = testing::lines_of(testing::vector_bytes("ledger.jsonl"));
  {
    LedgerWalk walk(nullptr);
    ASSERT_FALSE(walk.add(lines[0]));
    const auto wrong = walk.add(lines[2]);
    ASSERT_TRUE(wrong);
    EXPECT_EQ(wrong->fault, LineFault::seq);
    EXPECT_EQ(wrong->error.message, "the entry has the number 2, expected 1");
    EXPECT_EQ(wrong->error.where.line, 2);
    EXPECT_EQ(wrong->error.where.column, static_cast<int>(lines[2].find("2,\"prev")) + 1);
  }
  {
    LedgerWalk walk(nullptr);
    std::string other = lines[0];
    other.replace(other.find("/test"), 5, "/tost");
    ASSERT_FALSE(walk.add(other));
    const auto wrong = walk.add(lines[1]);
    ASSERT_TRUE(wrong);
    EXPECT_EQ(wrong->fault, LineFault::prev);
    EXPECT_EQ(wrong->error.where.column, static_cast<int>(lines[1].find("c3d08858")) + 1);
    EXPECT_NE(wrong->error.message.find(testing::vector_values("leaf[0]")[0]), std::string::npos);
  }
  {
    ledger::Ledger books;
    LedgerWalk walk(&books);
    ASSERT_FALSE(walk.add(lines[0]));
    std::string other = lines[1];
    other.replace(other.find("op:mint"), 7, "user:eve");
    const auto wrong = walk.add(other);
    ASSERT_TRUE(wrong);
    EXPECT_EQ(wrong->fault, LineFault::replay);
  }
}

TEST(HexDigits, AreThoseOfTheText) {
  const auto text = hex_digits(sha256("x"));
  EXPECT_EQ(std::string(text.data(), text.size()), to_hex(sha256("x")));
}

}  // namespace
}  // namespace nexa::io
