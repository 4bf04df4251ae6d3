// The containers of the engine against plain ones, by random operations.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "scheduler/job_table.hpp"
#include "scheduler/node_bitmap.hpp"
#include "scheduler/node_class.hpp"
#include "scheduler/node_runs.hpp"
#include "scheduler/ordered_queue.hpp"
#include "scheduler/policy_set.hpp"
#include "tests/scheduler/random_case.hpp"
#include "tests/scheduler/test_size.hpp"

namespace nexa::scheduler {
namespace {

using core::Interval;
using core::Resources;
using test::Draws;

std::string seed_text(std::uint64_t seed) {
  return "seed " + std::to_string(seed);
}

Interval random_interval(Draws& draws, std::uint32_t size) {
  const std::uint32_t first = draws.number(0, size - 1);
  const std::uint32_t longest = draws.one_in(4) ? size : 8;
  return {first, draws.number(first, std::min(first + longest, size) - 1)};
}

TEST(NodeBitmap, agrees_with_a_set) {
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(100); ++seed) {
    SCOPED_TRACE(seed_text(seed));
    Draws draws(seed);
    std::uint32_t capacity = draws.number(1, 300);
    NodeBitmap bitmap(capacity);
    std::set<std::uint32_t> members;
    for (int step = 0; step < 60; ++step) {
      const Interval interval = random_interval(draws, capacity);
      const bool inserts = draws.one_in(2);
      inserts ? bitmap.insert(interval) : bitmap.erase(interval);
      for (std::uint32_t n = interval.first; n <= interval.last; ++n) {
        inserts ? static_cast<void>(members.insert(n)) : static_cast<void>(members.erase(n));
      }
      if (draws.one_in(10)) bitmap.grow(capacity += draws.number(0, 70));
      for (std::uint32_t n = 0; n < capacity; ++n) ASSERT_EQ(bitmap.contains(n), members.count(n));

      const auto count = static_cast<std::uint32_t>(draws.below(members.size() + 1));
      std::vector<Interval> lowest;
      bitmap.for_each_lowest(count, [&](Interval found) { lowest.push_back(found); });
      std::vector<Interval> expected;
      auto next = members.begin();
      for (std::uint32_t i = 0; i < count; ++i, ++next) expected.push_back({*next, *next});
      core::canonicalise(expected);
      ASSERT_EQ(lowest, expected);
    }
  }
}

TEST(NodeBitmapDeath, comes_from_asking_for_more_than_there_is) {
  NodeBitmap bitmap(100);
  bitmap.insert({3, 5});
  EXPECT_DEATH(bitmap.for_each_lowest(4, [](Interval /*found*/) {}), "");
}

/// Compares the runs that make up `within` with plain values; runs must be as long as they can be.
void expect_runs(const NodeRuns& runs, const std::vector<std::uint32_t>& values, Interval within) {
  while (within.first <= within.last) {
    std::uint32_t last = within.first;
    while (last < within.last && values[last + 1] == values[within.first]) ++last;
    const NodeRuns::Run run = runs.first_run(within);
    ASSERT_EQ(run.nodes, (Interval{within.first, last}));
    ASSERT_EQ(run.value, values[within.first]);
    within.first = last + 1;
  }
}

TEST(NodeRuns, agree_with_a_value_per_node) {
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(60); ++seed) {
    SCOPED_TRACE(seed_text(seed));
    Draws draws(seed);
    // Above 4096 nodes a search may have to cross words of the summary.
    std::vector<std::uint32_t> values(draws.number(1, draws.one_in(4) ? 20'000 : 300), 7);
    NodeRuns runs;
    runs.reset(draws.number(1, 100), 3);
    runs.assign({0, runs.size() / 2}, 4);
    runs.reset(static_cast<std::uint32_t>(values.size()), 7);
    for (int step = 0; step < 60; ++step) {
      const auto size = static_cast<std::uint32_t>(values.size());
      const Interval interval = random_interval(draws, size);
      const std::uint32_t value = draws.number(0, 3);
      runs.assign(interval, value);
      std::fill(values.begin() + interval.first, values.begin() + interval.last + 1, value);
      if (draws.one_in(5)) {
        const std::uint32_t added = draws.number(0, 3);
        runs.append(added);
        values.push_back(added);
      }
      ASSERT_EQ(runs.size(), values.size());
      expect_runs(runs, values, {0, runs.size() - 1});
      expect_runs(runs, values, random_interval(draws, runs.size()));
      const std::uint32_t node = draws.number(0, runs.size() - 1);
      ASSERT_EQ(runs.value_at(node), values[node]);
    }
  }
}

/// A node class as a plain list of nodes.
struct NaiveNode {
  Resources free;
  bool offline = false;
};

void expect_equal(const NodeClass& node_class, const std::vector<NaiveNode>& nodes) {
  node_class.check();
  std::uint64_t free_cores = 0;
  std::uint32_t idle = 0;
  std::map<Resources, std::uint32_t> online;
  for (std::uint32_t n = 0; n < nodes.size(); ++n) {
    ASSERT_EQ(node_class.level_of(n).free, nodes[n].free) << "node " << n;
    ASSERT_EQ(node_class.level_of(n).offline, nodes[n].offline) << "node " << n;
    if (nodes[n].offline) continue;
    free_cores += nodes[n].free.cores;
    if (nodes[n].free == node_class.spec().capacity) ++idle;
    if (nodes[n].free.cores != 0) ++online[nodes[n].free];
  }
  ASSERT_EQ(node_class.free_cores(), free_cores);
  ASSERT_EQ(node_class.idle_level() == nullptr ? 0 : node_class.idle_level()->count, idle);
  std::map<Resources, std::uint32_t> levels;
  const Resources* previous = nullptr;
  for (const std::uint32_t index : node_class.order()) {
    const Level& level = node_class.level(index);
    if (previous != nullptr) {
      ASSERT_LT(*previous, level.free) << "least free first";
    }
    previous = &level.free;
    // Whether full nodes are listed is the class's business: they take no new work.
    if (level.count != 0 && level.free.cores != 0) levels[level.free] = level.count;
  }
  ASSERT_EQ(levels, online);
}

void try_node_class(std::uint64_t seed, const Resources& capacity) {
  SCOPED_TRACE(seed_text(seed));
  Draws draws(seed);
  core::NodeSpec spec;
  spec.capacity = capacity;
  NodeClass node_class(spec);
  std::vector<NaiveNode> nodes;
  struct Held {
    Interval nodes;
    Resources amount;
  };
  std::vector<Held> held;
  const auto add_node = [&] {
    node_class.add_node(core::NodeId{static_cast<std::uint32_t>(nodes.size())});
    nodes.push_back({capacity, false});
  };
  for (std::uint32_t i = draws.number(1, 90); i > 0; --i) add_node();
  for (int step = 0; step < 250; ++step) {
    const std::uint64_t action = draws.below(10);
    if (action < 5) {
      const Interval interval = random_interval(draws, static_cast<std::uint32_t>(nodes.size()));
      const Resources amount{draws.number(1, capacity.cores), draws.number(0, capacity.gpus),
                             draws.below(capacity.memory_kib + 1)};
      const Resources taken = capacity.cores == 1 ? capacity : amount;
      const bool has_room = std::all_of(
          nodes.begin() + interval.first, nodes.begin() + interval.last + 1,
          [&taken](const NaiveNode& node) { return !node.offline && node.free.contains(taken); });
      if (!has_room) continue;
      node_class.allocate(interval, taken);
      for (std::uint32_t n = interval.first; n <= interval.last; ++n) nodes[n].free -= taken;
      held.push_back({interval, taken});
    } else if (action < 8 && !held.empty()) {
      std::swap(held[draws.below(held.size())], held.back());
      const Held back = held.back();
      held.pop_back();
      node_class.release(back.nodes, back.amount);
      for (std::uint32_t n = back.nodes.first; n <= back.nodes.last; ++n) {
        nodes[n].free += back.amount;
      }
    } else if (action == 8) {
      const auto n = static_cast<std::uint32_t>(draws.below(nodes.size()));
      nodes[n].offline = draws.one_in(2);
      node_class.set_offline(n, nodes[n].offline);
    } else if (draws.one_in(5)) {
      add_node();
    }
    expect_equal(node_class, nodes);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(NodeClass, agrees_with_a_list_of_nodes) {
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(60); ++seed) {
    try_node_class(seed, {8, 2, 20});
    try_node_class(seed, {64, 0, 0});
    try_node_class(seed, {128, 8, 1000});  // more levels than are kept when empty
    if (HasFatalFailure()) return;
  }
}

TEST(NodeClass, of_one_core_nodes_agrees_with_a_list_of_nodes) {
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(100); ++seed) {
    try_node_class(seed, {1, 0, 0});
    if (HasFatalFailure()) return;
  }
}

TEST(NodeClassDeath, comes_from_taking_more_than_is_free) {
  core::NodeSpec spec;
  spec.capacity = {4, 0, 0};
  NodeClass node_class(spec);
  node_class.add_node(core::NodeId{0});
  node_class.allocate({0, 0}, {3, 0, 0});
  EXPECT_DEATH(node_class.allocate({0, 0}, {2, 0, 0}), "");
}

/// The greatest element of a chunk.
struct Greatest {
  int value = 0;
  void add(int item) { value = std::max(value, item); }
  [[nodiscard]] bool depends_on(int item) const { return item == value; }
};
using Chunks = SortedChunks<int, std::less<>, Greatest>;

void expect_equal(const Chunks& chunks, const std::set<int>& model) {
  ASSERT_EQ(chunks.size(), model.size());
  ASSERT_EQ(chunks.empty(), model.empty());
  std::vector<int> items;
  for (const auto& chunk : chunks.chunks()) {
    ASSERT_FALSE(chunk->items().empty());
    ASSERT_LE(chunk->items().size(), Chunks::chunk_capacity);
    ASSERT_EQ(chunk->summary().value, chunk->items().back()) << "a stale summary";
    items.insert(items.end(), chunk->items().begin(), chunk->items().end());
  }
  ASSERT_EQ(items, std::vector<int>(model.begin(), model.end()));
  if (!model.empty()) {
    ASSERT_EQ(chunks.front(), *model.begin());
  }
}

TEST(SortedChunks, agree_with_a_set) {
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(60); ++seed) {
    SCOPED_TRACE(seed_text(seed));
    Draws draws(seed);
    Chunks chunks;
    std::set<int> model;
    int next = 1'000'000;
    for (int step = 0; step < 1500; ++step) {
      // The first half of the time grows, the second shrinks; some runs append only.
      const bool inserts = step < 750 ? !draws.one_in(4) : draws.one_in(4);
      if (inserts) {
        const int item = seed % 3 == 0 ? next++ : static_cast<int>(draws.below(100'000)) + 1;
        if (model.insert(item).second) chunks.insert(item);
      } else if (!model.empty()) {
        const auto after = model.lower_bound(static_cast<int>(draws.below(1'001'000)));
        const int item = after == model.end() ? *model.begin() : *after;
        model.erase(item);
        chunks.erase(item);
      }
      if (step % 29 == 0) expect_equal(chunks, model);
      if (HasFatalFailure()) return;
    }
    const std::vector<int> sorted(model.begin(), model.end());
    chunks.assign_sorted(sorted);
    expect_equal(chunks, model);
    chunks.clear();
    expect_equal(chunks, {});
  }
}

TEST(SortedChunks, keep_a_line_of_any_length) {
  for (const int length : {1, 2, 31, 33, 63, 64, 65, 200}) {
    SCOPED_TRACE(length);
    Chunks chunks;
    std::set<int> model;
    for (int item = 1; item < 1000; ++item) {
      chunks.insert(item);
      model.insert(item);
      if (item > length) {
        chunks.pop_front();
        model.erase(model.begin());
      }
      if (item % 7 == 0) expect_equal(chunks, model);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(SortedChunksDeath, comes_from_erasing_what_is_not_there) {
  Chunks chunks;
  chunks.insert(4);
  EXPECT_DEATH(chunks.erase(5), "");
}

/// Jobs of random limits and widths in a queue under `order`, compared with a stable sort.
void try_queue(std::uint64_t seed, std::string_view order) {
  SCOPED_TRACE(seed_text(seed) + " " + std::string(order));
  Draws draws(seed);
  const PolicySet policies = parse_policy_set(order).value();
  OrderedQueue queue(*policies.order);
  std::map<JobSlot, JobRecord> waiting;
  for (JobSlot slot = 0; slot < 200; ++slot) {
    JobRecord record;
    record.arrival = slot;
    record.job.submit = core::at_seconds(slot);
    record.job.time_limit = core::seconds(draws.between(1, 20));
    record.job.request.slots = draws.number(1, 9);
    record.cores = record.job.request.slots;
    const core::Time now = record.job.submit;
    queue.insert(slot, record, now);
    waiting.emplace(slot, record);
    if (draws.one_in(3)) {
      const auto gone =
          std::next(waiting.begin(), static_cast<std::ptrdiff_t>(draws.below(waiting.size())));
      queue.erase(gone->first);
      waiting.erase(gone);
    }
    queue.refresh(now);
    std::vector<std::pair<double, JobSlot>> expected;
    for (const auto& [job, kept] : waiting) {
      const JobView view{kept.job.submit, kept.job.time_limit, kept.cores, kept.job.request.slots,
                         kept.job.user};
      expected.emplace_back(policies.order->key(view, now), job);
    }
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(queue.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(queue.position(expected[i].second), i) << "job " << expected[i].second;
    }
    if (!expected.empty()) {
      ASSERT_EQ(queue.front().job, expected.front().second);
    }
  }
}

TEST(OrderedQueue, is_a_stable_sort_by_key) {
  for (std::uint64_t seed = 0; seed < test::fewer_if_slow(20); ++seed) {
    for (const char* order : {"fcfs", "sjf", "lpf", "saf", "sqf", "wfp3", "unicep", "f1"}) {
      try_queue(seed, order);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(JobTable, finds_sparse_ids) {
  JobTable table;
  const std::vector<std::uint32_t> ids = {0, 4095, 4096, 4'000'000'000, UINT32_MAX};
  std::map<std::uint32_t, JobSlot> slots;
  for (const std::uint32_t id : ids) {
    EXPECT_FALSE(table.find(core::JobId{id}).has_value());
    slots[id] = table.add(core::JobId{id});
  }
  EXPECT_EQ(table.size(), ids.size());
  for (const std::uint32_t id : ids) {
    EXPECT_EQ(table.find(core::JobId{id}), slots[id]);
    EXPECT_EQ(table[slots[id]].job.id, core::JobId{id});
  }
  for (const std::uint32_t id : {1U, 4094U, 4097U, 3'999'999'999U}) {
    EXPECT_FALSE(table.find(core::JobId{id}).has_value()) << id;
  }
}

TEST(JobTable, uses_slots_again_and_forgets_what_was_in_them) {
  JobTable table;
  const JobSlot slot = table.add(core::JobId{4095});
  table[slot].phase = Phase::waiting;
  table[slot].cancel_wanted = true;
  table.remove(slot);
  EXPECT_FALSE(table.find(core::JobId{4095}).has_value());
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.add(core::JobId{1}), slot);
  EXPECT_EQ(table[slot].phase, Phase::gone);
  EXPECT_FALSE(table[slot].cancel_wanted);
  EXPECT_EQ(table.slot_limit(), 1U);
}

TEST(JobTableDeath, comes_from_an_id_that_is_in_use) {
  JobTable table;
  table.add(core::JobId{3});
  EXPECT_DEATH(table.add(core::JobId{3}), "");
}

}  // namespace
}  // namespace nexa::scheduler
