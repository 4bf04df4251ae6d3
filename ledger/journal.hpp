#pragma once

#include "core/result.hpp"
#include "ledger/entry.hpp"

namespace nexa::ledger {

/// Where a ledger's entries go. The ledger appends; its host commits, as many entries at once as
/// it likes, and tells nobody the outcome of a transfer before the commit that covers it succeeded.
class Journal {
 public:
  Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  virtual ~Journal() = default;

  /// Takes the next entry. It need not be safe yet, so nothing can fail here; what does not fit is
  /// an error of the next commit. The entry is the ledger's and lives for this call only.
  virtual void append(const Entry& entry) = 0;

  /// Makes all entries safe that were appended. After an error the ledger in memory is ahead of
  /// its journal: the host drops both, and replays.
  virtual core::Result<void> commit() = 0;
};

}  // namespace nexa::ledger
