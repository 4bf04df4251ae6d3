#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/node.hpp"
#include "core/request.hpp"
#include "scheduler/command.hpp"
#include "scheduler/node_class.hpp"
#include "scheduler/policy.hpp"
#include "scheduler/request_class.hpp"

namespace nexa::scheduler {

/// A run of nodes of one class, by local numbers, that give the same number of slots each.
struct Piece {
  std::uint32_t node_class = 0;
  core::Interval nodes;
  std::uint32_t slots_per_node = 0;
};
using Pieces = std::vector<Piece>;

/// Asks the filter and score policies: fills `accepted` and adds to `scores`, by node class.
using NodePreference = std::function<void(const RequestView&, NodeClasses, std::span<bool> accepted,
                                          std::span<double> scores)>;

/// A node that went from one class to another.
struct NodeMove {
  std::uint32_t from_class = 0;
  std::uint32_t from_node = 0;
  std::uint32_t to_class = 0;
  std::uint32_t to_node = 0;
  bool is_busy = false;  ///< something runs on it
};

/// Changes the pieces of a job that may run on a node that went to another class.
void relocate(Pieces& pieces, const NodeMove& move);

/// All nodes, by class, and what is free on them; and which classes may host which requests.
class Cluster {
 public:
  explicit Cluster(NodePreference preference) : preference_(std::move(preference)) {}

  /// Announces a node; it can be used after `settle()`. A node that is known already is ignored.
  void add_node(core::NodeId id, const core::NodeSpec& spec) { arrivals_.push_back({id, spec}); }
  /// Takes the announced nodes in, and asks filters and scores anew where the nodes have changed.
  /// Costs nothing when there is neither.
  void settle() {
    if (!arrivals_.empty() || nodes_changed_) settle_nodes();
  }
  /// Asks other filters and scores from now on, for all requests.
  void prefer(NodePreference preference);
  /// False if the node is not known.
  bool set_offline(core::NodeId id, bool offline);
  /// Gives a node another spec, of equal capacity, and what runs there with it; the caller changes
  /// the pieces of those jobs. Nothing if the node is not known or has that spec already. Takes
  /// effect for requests with `settle()`.
  std::optional<NodeMove> change_node(core::NodeId id, const core::NodeSpec& spec);
  /// Whether nothing runs on a node; so it is on one that is not known.
  [[nodiscard]] bool is_idle(core::NodeId id) const;
  /// A node on which nothing runs leaves. False if it is not known.
  bool remove_node(core::NodeId id);

  /// The request class of a request, made on first use; the caller counts itself in
  /// `RequestClass::jobs`. The number stays valid as long as a job is counted.
  std::uint32_t intern(const core::Request& request) {
    const bool is_last = last_interned_ < request_classes_.size() &&
                         request_classes_[last_interned_].request.differs_in_slots_only(request);
    return is_last ? last_interned_ : find_or_add(request);
  }
  /// The request class of a request that must keep away from fault domains, in any order. Domains
  /// without nodes do not matter. Costs O(d log (N + C)) for d domains, N nodes and C node classes,
  /// plus a step per node class in them; the policies are asked only if the request is new as well.
  std::uint32_t intern(const core::Request& request, std::span<const core::FaultDomain> avoid);
  RequestClass& request_class(std::uint32_t index) { return request_classes_[index]; }
  [[nodiscard]] const RequestClass& request_class(std::uint32_t index) const {
    return request_classes_[index];
  }

  /// Where the candidates, verdicts and slots per idle node of a request class are kept: the class
  /// itself, or its base. Candidates of a base may be avoided, in part or as a whole.
  [[nodiscard]] const RequestClass& terms_of(const RequestClass& request_class) const {
    return request_class.keeps_apart() ? request_classes_[request_class.base] : request_class;
  }
  /// Why a job of this class with that many slots can never run; `none` if it can.
  [[nodiscard]] RejectCode hopelessness(const RequestClass& request_class,
                                        std::uint64_t slots) const;

  /// Slots that could start now, over all candidates. Costs a step per candidate class, plus a
  /// step per level of the classes that changed since the last call for this request class.
  std::uint64_t available(RequestClass& request_class);
  /// Slots of a request class that avoided nodes of a class would have free.
  [[nodiscard]] std::uint64_t slots_avoided(const RequestClass& request_class,
                                            std::uint32_t node_class) const;

  /// Whether `slots` slots could start now. A refusal costs nothing where an earlier sum refuses
  /// too and nothing has been released since.
  bool can_host(RequestClass& request_class, std::uint64_t slots) {
    if (request_class.sum_releases == releases_ && request_class.slots_free < slots) return false;
    return available(request_class) >= slots;
  }

  /// Chooses nodes for `slots` slots, which must be available: candidates in order of preference,
  /// in a class the nodes with least free first, then the lowest numbers.
  void place(const RequestClass& request_class, std::uint32_t slots, Pieces& out) const;

  /// The part of `place` that is about one candidate: chooses nodes for up to `slots` slots there
  /// and returns for how many.
  std::uint32_t place_on(const Candidate& candidate, const RequestClass& request_class,
                         std::uint32_t slots, Pieces& out) const {
    const bool is_counted = candidate.stamp == versions_[candidate.node_class];
    const bool is_full =
        is_counted ? candidate.slots_free == 0 : classes_[candidate.node_class].free_cores() == 0;
    if (is_full) return 0;
    return place_on_levels(candidate.node_class, request_class, slots, out);
  }

  /// Chooses the lowest idle nodes of one class that the request class may use, which must be
  /// there.
  void place_on_idle_nodes(std::uint32_t node_class, const RequestClass& request_class,
                           std::uint32_t nodes, Pieces& out) const;
  /// How many those are.
  [[nodiscard]] std::uint32_t idle_nodes(std::uint32_t node_class,
                                         const RequestClass& request_class) const;
  /// The avoided nodes of a class that are not offline.
  [[nodiscard]] std::uint32_t avoided_online(std::uint32_t node_class,
                                             const RequestClass& request_class) const;

