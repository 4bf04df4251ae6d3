#pragma once

#include <cstdint>

namespace nexa::io::testing {

/// Starts a process that books, commits and signs in a journal of a folder of its own, kills it at
/// a random moment with SIGKILL, and looks at what is left; again and again on the same journal.
/// Reports failures of the test: an acknowledged entry that is lost, a journal that is not whole,
/// books that are not those of a replay, a checkpoint that is not of the journal.
void kill_a_writer(std::uint64_t seed, int times);

}  // namespace nexa::io::testing
