#include "ledger/refund_matrix.hpp"

#include <algorithm>

#include "ledger/fixed_point.hpp"

namespace nexa::ledger {
namespace {

constexpr std::array<std::string_view, outcome_count> outcome_names{
    "valid",    "invalid", "inconclusive", "user_error", "node_error",
    "no_reply", "late",    "preempted",    "not_needed", "cancelled"};

const RefundRow& row_of(ReplicaOutcome outcome) {
  const auto index = static_cast<std::size_t>(outcome);
  NEXA_ASSERT(index < outcome_count && refund_matrix[index].outcome == outcome,
              "the matrix has its rows in the order of the outcomes");
  return refund_matrix[index];
}

}  // namespace

std::string_view name(ReplicaOutcome outcome) {
  return outcome_names[static_cast<std::size_t>(outcome)];
}

core::Result<void> check(const RefundRules& rules) {
  const std::uint32_t most = std::max({rules.late, rules.not_needed, rules.inconclusive});
  if (most <= basis_points) return {};
  return core::Error{.code = core::ErrorCode::invalid_argument,
                     .message = "a charge of " + std::to_string(most) + " basis points",
                     .hint = "charges are parts of the price, from 0 to 10000 basis points",
                     .where = {}};
}

Amount charge_of(ReplicaOutcome outcome, Amount price, const RefundRules& rules,
                 std::uint32_t progress) {
  switch (row_of(outcome).charge) {
    case ChargeRule::reward:
    case ChargeRule::price:
      return price;
    case ChargeRule::nothing:
      return 0;
    case ChargeRule::progress:
      return multiply_divide(price, std::min<Amount>(progress, fixed_one), fixed_one);
    case ChargeRule::late:
      return multiply_divide(price, rules.late, basis_points);
    case ChargeRule::not_needed:
      return multiply_divide(price, rules.not_needed, basis_points);
    case ChargeRule::inconclusive:
      break;
  }
  return multiply_divide(price, rules.inconclusive, basis_points);
}

}  // namespace nexa::ledger
