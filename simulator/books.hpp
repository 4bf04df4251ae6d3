#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/coordinator.hpp"
#include "core/platform.hpp"
#include "core/workload.hpp"
#include "ledger/ledger.hpp"
#include "scheduler/paymaster.hpp"
#include "simulator/credit_figures.hpp"
#include "simulator/journals.hpp"
#include "simulator/ledger_recorder.hpp"
#include "simulator/population.hpp"
#include "simulator/provider_economics.hpp"
#include "simulator/requesters.hpp"
#include "simulator/switched_bank.hpp"
#include "simulator/validation_setup.hpp"
#include "simulator/validation_statistics.hpp"
#include "simulator/verdict_notes.hpp"

namespace nexa::simulator {

/// What a replica of the request uses in that time on so many cores.
ledger::Usage usage_of(const core::Request& request, std::uint64_t cores, core::Duration elapsed);

/// Who a node number stands for, as far as money goes.
struct NodeOwnership {
  core::NodeId machine;  ///< by which the platform and the providers know it
  bool trusted = false;
};

/// The money of a simulated cluster: the ledger, what users have, what jobs cost, what providers
/// earn and reckon. Users without a budget are granted what they lack when they submit.
///
/// The workload, platform and requesters must outlive it. Costs what the ledger keeps of each
/// transfer, some 8 transfers per job.
class Books {
 public:
  /// `setup` has credits. `results` is told of accounts and transfers, `journal` of all entries,
  /// among them what the validator decides (`VerdictNotes`). `published`, which shows entries to
  /// outsiders, is told of those that are there without a journal too. All three may be null.
  Books(const ValidationSetup& setup, const core::Platform& platform,
        const core::Workload& workload, const Requesters& requesters, std::uint64_t seed,
        ResultSink* results, ledger::Journal* journal, ledger::Journal* published = nullptr);

  enum class Admission : std::uint8_t {
    paid,
    refused,  ///< nobody can pay its worst case
    no_bank,  ///< to be asked again when the bank is back
  };
  /// `most_replicas` bounds the replicas that may ever be started, `tiers` says where.
  Admission submit(core::JobId job, std::uint32_t most_replicas, core::TierMask tiers,
                   core::Time now);

  /// The requester of a job contests its verdict; false if it is too late, or the bond too high.
  bool dispute(core::JobId job, core::Time now);
  [[nodiscard]] core::Duration dispute_window() const { return setup_.dispute_window; }

  /// A node that may register; numbers have no gaps.
  void add_node(core::NodeId node, const NodeOwnership& ownership);
  /// Whether a machine's provider takes part from the beginning.
  [[nodiscard]] bool takes_part_at_first(core::NodeId machine) const;
  /// The node has registered. Its provider locks the stake, and may have to pay the fee of an
  /// identity.
  void node_joined(core::NodeId node, bool pays_fee, core::Time now);
  [[nodiscard]] bool has_joined(core::NodeId node) const { return nodes_[node.value].joined; }
  /// The provider goes, and takes the stake that is not locked.
  void node_left(core::NodeId node, core::Time now);

  /// Whether a node must answer for each replica with a part of its stake, and can for one more.
  [[nodiscard]] bool locks_stakes() const { return setup_.stake_per_replica.micro() > 0; }
  [[nodiscard]] bool can_answer_for_more(core::NodeId node) const;

  /// A replica has left its nodes; `node` is the first of them.
  void replica_ended(core::JobId job, core::ReplicaId replica, core::NodeId node,
                     const scheduler::ReplicaUse& use, bool computed, core::Time now);
  /// A result of the node was compared with another.
  void result_checked(core::NodeId node);

  /// What the coordinator has decided. Replicas that come back must be stopped.
  std::span<const scheduler::RefusedStart> take(
      std::span<const scheduler::CoordinatorCommand> commands,
      const validator::Validator& validator, core::Time now);

  /// Vesting, expiry, and what waited for the bank.
  void advance(core::Time now);
  /// Nothing will be decided any more: ends the record of what was, if the bank is there.
  void close(core::Time now);
  [[nodiscard]] bool bank_is_up() const { return bank_.is_up(); }
  /// When the bank goes or comes next.
  [[nodiscard]] core::Time next_bank_change(core::Time now) const;

