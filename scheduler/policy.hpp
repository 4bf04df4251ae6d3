#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include "core/node.hpp"
#include "core/request.hpp"
#include "core/time.hpp"

/// The extension points that a policy author sees. A policy is a plain struct in one file of
/// `scheduler/policies/`; it implements any subset of the member functions below, may have typed
/// `Params` (see `scheduler/policy_fields.hpp`), and ends with NEXA_POLICY.
/// `docs/policies/writing-a-policy.md` walks through one.
namespace nexa::scheduler {

/// A waiting job, as an order policy sees it.
struct JobView {
  core::Time submit{};
  core::Duration time_limit{};
  std::uint64_t cores = 0;  ///< all slots together
  std::uint32_t slots = 0;
  core::UserId user{};
};

/// A node class, as a filter or score policy sees it: facts that do not change while jobs run.
struct NodeClassView {
  core::NodeSpec spec;
  std::uint32_t nodes = 0;  ///< zero once all have left
};

/// What a job asks for, as a filter or score policy sees it. Equal requests get equal answers, so
/// one answer per request and node class is kept and shared by all jobs.
struct RequestView {
  core::Resources per_slot;
  core::TierMask tiers = core::all_tiers;
  core::GpuTypeId gpu_type{};
  bool whole_nodes = false;
};

using NodeClasses = std::span<const NodeClassView>;

/// order: `double key(const JobView&, core::Time now) const`. The queue is sorted by key,
/// ascending; ties keep the order of submission. A policy whose keys change while a job waits says
/// so with `static constexpr bool key_depends_on_time = true` and pays for a sort per pass.
template <class P>
concept OrdersQueue = requires(const P policy, const JobView& job, core::Time now) {
  { policy.key(job, now) } -> std::same_as<double>;
};

/// filter: `void filter(const RequestView&, NodeClasses, std::span<bool> accepted) const` clears
/// the entries of the classes that must not be used; all entries start as true.
template <class P>
concept FiltersNodes = requires(const P policy, const RequestView& request, NodeClasses classes,
                                std::span<bool> accepted) {
  policy.filter(request, classes, accepted);
};

/// score: `void score(const RequestView&, NodeClasses, std::span<double> scores) const` adds to the
/// entries; the class with the highest sum is filled first. Ties go to the smaller node spec.
template <class P>
concept ScoresNodes = requires(const P policy, const RequestView& request, NodeClasses classes,
                               std::span<double> scores) {
  policy.score(request, classes, scores);
};

class Pass;

/// backfill: `void run(Pass&) const` decides which waiting jobs start now; see `scheduler/pass.hpp`
/// for what a pass offers. Every pass of the engine calls it once.
template <class P>
concept Backfills = requires(const P policy, Pass& pass) {
  policy.run(pass);
};

}  // namespace nexa::scheduler
