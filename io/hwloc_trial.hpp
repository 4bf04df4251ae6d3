#pragma once

#include <functional>

namespace nexa::io {

enum class Trial {
  passed,
  failed,      ///< the work said so
  crashed,     ///< it was ended by a signal or ended the process
  timed_out,   ///< it took longer than 20 seconds of wall time
  impossible,  ///< no process could be started
};

/// Does the work in a process of its own first, whose output is thrown away, and tells how that
/// went. libhwloc trusts its XML: a damaged topology can make it read a null pointer, and that must
/// not take the caller along. The work must not change anything outside of memory.
Trial try_in_child(const std::function<bool()>& work);

}  // namespace nexa::io