  // Providers; only with an economy.
  [[nodiscard]] bool has_economy() const { return providers_.has_value(); }
  [[nodiscard]] const ProviderRecord& record_of(core::NodeId machine) const {
    return providers_->record_of(machine);
  }
  /// What they do now. `is_opportunist` is by machine.
  std::vector<ProviderMove> review(const std::vector<bool>& is_opportunist);
  void note_move(ProviderStep step);

  void note_rating_refused() { ++figures_.ratings_refused; }

  /// Whether nothing went wrong in the bookkeeping itself, with a recount of the ledger. For tests.
  void check() const;

  /// The figures of the run, which ends then. `groups` are those of the requesters.
  [[nodiscard]] CreditFigures summarise(const Population& population,
                                        std::span<const core::RequesterGroup> groups,
                                        const ValidationFigures& validation, core::Time end);

  [[nodiscard]] const ledger::Ledger& ledger() const { return ledger_; }
  [[nodiscard]] const scheduler::Paymaster& paymaster() const { return paymaster_; }

 private:
  struct Machine {
    core::NodeId name;  ///< its latest number
    std::uint32_t cores = 0;
    bool present = false;
    core::Time since{};            ///< when it came, if it is present
    core::Duration was_present{};  ///< before
    core::Duration computed{};     ///< core time of work that it really did
    core::Credits earned{};        ///< this and the next two are known at the end
    core::Credits withheld{};
    core::Credits slashed{};
    core::Credits fees{};
  };
  struct NodeMoney {
    core::NodeId machine;
    bool trusted = false;
    bool joined = false;
    ledger::Amount staked = 0;
    ledger::Amount taken_home = 0;
  };

  [[nodiscard]] ledger::JobTerms terms_of(core::JobId job, std::uint32_t most_replicas,
                                          core::TierMask tiers, ledger::AccountId user) const;
  [[nodiscard]] ledger::AccountId user_account(std::uint32_t user, core::Time now);
  /// Brings what somebody has of their own into the ledger.
  void mint(ledger::AccountId to, ledger::Amount amount, core::Time now);
  void move(ledger::AccountId from, ledger::AccountId to, ledger::Amount amount,
            ledger::Reason reason, core::Time now);
  void lock_stake(core::NodeId node, core::Time now);
  [[nodiscard]] ledger::Amount free_stake(core::NodeId node) const;
  /// Slashed of the node's stake so far.
  [[nodiscard]] ledger::Amount lost_stake(core::NodeId node) const;
  void pay_provider(const ledger::Payment& payment);
  /// Brings what a provider knows of its withheld pay up to date.
  void note_withheld(core::NodeId machine);
  /// The name of whoever has paid for a job, as it stands in `MoneyFlow`.
  [[nodiscard]] std::string payer_of(core::JobId job,
                                     std::span<const core::RequesterGroup> groups) const;
  void sum_jobs(const Population& population, std::span<const core::RequesterGroup> groups);
  /// What was paid for copies of arbiters beside the escrows of jobs, as it stands in the ledger.
  void sum_arbitrations(const Population& population, std::span<const core::RequesterGroup> groups);
  void sum_behaviours(const Population& population, core::Time end);

  /// Tells the providers of what they are paid.
  class Till final : public ledger::PaymentSink {
   public:
    explicit Till(Books& books) : books_(books) {}
    void paid(const ledger::Payment& payment) override { books_.pay_provider(payment); }

   private:
    Books& books_;
  };

  CreditSetup setup_;
  core::CoordinatorFaults faults_;
  bool vests_by_word_;
  const core::Platform& platform_;
  const core::Workload& workload_;
  const Requesters& requesters_;

  ledger::Ledger ledger_;
  std::optional<LedgerRecorder> recorder_;
  std::optional<VerdictNotes> notes_;  ///< where there is a journal
  Journals journals_;
  SwitchedBank bank_{ledger_};
  Till till_{*this};
  scheduler::Paymaster paymaster_;
  ledger::AccountId mint_{};
  ledger::AccountId platform_fee_{};
  std::map<std::uint32_t, ledger::AccountId> users_;
  std::optional<Providers> providers_;
  std::vector<Machine> machines_;
  std::vector<NodeMoney> nodes_;   ///< by node number
  std::uint32_t widest_node_ = 1;  ///< cores
  std::uint64_t moves_ = 0;
  std::uint32_t stakings_ = 0;
  CreditFigures figures_;
};

}  // namespace nexa::simulator
