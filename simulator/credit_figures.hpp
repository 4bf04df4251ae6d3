#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/behaviour.hpp"
#include "core/credits.hpp"

namespace nexa::simulator {

/// What the nodes that behave alike have made of their machines.
struct BehaviourMoney {
  std::string name;  ///< as in `BehaviourFigures`
  core::Intent intent = core::Intent::honest;
  std::uint64_t nodes = 0;
  core::Credits earned{};     ///< for results, less what was taken back; what is withheld included
  core::Credits withheld{};   ///< the part of it that has not vested by the end
  core::Credits slashed{};    ///< of their stakes
  core::Credits fees{};       ///< of registrations
  core::Credits computing{};  ///< what the work that they really did has cost them
  core::Credits idling{};     ///< what being there has cost them

  [[nodiscard]] core::Credits profit() const {
    return earned - slashed - fees - computing - idling;
  }
};

/// What went from all accounts of one kind to all of another, net of what came back.
struct MoneyFlow {
  std::string from;  ///< `users`, or the name of a group of them; `platform fee`, `slashed stakes`
  std::string to;    ///< a behaviour of nodes, `platform fee` or `arbitration`: the trusted tier
  core::Credits amount{};
};

/// The books of a run. What was minted is where it was spent or is still:
/// the ledger sees to that, see `ledger/ledger.hpp`.
struct CreditFigures {
  core::Credits minted{};
  core::Credits paid{};      ///< what nodes earned for results, less what was taken back
  core::Credits bounties{};  ///< of that: offered beside the price
  core::Credits unvested{};  ///< of that: in escrows still at the end, reserved for the nodes
  core::Credits held{};      ///< in escrows at the end, beyond what is reserved for nodes
  core::Credits slashed{};   ///< of stakes
  core::Credits fees{};      ///< the platform's part of charges
  core::Credits
      arbitration{};  ///< for the trusted tier's copies, by requesters: reserves and bonds
  core::Credits registration{};  ///< fees of registrations
  core::Credits unpaid{};  ///< owed for copies after a verdict, for which nobody had the money

  std::uint64_t transfers = 0;            ///< in the ledger
  core::Credits cost_per_valid_result{};  ///< what requesters paid, by results that are right
  double gini = 0;  ///< of what nodes earned, from 0 (all the same) to 1 (one has it all)

  std::uint64_t jobs_refused = 0;  ///< because nobody could pay their worst case
  std::uint64_t disputes = 0;
  std::uint64_t disputes_upheld = 0;
  std::uint64_t ratings_refused = 0;  ///< invented ones; nothing takes any

  std::uint64_t joined = 0;  ///< identities that providers registered because it paid
  std::uint64_t left = 0;
  std::uint64_t whitewashed = 0;

  std::vector<BehaviourMoney> behaviours;
  std::vector<MoneyFlow> flows;  ///< without empty ones
};

}  // namespace nexa::simulator
