#include "simulator/provider_economics.hpp"

#include <algorithm>

#include "core/assert.hpp"
#include "core/rng.hpp"
#include "simulator/amounts.hpp"

namespace nexa::simulator {
namespace {

constexpr std::uint32_t million = 1'000'000;

Wide micro(core::Credits amount) {
  return amount.micro();
}

core::Credits to_credits(Wide micro_credits) {
  NEXA_ASSERT(micro_credits <= INT64_MAX && micro_credits >= INT64_MIN, "credits overflow");
  return core::Credits::from_micro(static_cast<std::int64_t>(micro_credits));
}

Wide divided_up(Wide dividend, Wide divisor) {
  return (dividend + divisor - 1) / divisor;
}

/// What so much core time costs at a rate per core hour, rounded up.
core::Credits cost_rounded_up(core::Duration core_time, core::Credits per_hour) {
  return to_credits(divided_up(Wide{core_time.count()} * per_hour.micro(), microseconds_per_hour));
}

}  // namespace

bool cheating_pays(const ProviderRecord& record) {
  if (record.results == 0) return false;
  const Wide results = record.results;
  // Both sides times (results + 2) and times results, so that nothing is divided.
  const Wide at_risk =
      micro(record.rewards) + results * (micro(record.stake) + micro(record.withheld));
  const Wide loss = Wide{record.checked + 1} * at_risk;
  const Wide gain = Wide{record.results + 2} * micro(record.work);
  return loss < gain;
}

std::uint32_t deterrent_audit_ppm(core::Credits reward, core::Credits cost, core::Credits stake,
                                  core::Credits withheld) {
  if (cost.micro() <= 0) return 0;
  const Wide at_risk = micro(reward) + micro(stake) + micro(withheld);
  if (at_risk <= micro(cost)) return million;
  return static_cast<std::uint32_t>(divided_up(micro(cost) * million, at_risk));
}

core::Credits least_identity_cost(std::uint32_t vesting_results, std::uint32_t audit_ppm,
                                  core::Credits reward) {
  const Wide whole_window = Wide{vesting_results} * micro(reward);
  if (audit_ppm == 0) return to_credits(whole_window);
  const Wide until_audit =
      divided_up(Wide{million - std::min(audit_ppm, million)} * micro(reward), audit_ppm);
  return to_credits(std::min(whole_window, until_audit));
}

Providers::Providers(const core::Platform& platform, const core::Economy& economy,
                     std::uint64_t seed)
    : economy_(economy) {
  for (const core::NodeGroup& group : platform.groups) {
    for (std::uint32_t i = 0; i < group.count; ++i) {
      const core::DrawKey key{seed, core::RandomStream::provider_entry, records_.size(), 0};
      ProviderRecord record;
      record.present = core::random_below(key, million) < economy.present_ppm;
      if (record.present) record.stake = economy.stake;
      records_.push_back(record);
      cores_.push_back(group.spec.capacity.cores);
    }
  }
}

void Providers::on_result(core::NodeId node, core::Duration core_time, bool computed) {
  ProviderRecord& record = records_[node.value];
  const core::Credits cost = cost_rounded_up(core_time, economy_.cost_per_core_hour);
  ++record.results;
  record.work += cost;
  if (computed) record.spent += cost;
}

void Providers::on_check(core::NodeId node) {
  ++records_[node.value].checked;
}

void Providers::on_pay(core::NodeId node, core::Credits reward, bool vests) {
  ProviderRecord& record = records_[node.value];
  record.rewards += reward;
  record.earned += reward;
  if (vests) record.withheld += reward;
}

void Providers::on_vest(core::NodeId node, core::Credits amount) {
  ProviderRecord& record = records_[node.value];
  NEXA_ASSERT(amount <= record.withheld, "what vests was withheld");
  record.withheld -= amount;
}

void Providers::on_conviction(core::NodeId node, core::Credits slashed) {
  ProviderRecord& record = records_[node.value];
  NEXA_ASSERT(slashed <= record.stake, "what is slashed was staked");
  ++record.strikes;
  record.earned -= slashed + record.withheld;
  record.stake -= slashed;
  record.withheld = {};
}

void Providers::on_registration(core::NodeId node) {
  ProviderRecord fresh;
  fresh.stake = economy_.stake;
  fresh.earned -= economy_.registration_fee;
  records_[node.value] = fresh;
}

void Providers::on_departure(core::NodeId node) {
  records_[node.value] = ProviderRecord{.present = false};
}

core::Credits Providers::profit_of(std::size_t node) const {
  const ProviderRecord& record = records_[node];
  const core::Duration core_time = economy_.review_every * cores_[node];
  return record.earned - record.spent -
         cost_rounded_up(core_time, economy_.idle_cost_per_core_hour);
}

Providers::Market Providers::look_at_market() const {
  Wide profit = 0;
  Wide cores = 0;
  for (std::size_t node = 0; node < records_.size(); ++node) {
    if (!records_[node].present || records_[node].strikes > 0) continue;
    profit += micro(profit_of(node));
    cores += cores_[node];
  }
  return {cores == 0 ? core::Credits{} : to_credits(profit / cores)};
}

ProviderStep Providers::review_one(std::size_t node, const Market& market, bool is_opportunist) {
  ProviderRecord& record = records_[node];
  const Wide horizon = economy_.horizon;
  const Wide usual = micro(market.profit_per_core) * cores_[node];
  const Wide fee = micro(economy_.registration_fee);
  if (!record.present) return horizon * usual > fee ? ProviderStep::join : ProviderStep::stay;
  const core::Credits profit = profit_of(node);
  record.losing_reviews = profit < core::Credits{} ? record.losing_reviews + 1 : 0;
  if (is_opportunist && record.strikes > 0) {
    const Wide left_behind = fee + micro(record.withheld);
    if (horizon * (usual - micro(profit)) > left_behind) return ProviderStep::whitewash;
  }
  return record.losing_reviews >= economy_.patience ? ProviderStep::leave : ProviderStep::stay;
}

std::vector<ProviderMove> Providers::review(const std::vector<bool>& is_opportunist) {
  NEXA_ASSERT(is_opportunist.size() == records_.size(), "every node is asked");
  const Market market = look_at_market();
  std::vector<ProviderMove> moves;
  for (std::size_t node = 0; node < records_.size(); ++node) {
    const ProviderStep step = review_one(node, market, is_opportunist[node]);
    records_[node].earned = {};
    records_[node].spent = {};
    if (step == ProviderStep::stay) continue;
    moves.push_back({core::NodeId{static_cast<std::uint32_t>(node)}, step});
  }
  return moves;
}

}  // namespace nexa::simulator
