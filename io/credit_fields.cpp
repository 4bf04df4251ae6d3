#include "io/credit_fields.hpp"

#include "io/field_helpers.hpp"
#include "io/yaml/table.hpp"
#include "ledger/policy_descriptor.hpp"

namespace nexa::io {
namespace {

/// `RefundRules` as a base, so that the table can name its members.
struct CreditFields : CreditSource {
  std::uint32_t late = 0;
  std::uint32_t not_needed = ledger::basis_points;
  std::uint32_t inconclusive = 0;
};

Codec<std::uint32_t> part_in_basis_points() {
  return as<std::uint32_t>(decimal(4, {0, ledger::basis_points}));
}

/// The text of a policy that `make` accepts.
template <class Make>
Codec<std::string> accepted_policy(const std::string& expected, Make make) {
  Codec<std::string> codec = text(expected);
  codec.decode = [decode = codec.decode, make](const Cursor& at, std::string& out) {
    std::string typed = out;
    decode(at, typed);
    if (const auto policy = make(typed); !policy) {
      at.error(policy.error().message, policy.error().hint);
    } else {
      out = std::move(typed);
    }
  };
  return codec;
}

void add_prices(Table<CreditFields>& table) {
  table
      .optional("price", inherited<CreditFields>(&CreditSource::price),
                accepted_policy("a price policy, such as flat_per_tier:fixed=100",
                                ledger::make_price_policy),
                "what a replica costs")
      .optional(
          "reward", inherited<CreditFields>(&CreditSource::reward),
          accepted_policy("a reward policy, such as quality_weighted", ledger::make_reward_policy),
          "what the price of valid replicas becomes")
      .optional("fee", inherited<CreditFields>(&CreditSource::fee), part_in_basis_points(),
                "the platform's part of what is charged")
      .optional("arbitration_copies", inherited<CreditFields>(&CreditSource::arbitration_copies),
                number({0, 1000}),
                "set aside for trusted copies, in the highest price of a replica")
      .optional("late", &CreditFields::late, part_in_basis_points(),
                "of the price, for a late result")
      .optional("not_needed", &CreditFields::not_needed, part_in_basis_points(),
                "of the price, for a replica that was stopped because others had decided")
      .optional("inconclusive", &CreditFields::inconclusive, part_in_basis_points(),
                "of the price, for a result that nobody knows to be right or wrong")
      .optional("stream", inherited<CreditFields>(&CreditSource::stream),
                choice<ledger::StreamMode>({"none", "vested", "immediate"}),
                "whether replicas earn by the second while they run")
      .optional("stream_grace", inherited<CreditFields>(&CreditSource::stream_grace), time_span(),
                "a stream earns so long after its last tick");
}

void add_risks(Table<CreditFields>& table) {
  table
      .optional("dispute_window", inherited<CreditFields>(&CreditSource::dispute_window),
                time_span(), "rewards are not paid out before")
      .optional("longest_vesting", inherited<CreditFields>(&CreditSource::longest_vesting),
                time_span(core::seconds(1)), "rewards are paid out at the latest then")
      .optional("slash", inherited<CreditFields>(&CreditSource::slash), part_in_basis_points(),
                "part of a node's stake that a conviction takes")
      .optional("stake_per_replica", inherited<CreditFields>(&CreditSource::stake_per_replica),
                credit_amount(), "locked of a node's stake while a replica waits for its verdict")
      .optional("bond", inherited<CreditFields>(&CreditSource::bond), credit_amount(),
                "put up by who disputes a verdict")
      .optional("dispute_timeout", inherited<CreditFields>(&CreditSource::dispute_timeout),
                time_span(core::seconds(1)), "after this a verdict stands that is disputed");
}

void check_stream(const Cursor& at, const CreditFields& fields) {
  if (fields.stream == ledger::StreamMode::none) return;
  const auto price = ledger::make_price_policy(fields.price);
  if (!price || (*price)->stream_rate()) return;
  at.error("price '" + fields.price + "' is not known while a replica runs",
           "streams want a price by the second: posted_stream");
}

Table<CreditFields> credit_table() {
  Table<CreditFields> table("a mapping that describes how jobs are paid for");
  add_prices(table);
  add_risks(table);
  table.check(check_stream);
  return table;
}

}  // namespace

Codec<CreditSource> credits_codec() {
  Codec<CreditSource> codec;
  codec.shape = credit_table().shape();
  codec.decode = [table = credit_table()](const Cursor& at, CreditSource& out) {
    CreditFields fields;
    table.decode(at, fields);
    out = static_cast<const CreditSource&>(fields);
    out.refunds = {fields.late, fields.not_needed, fields.inconclusive};
  };
  codec.write = [table = credit_table()](const CreditSource& source) {
    CreditFields fields;
    static_cast<CreditSource&>(fields) = source;
    fields.late = source.refunds.late;
    fields.not_needed = source.refunds.not_needed;
    fields.inconclusive = source.refunds.inconclusive;
    return table.write(fields);
  };
  return codec;
}

}  // namespace nexa::io
