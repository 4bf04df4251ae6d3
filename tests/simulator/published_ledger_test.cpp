// What outsiders are shown of a ledger, and what a witness and readers make of it.
#include "simulator/published_ledger.hpp"

#include <gtest/gtest.h>

#include <string>

#include "io/sha256.hpp"
#include "ledger/ledger.hpp"
#include "simulator/ledger_watch.hpp"

namespace nexa::simulator {
namespace {

using core::at_seconds;
using ledger::Amount;

core::CoordinatorFaults forks_at(std::uint64_t entry) {
  core::CoordinatorFaults faults;
  faults.fork_at = entry;
  return faults;
}

/// A real ledger whose entries are published.
class Cluster {
 public:
  explicit Cluster(const core::CoordinatorFaults& faults)
      : published_(faults, io::sha256_of_parts) {
    ledger_.attach(&published_);
    from_ = *ledger_.open("op:mint", core::Time{});
    to_ = *ledger_.open("user:alice", core::Time{});
  }

  void pay(core::Time now, core::Duration timeout = {}) {
    ledger::Transfer transfer;
    transfer.id = ledger::TransferId{Amount{++payments_}};
    transfer.kind =
        timeout > core::Duration{} ? ledger::TransferKind::pending : ledger::TransferKind::transfer;
    transfer.debit = from_;
    transfer.credit = to_;
    transfer.amount = 5;
    transfer.timeout = timeout;
    transfer.reason = ledger::Reason::grant;
    ASSERT_EQ(ledger_.book(transfer, now), ledger::Status::booked);
  }

  [[nodiscard]] const PublishedLedger& published() const { return published_; }
  PublishedLedger& published() { return published_; }
  ledger::Ledger& ledger() { return ledger_; }