  void allocate(std::span<const Piece> pieces, const RequestClass& request_class);
  void release(std::span<const Piece> pieces, const RequestClass& request_class);

  /// What a piece takes on each of its nodes.
  [[nodiscard]] core::Resources amount_per_node(const Piece& piece,
                                                const RequestClass& request_class) const {
    const NodeClass& node_class = classes_[piece.node_class];
    if (request_class.whole_nodes() || node_class.is_taken_whole()) {
      return node_class.spec().capacity;
    }
    return request_class.request.per_slot * piece.slots_per_node;
  }
  /// Cores that an allocation keeps from others.
  [[nodiscard]] std::uint64_t cores_held(std::span<const Piece> pieces,
                                         const RequestClass& request_class) const;
  /// Appends the allocation in terms of node ids, canonical per number of slots.
  void append_shares(std::span<const Piece> pieces, std::vector<NodeShare>& out) const;

  [[nodiscard]] std::span<const NodeClass> classes() const { return classes_; }
  [[nodiscard]] std::uint64_t free_cores() const { return free_cores_; }
  /// Grows whenever more may be free than before: after a release, or a change of the nodes.
  [[nodiscard]] std::uint64_t releases() const { return releases_; }
  [[nodiscard]] bool any_offline() const { return offline_nodes_ != 0; }

  void check() const;

 private:
  struct Arrival {
    core::NodeId id;
    core::NodeSpec spec;
  };
  struct Location {
    core::NodeId id;
    std::uint32_t node_class = 0;
    std::uint32_t node = 0;
  };

  using DomainsOfClass = std::array<core::FaultDomain, 4>;

  /// So few request classes that keep apart are never swept: they are found in a few steps, and
  /// all of them stay in the cache.
  static constexpr std::size_t least_sweep_apart = 64;

  void settle_nodes();
  void settle_arrivals();
  [[nodiscard]] std::vector<Location>::iterator location_of(core::NodeId id);
  /// The same, constant.
  [[nodiscard]] std::vector<Location>::const_iterator find_location(core::NodeId id) const;
  void leave_class(NodeClass& node_class, std::uint32_t node);
  /// What is free in a class has changed.
  void note_change(std::uint32_t node_class) {
    versions_[node_class] = classes_[node_class].version();
  }
  void drop_known_arrivals();
  /// Runs of arrivals with equal specs, by spec; arrivals are sorted by id.
  [[nodiscard]] std::vector<core::Interval> runs_of_arrivals() const;
  /// The class of a spec, made on first use.
  std::uint32_t class_of(const core::NodeSpec& spec);
  std::uint32_t place_on_levels(std::uint32_t node_class, const RequestClass& request_class,
                                std::uint32_t slots, Pieces& out) const;
  std::uint32_t find_or_add(const core::Request& request);
  void assess_all();
  void assess(RequestClass& request_class) const;
  void set_apart(RequestClass& request_class);
  void avoid_nodes(RequestClass& request_class) const;
  void index_domains();
  std::uint32_t new_request_class();
  void forget_unused_request_classes();
  void forget_unused_apart();
  std::uint64_t available_apart(RequestClass& request_class);
  void check_apart(const RequestClass& request_class) const;
  [[nodiscard]] std::uint64_t slots_free(const RequestClass& request_class,
                                         const NodeClass& node_class) const;

  NodePreference preference_;
  std::vector<Arrival> arrivals_;
  bool nodes_changed_ = false;  ///< since filters and scores were asked
  std::vector<NodeClass> classes_;
  /// Of the classes, side by side: most candidates are looked at only to see that nothing has
  /// changed, which would otherwise cost a cache line each.
  std::vector<std::uint64_t> versions_;
  std::map<core::NodeSpec, std::uint32_t> class_of_spec_;
  std::vector<std::uint32_t> left_classes_;  ///< that all nodes have left; some may be in use again
  std::vector<NodeClassView> views_;
  std::vector<Location> locations_;  ///< by node id
  std::vector<RequestClass> request_classes_;
  std::vector<std::uint32_t> spare_request_classes_;
  std::map<core::Request, std::uint32_t> request_class_of_;
  std::uint32_t last_interned_ = UINT32_MAX;
  std::size_t sweep_at_ = 1024;
  /// By base and domains; those without jobs stay until there are many.
  std::map<std::pair<std::uint32_t, std::vector<core::FaultDomain>>, std::uint32_t> apart_of_;
  std::size_t sweep_apart_at_ = least_sweep_apart;
  std::pair<std::uint32_t, std::vector<core::FaultDomain>> apart_key_;   ///< kept for its memory
  std::vector<std::pair<core::FaultDomain, std::uint32_t>> classes_in_;  ///< sorted; not of nodes
  std::vector<DomainsOfClass> domains_of_;  ///< by node class, as `classes_in_` has them
  std::uint64_t free_cores_ = 0;
  std::uint64_t releases_ = 0;
  std::uint64_t changes_ = 1;  ///< grows with every change of what is free
  std::uint32_t offline_nodes_ = 0;
};

/// Slots of `request_class` on one node that has `free` left.
inline std::uint32_t slots_on_node(const RequestClass& request_class,
                                   const core::Resources& capacity, const core::Resources& free) {
  if (!request_class.whole_nodes()) {
    return core::slots_that_fit(free, request_class.request.per_slot);
  }
  return free == capacity && capacity.contains(request_class.request.per_slot) ? 1 : 0;
}

}  // namespace nexa::scheduler
