#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/assert.hpp"
#include "core/result.hpp"
#include "scheduler/policy.hpp"
#include "scheduler/policy_fields.hpp"

namespace nexa::scheduler {

/// A policy with its parameters set, behind one interface. Which members may be called is said by
/// the descriptor's `orders`, `filters`, `scores`, `backfills`.
class Policy {
 public:
  Policy() = default;
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;
  virtual ~Policy() = default;

  [[nodiscard]] virtual double key(const JobView& job, core::Time now) const = 0;
  [[nodiscard]] virtual bool key_depends_on_time() const = 0;
  virtual void filter(const RequestView& request, NodeClasses classes,
                      std::span<bool> accepted) const = 0;
  virtual void score(const RequestView& request, NodeClasses classes,
                     std::span<double> scores) const = 0;
  virtual void run(Pass& pass) const = 0;
  /// The order of the backfill pass; empty: the order of the queue.
  [[nodiscard]] virtual std::string_view backfill_order() const = 0;
  /// True if the policy plans a start for every waiting job (see `scheduler/plan.hpp`).
  [[nodiscard]] virtual bool plans_reservations() const = 0;
};

/// A policy before its parameters are set: what `nexa policy list|doc` prints, and how to make it.
struct PolicyDescriptor {
  std::string_view name;
  std::string_view doc;
  bool orders = false;
  bool filters = false;
  bool scores = false;
  bool backfills = false;
  std::vector<FieldInfo> (*fields)() = nullptr;
  core::Result<std::shared_ptr<const Policy>> (*make)(const std::vector<ParameterText>&) = nullptr;
};

/// Every policy that was built in, by name. The table is generated from the folder's listing.
std::span<const PolicyDescriptor* const> all_policies();

/// The policy of that name, or null.
const PolicyDescriptor* find_policy(std::string_view name);

namespace detail {

struct NoParams {
  static constexpr auto fields() { return std::tuple<>{}; }
};

template <class P>
struct ParamsOf {
  using type = NoParams;
};
template <class P>
requires requires {
  typename P::Params;
}
struct ParamsOf<P> {
  using type = typename P::Params;
};

/// Ties a policy struct to the interface; members that it lacks are never called.
template <class P>
class PolicyModel final : public Policy {
 public:
  explicit PolicyModel(P policy) : policy_(std::move(policy)) {}

  double key(const JobView& job, core::Time now) const override {
    if constexpr (OrdersQueue<P>) return policy_.key(job, now);
    core::assert_failed("OrdersQueue<P>", "not an order policy", __FILE__, __LINE__);
  }
  bool key_depends_on_time() const override {
    if constexpr (requires { P::key_depends_on_time; }) return P::key_depends_on_time;
    return false;
  }
  void filter(const RequestView& request, NodeClasses classes,
              std::span<bool> accepted) const override {
    if constexpr (FiltersNodes<P>) policy_.filter(request, classes, accepted);
  }
  void score(const RequestView& request, NodeClasses classes,
             std::span<double> scores) const override {
    if constexpr (ScoresNodes<P>) policy_.score(request, classes, scores);
  }
  void run(Pass& pass) const override {
    if constexpr (Backfills<P>) policy_.run(pass);
  }
  std::string_view backfill_order() const override {
    if constexpr (requires { policy_.backfill_order(); }) return policy_.backfill_order();
    return {};
  }
  bool plans_reservations() const override {
    if constexpr (requires { P::plans_reservations; }) return P::plans_reservations;
    return false;
  }

 private:
  P policy_;
};

template <class P>
core::Result<std::shared_ptr<const Policy>> make_policy(std::string_view name,
                                                        const std::vector<ParameterText>& texts) {
  using Params = typename ParamsOf<P>::type;
  P policy;
  if constexpr (std::is_same_v<Params, NoParams>) {
    NoParams none;
    if (auto status = set_fields(none, name, texts); !status) return status.error();
  } else {
    if (auto status = set_fields(policy.params, name, texts); !status) return status.error();
  }
  return std::shared_ptr<const Policy>(std::make_shared<PolicyModel<P>>(std::move(policy)));
}

}  // namespace detail

}  // namespace nexa::scheduler

/// Ends the file of a policy: NEXA_POLICY(file_name, Type, "One sentence for nexa policy list.").
#define NEXA_POLICY(policy_name, Type, sentence)                                                 \
  namespace nexa::scheduler {                                                                    \
  extern const PolicyDescriptor nexa_policy_##policy_name;                                       \
  const PolicyDescriptor nexa_policy_##policy_name{                                              \
      .name = #policy_name,                                                                      \
      .doc = sentence,                                                                           \
      .orders = OrdersQueue<Type>,                                                               \
      .filters = FiltersNodes<Type>,                                                             \
      .scores = ScoresNodes<Type>,                                                               \
      .backfills = Backfills<Type>,                                                              \
      .fields = [] { return describe_fields<detail::ParamsOf<Type>::type>(); },                  \
      .make =                                                                                    \
          [](const std::vector<ParameterText>& texts) {                                          \
            return detail::make_policy<Type>(#policy_name, texts);                               \
          }};                                                                                    \
  static_assert(OrdersQueue<Type> || FiltersNodes<Type> || ScoresNodes<Type> || Backfills<Type>, \
                #Type " implements no extension point of scheduler/policy.hpp");                 \
  }
