#include "ledger/id_text.hpp"
#include "ledger/job_money.hpp"

namespace nexa::ledger {

using core::ErrorCode;

core::Result<ReplicaMoney*> JobMoney::streamed(core::JobId id, core::ReplicaId replica) {
  const auto found = job(id);
  if (!found) return found.error();
  const auto money = (*found)->replicas.find(replica);
  if (money == (*found)->replicas.end() || !money->second.stream.has_value()) {
    return core::make_error(
        ErrorCode::not_found,
        "replica " + text_of(replica) + " of job " + text_of(id) + " has no stream",
        "open the stream when the replica starts");
  }
  return &money->second;
}

core::Result<void> JobMoney::open_stream(core::JobId id, core::ReplicaId replica, core::Time now) {
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  const Contract& terms = *current.terms;
  const auto money = current.replicas.find(replica);
  const bool decided = current.state != JobRecord::State::running;
  if (money == current.replicas.end() || decided || terms.stream == StreamMode::none) {
    return core::make_error(
        ErrorCode::conflict,
        "replica " + text_of(replica) + " of job " + text_of(id) + " cannot stream",
        "streams are agreed on at submission, for replicas that were assigned");
  }
  if (money->second.stream.has_value()) return {};
  Step step(*this, current);
  if (!current.funded) take_holds(current, current.purses.held());
  const Stream::Terms posted{.rate = *terms.price->stream_rate(),
                             .most = current.quote.replica,
                             .grace = terms.stream_grace};
  money->second.stream.emplace(posted, now);
  return step.book(now);
}

core::Result<void> JobMoney::tick(core::JobId id, core::ReplicaId replica, std::uint64_t count,
                                  core::Time now) {
  const auto money = streamed(id, replica);
  if (!money) return money.error();
  (*money)->stream->tick(count, now);
  return {};
}

void JobMoney::void_stream_of(JobRecord& next, core::ReplicaId replica, ReplicaMoney& money) {
  if (money.pending != 0) {
    draft_.void_pending(next.key(MoneyKind::stream_void, replica.value),
                        money_id(MoneyKind::stream, next.id(), replica.value, money.stream_round),
                        Reason::stream);
  }
  money.pending = 0;
  money.stream_round = 0;
}

void JobMoney::reserve_due(JobRecord& next, core::ReplicaId replica, Amount charge,
                           core::Time now) {
  ReplicaMoney& money = next.replicas.at(replica);
  const Amount amount = charge - fee_of(charge, next.terms->fee);
  // Less would be due only by a clock that has jumped back.
  if (amount <= money.pending) return;
  NodeMoney& node = nodes_.at(money.node);
  void_stream_of(next, replica, money);
  const TransferId id = next.key(MoneyKind::stream, replica.value);
  draft_.reserve(id, next.escrow, node.account, amount, Reason::stream,
                 money_group(MoneyKind::reward, money.node, node.convictions));
  draft_.effects.emplace_back(effect::StreamReserved{&node, {next.id(), replica}});
  tell(next, id, Reason::stream, amount, now);
  money.stream_round = next.round;
  money.pending = amount;
}

void JobMoney::pay_due(JobRecord& next, core::ReplicaId replica, Amount charge, core::Time now) {
  ReplicaMoney& money = next.replicas.at(replica);
  const Amount fee = fee_of(charge, next.terms->fee);
  const Amount reward = charge - fee;
  // Both grow with the charge; less would be due only by a clock that has jumped back.
  if (reward < money.paid || fee < money.fee) return;
  const TransferId id = next.key(MoneyKind::stream, replica.value);
  draft_.move(id, next.escrow, nodes_.at(money.node).account, reward - money.paid, Reason::stream);
  draft_.move(next.key(MoneyKind::stream_fee, replica.value), next.escrow, house_->fee,
              fee - money.fee, Reason::fee);
  if (reward != money.paid) tell(next, id, Reason::stream, reward - money.paid, now);
  money.paid = reward;
  money.fee = fee;
}

core::Result<void> JobMoney::pull(core::JobId id, core::ReplicaId replica, core::Time now) {
  const auto money = streamed(id, replica);
  if (!money) return money.error();
  if ((*money)->forfeited || (*money)->report.has_value()) return {};
  JobRecord& current = jobs_.at(id);
  const Stream& stream = *(*money)->stream;
  const Amount charge = stream.due_at(now);
  Step step(*this, current);
  if (current.terms->stream == StreamMode::vested) {
    reserve_due(current, replica, charge, now);
  } else {
    pay_due(current, replica, charge, now);
  }
  for (Payment& each : draft_.payments) {
    each.replica = replica;
    each.node = (*money)->node;
    each.policy = current.terms->price->name();
    each.factors = {
        {"rate", static_cast<Amount>(stream.terms().rate.micro_credits), "micro-credits"},
        {"in", static_cast<Amount>(stream.terms().rate.seconds), "s"},
        {"last valid tick", stream.last_tick(), "s"},
        {"due since the start", charge, "micro-credits"},
        {"fee rate", current.terms->fee, "basis points"},
        {"fee", fee_of(charge, current.terms->fee), "micro-credits"}};
  }
  return step.book(now);
}

core::Result<void> JobMoney::close_stream(core::JobId id, core::ReplicaId replica, core::Time now) {
  const auto money = streamed(id, replica);
  if (!money) return money.error();
  (*money)->stream->close(now);
  return pull(id, replica, now);
}

const Stream* JobMoney::stream(core::JobId id, core::ReplicaId replica) const {
  const JobRecord* const record = find(id);
  if (record == nullptr) return nullptr;
  const auto money = record->replicas.find(replica);
  if (money == record->replicas.end() || !money->second.stream.has_value()) return nullptr;
  return &*money->second.stream;
}

}  // namespace nexa::ledger
