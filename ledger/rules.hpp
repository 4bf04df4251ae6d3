#pragma once

#include "ledger/books.hpp"
#include "ledger/status.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

/// What is wrong with a transfer by itself, whatever is in the books; `booked` if nothing is.
Status check_form(const Transfer& transfer);

/// The answer to a transfer whose id is known, at this place: whether it is the same one.
Status compare_with_known(const Books& books, std::uint32_t place, const Transfer& transfer);

}  // namespace nexa::ledger
