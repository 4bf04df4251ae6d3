#include "io/credit_fields.hpp"

#include "io/field_helpers.hpp"
#include "io/yaml/table.hpp"
#include "ledger/policy_descriptor.hpp"

namespace nexa::io {
namespace {

/// `RefundRules` as a base, so that the table can name its members.
struct Fields : CreditSource {
  std::uint32_t late = 0;
  std::uint32_t not_needed = ledger::basis_points;
  std::uint32_t inconclusive = 0;
};

Codec<std::uint32_t> part_in_basis_points() {
  return as<std::uint32_t>(decimal(4, {0, ledger::basis_points}));
}

Codec<core::Credits> amount() {
  return credits({core::Credits{}, core::Credits::whole(1'000'000'000)});
}

/// The text of a policy that `make` accepts.
template <class Make>
Codec<std::string> policy_codec(const std::string& expected, Make make) {
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

void add_prices(Table<Fields>& table) {
  table
      .optional("price", inherited<Fields>(&CreditSource::price),
                policy_codec("a price policy, such as flat_per_tier:fixed=100",
                             ledger::make_price_policy),
                "what a replica costs")
      .optional(
          "reward", inherited<Fields>(&CreditSource::reward),
          policy_codec("a reward policy, such as quality_weighted", ledger::make_reward_policy),
          "what the price of valid replicas becomes")
      .optional("fee", inherited<Fields>(&CreditSource::fee), part_in_basis_points(),
                "the platform's part of what is charged")
      .optional("arbitration_copies", inherited<Fields>(&CreditSource::arbitration_copies),
                number({0, 1000}),
                "set aside for trusted copies, in the highest price of a replica")
      .optional("late", &Fields::late, part_in_basis_points(), "of the price, for a late result")
      .optional("not_needed", &Fields::not_needed, part_in_basis_points(),
                "of the price, for a replica that was stopped because others had decided")
      .optional("inconclusive", &Fields::inconclusive, part_in_basis_points(),
                "of the price, for a result that nobody knows to be right or wrong")
      .optional("stream", inherited<Fields>(&CreditSource::stream),
                choice<ledger::StreamMode>({"none", "vested", "immediate"}),
                "whether replicas earn by the second while they run")
      .optional("stream_grace", inherited<Fields>(&CreditSource::stream_grace), time_span(),
                "a stream earns so long after its last tick");
}

void add_risks(Table<Fields>& table) {
  table
      .optional("dispute_window", inherited<Fields>(&CreditSource::dispute_window), time_span(),
                "rewards are not paid out before")
      .optional("longest_vesting", inherited<Fields>(&CreditSource::longest_vesting),
                time_span(core::seconds(1)), "rewards are paid out at the latest then")
      .optional("slash", inherited<Fields>(&CreditSource::slash), part_in_basis_points(),
                "part of a node's stake that a conviction takes")
      .optional("stake_per_replica", inherited<Fields>(&CreditSource::stake_per_replica), amount(),
                "locked of a node's stake while a replica waits for its verdict")
      .optional("bond", inherited<Fields>(&CreditSource::bond), amount(),
                "put up by who disputes a verdict")
      .optional("dispute_timeout", inherited<Fields>(&CreditSource::dispute_timeout),
                time_span(core::seconds(1)), "after this a verdict stands that is disputed");
}

void check_stream(const Cursor& at, const Fields& fields) {
  if (fields.stream == ledger::StreamMode::none) return;
  const auto price = ledger::make_price_policy(fields.price);
  if (!price || (*price)->stream_rate()) return;
  at.error("price '" + fields.price + "' is not known while a replica runs",
           "streams want a price by the second: posted_stream");
}

Table<Fields> fields_table() {
  Table<Fields> table("a mapping that describes how jobs are paid for");
  add_prices(table);
  add_risks(table);
  table.check(check_stream);
  return table;
}

}  // namespace

Codec<CreditSource> credits_codec() {
  Codec<CreditSource> codec;
  codec.shape = fields_table().shape();
  codec.decode = [table = fields_table()](const Cursor& at, CreditSource& out) {
    Fields fields;
    table.decode(at, fields);
    out = static_cast<const CreditSource&>(fields);
    out.refunds = {fields.late, fields.not_needed, fields.inconclusive};
  };
  codec.write = [table = fields_table()](const CreditSource& source) {
    Fields fields;
    static_cast<CreditSource&>(fields) = source;
    fields.late = source.refunds.late;
    fields.not_needed = source.refunds.not_needed;
    fields.inconclusive = source.refunds.inconclusive;
    return table.write(fields);
  };
  return codec;
}

}  // namespace nexa::io
