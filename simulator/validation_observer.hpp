#pragma once

#include <span>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "scheduler/coordinator.hpp"

namespace nexa::simulator {

/// Sees what a validated simulation tells its coordinator, and what that decides. It changes
/// nothing. The validator that is shown has been told already what the call is about.
class ValidationObserver {
 public:
  ValidationObserver() = default;
  ValidationObserver(const ValidationObserver&) = delete;
  ValidationObserver& operator=(const ValidationObserver&) = delete;
  virtual ~ValidationObserver() = default;

  /// A machine, known by its first number, has registered as `node`.
  virtual void on_identity(core::NodeId node, core::NodeId machine, core::OwnerId owner,
                           const validator::Validator& validator, core::Time now) = 0;
  /// What only a simulation knows: a replica hands in a result, which is right or wrong.
  virtual void on_answer(core::JobId job, core::ReplicaId replica, core::NodeId node, bool wrong,
                         core::Time now) = 0;
  virtual void on_fact(const validator::Fact& fact, const validator::Validator& validator,
                       core::Time now) = 0;
  /// The commands of one step, before any of them is carried out.
  virtual void on_commands(std::span<const scheduler::CoordinatorCommand> commands,
                           const validator::Validator& validator, core::Time now) = 0;
};

}  // namespace nexa::simulator
