#include "tests/io/ledger_kill.hpp"

#include <gtest/gtest.h>

TEST(LedgerKill, ThirtyTimesLosesNothingThatWasAcknowledged) {
  nexa::io::testing::kill_a_writer(1, 30);
}
