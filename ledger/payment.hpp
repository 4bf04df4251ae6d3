#pragma once

#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "ledger/transfer.hpp"

namespace nexa::ledger {

/// One number that a payment was made from: its name, its value and the unit of that. Names and
/// units are literals, so that a factor costs no allocation.
struct Factor {
  std::string_view name;
  Amount value = 0;
  std::string_view unit;
  friend constexpr auto operator<=>(const Factor&, const Factor&) = default;
};

/// Collects the factors of a payment in the order in which they were used; or nothing, where nobody
/// asked for an explanation.
class Factors {
 public:
  Factors() = default;
  explicit Factors(std::vector<Factor>& list) : list_(&list) {}

  void add(std::string_view name, Amount value, std::string_view unit) const {
    if (list_ != nullptr) list_->push_back({name, value, unit});
  }

 private:
  std::vector<Factor>* list_ = nullptr;
};

/// Why an amount was moved, with everything that it was computed from.
struct Payment {
  TransferId id{};
  Reason reason = Reason::reward;
  Amount amount = 0;
  core::JobId job{};
  core::ReplicaId replica{};
  core::NodeId node{};
  core::Time at{};
  std::string_view policy;  ///< which price or reward policy, empty where none was asked
  std::vector<Factor> factors;
};

/// Who wants to know: a statement, a table, a test. Called after the ledger has accepted.
class PaymentSink {
 public:
  PaymentSink() = default;
  PaymentSink(const PaymentSink&) = delete;
  PaymentSink& operator=(const PaymentSink&) = delete;
  virtual ~PaymentSink() = default;
  virtual void paid(const Payment& payment) = 0;
};

}  // namespace nexa::ledger
