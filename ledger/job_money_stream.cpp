#include "ledger/job_money.hpp"
#include "ledger/money_error.hpp"

namespace nexa::ledger {

using core::ErrorCode;

core::Result<ReplicaMoney*> JobMoney::streamed(core::JobId id, core::ReplicaId replica) {
  const auto found = job(id);
  if (!found) return found.error();
  const auto money = (*found)->replicas.find(replica);
  if (money == (*found)->replicas.end() || !money->second.stream.has_value()) {
    return money_error(ErrorCode::not_found,
                       "replica " + text_of(replica) + " of job " + text_of(id) + " has no stream",
                       "open the stream when the replica starts");
  }
  return &money->second;
}

core::Result<void> JobMoney::open_stream(core::JobId id, core::ReplicaId replica, core::Time now) {
  const auto found = job(id);
  if (!found) return found.error();
  JobRecord& current = **found;
  const JobTerms& terms = *current.terms;
  const auto money = current.replicas.find(replica);
  const bool decided = current.state != JobRecord::State::running;
  if (money == current.replicas.end() || decided || terms.stream == StreamMode::none) {
    return money_error(ErrorCode::conflict,
                       "replica " + text_of(replica) + " of job " + text_of(id) + " cannot stream",
                       "streams are agreed on at submission, for replicas that were assigned");
  }
  if (money->second.stream.has_value()) return {};
  JobRecord next = current;
  MoneyDraft draft;
  if (!next.funded) take_holds(next, draft, next.purses.held());
  const Stream::Terms posted{
      .rate = *terms.price->stream_rate(), .most = next.quote.replica, .grace = terms.stream_grace};
  next.replicas[replica].stream.emplace(posted, now);
  return book(current, std::move(next), draft, now);
}

core::Result<void> JobMoney::tick(core::JobId id, core::ReplicaId replica, std::uint64_t count,
                                  core::Time now) {
  const auto money = streamed(id, replica);
  if (!money) return money.error();
  (*money)->stream->tick(count, now);
  return {};
}

void JobMoney::reserve_due(JobRecord& next, core::ReplicaId replica, Amount charge,
                           MoneyDraft& draft, core::Time now) {
  ReplicaMoney& money = next.replicas.at(replica);
  const Amount amount = charge - fee_of(charge, next.terms->fee);
  // Less would be due only by a clock that has jumped back.
  if (amount <= money.pending) return;
  NodeMoney& node = nodes_.at(money.node);
  if (money.pending != 0) {
    draft.void_pending(next.key(MoneyKind::stream_void, replica.value), money.stream_pending,
                       Reason::stream);
  }
  const TransferId id = next.key(MoneyKind::stream, replica.value);
  draft.reserve(id, next.escrow, node.account, amount, Reason::stream,
                money_group(MoneyKind::reward, money.node, node.convictions));
  draft.effects.emplace_back(
      [&node, key = std::pair{next.id(), replica}] { node.streams.insert(key); });
  draft.payments.push_back(payment(next, id, Reason::stream, amount, now));
  money.stream_pending = id;
  money.pending = amount;
}

void JobMoney::pay_due(JobRecord& next, core::ReplicaId replica, Amount charge, MoneyDraft& draft,
                       core::Time now) {
  ReplicaMoney& money = next.replicas.at(replica);
  const Amount fee = fee_of(charge, next.terms->fee);
  const Amount reward = charge - fee;
  // Both grow with the charge; less would be due only by a clock that has jumped back.
  if (reward < money.paid || fee < money.fee) return;
  const TransferId id = next.key(MoneyKind::stream, replica.value);
  draft.move(id, next.escrow, nodes_.at(money.node).account, reward - money.paid, Reason::stream);
  draft.move(next.key(MoneyKind::stream_fee, replica.value), next.escrow, house_->fee,
             fee - money.fee, Reason::fee);
  if (reward != money.paid) {
    draft.payments.push_back(payment(next, id, Reason::stream, reward - money.paid, now));
  }
  money.paid = reward;
  money.fee = fee;
}

core::Result<void> JobMoney::pull(core::JobId id, core::ReplicaId replica, core::Time now) {
  const auto money = streamed(id, replica);
  if (!money) return money.error();
  if ((*money)->forfeited || (*money)->report.has_value()) return {};
  JobRecord& current = jobs_.at(id);
  JobRecord next = current;
  MoneyDraft draft;
  const Stream& stream = *(*money)->stream;
  const Amount charge = stream.due_at(now);
  if (next.terms->stream == StreamMode::vested) {
    reserve_due(next, replica, charge, draft, now);
  } else {
    pay_due(next, replica, charge, draft, now);
  }
  for (Payment& each : draft.payments) {
    each.replica = replica;
    each.node = (*money)->node;
    each.policy = next.terms->price->name();
    each.factors = {
        {"rate", static_cast<Amount>(stream.terms().rate.micro_credits), "micro-credits"},
        {"in", static_cast<Amount>(stream.terms().rate.seconds), "s"},
        {"last valid tick", stream.last_tick(), "s"},
        {"due since the start", charge, "micro-credits"},
        {"fee rate", next.terms->fee, "basis points"},
        {"fee", fee_of(charge, next.terms->fee), "micro-credits"}};
  }
  return book(current, std::move(next), draft, now);
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
