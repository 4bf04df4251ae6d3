// The words of the ledger: amounts, ids, names of accounts, statuses.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "ledger/account.hpp"
#include "ledger/amount.hpp"
#include "ledger/status.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {
namespace {

TEST(Amount, IsWrittenInDecimalAndReadBack) {
  EXPECT_EQ(to_decimal(Amount{0}), "0");
  EXPECT_EQ(to_decimal(~Amount{0}), "340282366920938463463374607431768211455");
  EXPECT_EQ(parse_amount("340282366920938463463374607431768211455"), ~Amount{0});
  EXPECT_EQ(parse_amount("340282366920938463463374607431768211456"), std::nullopt);
  for (const char* bad : {"", "01", "-1", "+1", "1 ", "1.0", "0x1"}) {
    EXPECT_EQ(parse_amount(bad), std::nullopt) << bad;
  }
}

TEST(Amount, OfAnIdIsWrittenInPairsOfHexadecimalDigits) {
  EXPECT_EQ(ledger::to_hex(0), "00");
  EXPECT_EQ(ledger::to_hex(1), "01");
  EXPECT_EQ(ledger::to_hex(0xabc), "0abc");
  EXPECT_EQ(ledger::to_hex(~Amount{0}), std::string(32, 'f'));
  EXPECT_EQ(parse_hex("0abc"), Amount{0xabc});
  EXPECT_EQ(parse_hex("abc"), Amount{0xabc});
  EXPECT_EQ(parse_hex(std::string(32, 'f')), ~Amount{0});
  for (const std::string& bad : {std::string(), std::string("AB"), std::string("0x1"),
                                 std::string(33, '0'), std::string("g")}) {
    EXPECT_EQ(parse_hex(bad), std::nullopt) << bad;
  }
}

TEST(Amount, OfABalanceHasASign) {
  EXPECT_EQ(to_decimal(balance_of(5, 7)), "-2");
  EXPECT_EQ(to_decimal(balance_of(7, 5)), "2");
  EXPECT_EQ(balance_of(7, 7), Balance{});
  EXPECT_EQ(to_decimal(balance_of(0, ~Amount{0})), "-340282366920938463463374607431768211455");
}

TEST(AccountName, HasAKindAndTheRest) {
  const auto parts = parse_account_name("escrow:42");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->kind, AccountKind::escrow);
  EXPECT_EQ(parts->rest, "42");
  for (const char* good :
       {"op:mint", "op:burn", "user:alice", "org:a/b", "node:A-1_2.3", "vest:x", "stake:x",
        "fee:platform", "bounty:x", "sponsor:a+b@c", "slash:pool", "arb:cost"}) {
    EXPECT_TRUE(parse_account_name(good)) << good;
  }
  EXPECT_TRUE(parse_account_name("user:" + std::string(longest_account_name, 'a')));
}

TEST(AccountName, SaysWhatIsWrongWithIt) {
  const auto expect = [](const std::string& text, const char* message, const char* hint) {
    const auto parts = parse_account_name(text);
    ASSERT_FALSE(parts) << text;
    EXPECT_EQ(parts.error().code, core::ErrorCode::invalid_argument);
    EXPECT_EQ(parts.error().message, message);
    EXPECT_EQ(parts.error().hint, hint);
  };
  expect("alice", "account 'alice' has no kind", "write kind:name, for example user:alice");
  expect("", "account '' has no kind", "write kind:name, for example user:alice");
  expect("usr:alice", "account 'usr:alice' has the unknown kind 'usr'", "did you mean 'user'?");
  expect("user:", "account 'user:' has no name", "write it behind the colon");
  expect("user:a b", "account 'user:a b' has a character that is not allowed, the 7. byte",
         "a name has letters, digits and . _ - + / @");
  expect("user:a:b", "account 'user:a:b' has a character that is not allowed, the 7. byte",
         "a name has letters, digits and . _ - + / @");
  expect("op:mnt", "account 'op:mnt' does not exist", "did you mean 'mint'?");
  const std::string longer = "user:" + std::string(97, 'a');
  expect(longer, ("account '" + longer + "' has a name of 97 bytes").c_str(),
         "at most 96 are allowed");
}

TEST(AccountName, OnlyOperatorAccountsMayOwe) {
  EXPECT_FALSE(is_limited(AccountKind::op));
  for (int kind = 1; kind <= static_cast<int>(AccountKind::arb); ++kind) {
    EXPECT_TRUE(is_limited(static_cast<AccountKind>(kind)));
  }
}

TEST(AccountNames, AreNumberedFromOneInTheirOrder) {
  AccountNames names;
  EXPECT_FALSE(names.contains(AccountId{}));
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    EXPECT_EQ(names.add("user:" + std::to_string(i)), AccountId{i});
  }
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    EXPECT_EQ(names.find("user:" + std::to_string(i)), AccountId{i});
    EXPECT_EQ(names[AccountId{i}], "user:" + std::to_string(i));
  }
  EXPECT_EQ(names.find("user:0"), std::nullopt);
  EXPECT_FALSE(names.contains(AccountId{1001}));
}

TEST(Status, HasAnUnambiguousNameASentenceAndAHint) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < status_count; ++i) {
    const auto status = static_cast<Status>(i);
    EXPECT_TRUE(names.insert(name(status)).second) << name(status);
    EXPECT_EQ(status_of(name(status)), status);
    EXPECT_FALSE(info(status).meaning.empty()) << name(status);
    EXPECT_FALSE(info(status).hint.empty()) << name(status);
    EXPECT_NE(info(status).meaning.back(), '.') << name(status);
  }
  EXPECT_EQ(status_of("ok"), std::nullopt);
}

TEST(Words, OfKindsAndReasonsAreReadBack) {
  for (int i = 0; i <= static_cast<int>(TransferKind::void_group); ++i) {
    EXPECT_EQ(transfer_kind_of(name(static_cast<TransferKind>(i))), static_cast<TransferKind>(i));
  }
  for (int i = 0; i <= static_cast<int>(Reason::burn); ++i) {
    EXPECT_EQ(reason_of(name(static_cast<Reason>(i))), static_cast<Reason>(i));
  }
  EXPECT_EQ(name(TransferKind::void_), "void");
  EXPECT_EQ(name(Reason::claw_back), "claw_back");
  EXPECT_EQ(reason_of("gift"), std::nullopt);
  EXPECT_EQ(transfer_kind_of("void_"), std::nullopt);
  EXPECT_EQ(name(static_cast<TransferKind>(99)), "unknown");
}

}  // namespace
}  // namespace nexa::ledger
