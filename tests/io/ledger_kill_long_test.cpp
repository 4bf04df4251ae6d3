#include <gtest/gtest.h>

#include "tests/io/ledger_kill.hpp"

TEST(LedgerKill, FiveHundredTimesLosesNothingThatWasAcknowledged) {
  nexa::io::testing::kill_a_writer(2, 500);
}