 private:
  PublishedLedger published_;
  ledger::Ledger ledger_;
  ledger::AccountId from_{};
  ledger::AccountId to_{};
  std::uint64_t payments_ = 0;
};

bool ask(LedgerWitness& witness, const LedgerView& view) {
  const auto proof = view.proof_from(witness.size());
  return witness.cosign(
      {.head = view.head(), .proof_from = witness.size(), .proof = proof, .cosigned_at = {}});
}

LedgerDoubt show(LedgerReader& reader, const LedgerView& view, std::optional<core::Time> cosigned) {
  const auto proof = view.proof_from(reader.size());
  return reader.read(
      {.head = view.head(), .proof_from = reader.size(), .proof = proof, .cosigned_at = cosigned},
      view.first_claim_from(reader.size()));
}

TEST(KeptTree, GivesTheRootsAndProofsOfTheOther) {
  KeptTree kept(io::sha256_of_parts);
  std::vector<core::Digest> leaves;
  EXPECT_EQ(kept.head(0).root, ledger::TreeFrontier(io::sha256_of_parts).root());
  ledger::TreeFrontier tree(io::sha256_of_parts);
  for (std::uint64_t size = 1; size <= 70; ++size) {
    leaves.push_back(ledger::leaf_hash(io::sha256_of_parts, std::to_string(size)));
    kept.add(leaves.back());
    tree.add(leaves.back());
    EXPECT_EQ(kept.head(size).root, tree.root()) << size;
    for (std::uint64_t old = 0; old <= size; ++old) {
      ledger::SubtreeRoots roots(io::sha256_of_parts, ledger::consistency_ranges(old, size));
      for (const core::Digest& leaf : leaves) roots.add(leaf);
      EXPECT_EQ(kept.consistency(old, size), roots.roots()) << old << " of " << size;
    }
  }
}

TEST(PublishedLedger, IsOneForAllWhereNobodyForks) {
  Cluster cluster({});
  for (int i = 0; i < 10; ++i) cluster.pay(at_seconds(i));
  EXPECT_EQ(cluster.published().view().size(), 12U) << "two accounts and ten payments";
  EXPECT_FALSE(cluster.published().is_forked());
  EXPECT_EQ(cluster.published().entries_forked(), 0U);
  EXPECT_EQ(cluster.published().entries_backdated(), 0U);
}

TEST(PublishedLedger, ShowsOneReaderAnotherHistory) {
  Cluster cluster(forks_at(6));
  Cluster honest({});
  for (int i = 0; i < 10; ++i) {
    cluster.pay(at_seconds(i));
    honest.pay(at_seconds(i));
    const bool forked = cluster.published().view().size() > 6;
    EXPECT_EQ(cluster.published().is_forked(), forked);
    EXPECT_EQ(cluster.published().view().head(), honest.published().view().head());
    EXPECT_EQ(cluster.published().deceived_view().head() == honest.published().view().head(),
              !forked);
  }
  EXPECT_EQ(cluster.published().deceived_view().size(), 12U);
  EXPECT_EQ(cluster.published().entries_forked(), 6U);
  cluster.published().become_honest();
  EXPECT_FALSE(cluster.published().is_forked());
  cluster.pay(at_seconds(20));
  EXPECT_EQ(cluster.published().entries_forked(), 6U);
}

TEST(LedgerWitness, CosignsOneOfTwoHistories) {
  Cluster cluster(forks_at(6));
  const LedgerView& view = cluster.published().view();
  for (int i = 0; i < 3; ++i) cluster.pay(at_seconds(i));
  LedgerWitness witness(io::sha256_of_parts);
  LedgerWitness other(io::sha256_of_parts);
  EXPECT_TRUE(ask(witness, view));
  EXPECT_TRUE(ask(other, view));
  for (int i = 3; i < 10; ++i) cluster.pay(at_seconds(i));
  const LedgerView& fork = cluster.published().deceived_view();
  // Whichever it sees first continues what it has cosigned, and the other then does not.
  EXPECT_TRUE(ask(witness, view));
  EXPECT_FALSE(ask(witness, fork));
  EXPECT_TRUE(ask(other, fork));
  EXPECT_FALSE(ask(other, view));
  for (int i = 10; i < 15; ++i) cluster.pay(at_seconds(i));
  EXPECT_FALSE(ask(witness, fork)) << "nor when both have grown";
  EXPECT_FALSE(ask(other, view));
  EXPECT_TRUE(ask(witness, view)) << "what was refused is forgotten";
  EXPECT_TRUE(ask(other, fork));
}

TEST(LedgerReader, IsDeceivedWithoutAWitness) {
  Cluster cluster(forks_at(6));
  LedgerReader reader(io::sha256_of_parts, false);
  LedgerReader careful(io::sha256_of_parts, true);
  for (int i = 0; i < 30; ++i) {
    cluster.pay(at_seconds(i));
    // Its own history always continues.
    EXPECT_EQ(show(reader, cluster.published().deceived_view(), {}), LedgerDoubt::none);
    const bool forked = cluster.published().is_forked();
    EXPECT_EQ(show(careful, cluster.published().deceived_view(),
                   forked ? std::nullopt : std::optional(at_seconds(i))),
              forked ? LedgerDoubt::not_cosigned : LedgerDoubt::none);
  }
  EXPECT_EQ(show(reader, cluster.published().view(), {}), LedgerDoubt::contradicts)
      << "it would notice if it were shown what others are";
}

TEST(PublishedLedger, DatesBackWithoutGoingBack) {
  core::CoordinatorFaults faults;
  faults.backdate_by = core::seconds(30);
  Cluster cluster(faults);
  for (const int second : {10, 40, 45, 100}) cluster.pay(at_seconds(second));
  const LedgerView& view = cluster.published().view();
  EXPECT_EQ(view.first_claim_from(0), core::Time{}) << "the accounts";
  EXPECT_EQ(view.first_claim_from(2), core::Time{}) << "20 s before the ledger's first entry";
  EXPECT_EQ(view.first_claim_from(3), at_seconds(10));
  EXPECT_EQ(view.first_claim_from(5), at_seconds(70));
  EXPECT_EQ(cluster.published().entries_backdated(), 4U);
  cluster.published().become_honest();
  cluster.pay(at_seconds(101));
  EXPECT_EQ(view.first_claim_from(6), at_seconds(101));
  EXPECT_EQ(cluster.published().entries_backdated(), 4U);
}

TEST(LedgerReader, SeesWhatIsOlderThanACosignatureWithoutIt) {
  core::CoordinatorFaults faults;
  faults.backdate_by = core::seconds(30);
  Cluster cluster(faults);
  LedgerReader reader(io::sha256_of_parts, true);
  const LedgerView& view = cluster.published().view();
  cluster.pay(at_seconds(50));
  EXPECT_EQ(show(reader, view, at_seconds(60)), LedgerDoubt::none) << "nothing to compare with";
  cluster.pay(at_seconds(95));
  EXPECT_EQ(show(reader, view, at_seconds(100)), LedgerDoubt::none) << "claims 65 s";
  cluster.pay(at_seconds(120));
  EXPECT_EQ(show(reader, view, at_seconds(130)), LedgerDoubt::backdated) << "claims 90 s";
}

TEST(LedgerReader, TakesNoExpiryForABackdatedEntry) {
  Cluster cluster({});
  LedgerReader reader(io::sha256_of_parts, true);
  const LedgerView& view = cluster.published().view();
  cluster.pay(at_seconds(1), core::seconds(10));
  EXPECT_EQ(show(reader, view, at_seconds(20)), LedgerDoubt::none);
  ASSERT_EQ(cluster.ledger().expire(at_seconds(30)), 1U) << "due at 11 s";
  EXPECT_EQ(show(reader, view, at_seconds(40)), LedgerDoubt::none);
}

}  // namespace
}  // namespace nexa::simulator
