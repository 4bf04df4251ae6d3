#include "cli/credit_summary.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/behaviour.hpp"

namespace nexa::cli {
namespace {

using Json = nlohmann::ordered_json;
using simulator::BehaviourMoney;
using simulator::CreditFigures;
using simulator::MoneyFlow;

/// Credits to the hundredth, for people.
std::string rough(core::Credits amount) {
  return fmt::format("{:.2f}", static_cast<double>(amount.micro()) / 1e6);
}

Json behaviours_json(const std::vector<BehaviourMoney>& behaviours) {
  Json list = Json::array();
  for (const BehaviourMoney& one : behaviours) {
    list.push_back({{"name", one.name},
                    {"intent", core::name_of(one.intent)},
                    {"nodes", one.nodes},
                    {"earned", one.earned.micro()},
                    {"withheld", one.withheld.micro()},
                    {"slashed", one.slashed.micro()},
                    {"fees", one.fees.micro()},
                    {"computing", one.computing.micro()},
                    {"idling", one.idling.micro()},
                    {"profit", one.profit().micro()}});
  }
  return list;
}

Json flows_json(const std::vector<MoneyFlow>& flows) {
  Json list = Json::array();
  for (const MoneyFlow& flow : flows) {
    list.push_back({{"from", flow.from}, {"to", flow.to}, {"amount", flow.amount.micro()}});
  }
  return list;
}

std::string behaviours_text(const std::vector<BehaviourMoney>& behaviours) {
  std::string text = fmt::format("\n{:<18}{:>8}{:>14}{:>14}{:>12}{:>14}{:>14}\n", "credits",
                                 "nodes", "earned", "unvested", "slashed", "costs", "profit");
  for (const BehaviourMoney& one : behaviours) {
    text += fmt::format("{:<18}{:>8}{:>14}{:>14}{:>12}{:>14}{:>14}\n", one.name, one.nodes,
                        rough(one.earned), rough(one.withheld), rough(one.slashed),
                        rough(one.fees + one.computing + one.idling), rough(one.profit()));
  }
  return text;
}

std::string providers_text(const CreditFigures& figures) {
  if (figures.joined + figures.left + figures.whitewashed == 0) return {};
  return fmt::format("{:<14}{} joined, {} left, {} came back under a new name\n", "providers",
                     figures.joined, figures.left, figures.whitewashed);
}

std::string disputes_text(const CreditFigures& figures) {
  std::string text;
  if (figures.jobs_refused > 0) {
    text += fmt::format("{:<14}{} jobs, whose worst case nobody could pay\n", "refused",
                        figures.jobs_refused);
  }
  if (figures.disputes > 0) {
    text += fmt::format("{:<14}{}, of which {} were upheld\n", "disputes", figures.disputes,
                        figures.disputes_upheld);
  }
  return text;
}

}  // namespace

Json credits_json(const CreditFigures& figures) {
  return {
      {"unit", "micro-credits"},
      {"minted", figures.minted.micro()},
      {"paid", figures.paid.micro()},
      {"bounties", figures.bounties.micro()},
      {"unvested", figures.unvested.micro()},
      {"held", figures.held.micro()},
      {"slashed", figures.slashed.micro()},
      {"fees", figures.fees.micro()},
      {"arbitration", figures.arbitration.micro()},
      {"registration", figures.registration.micro()},
      {"unpaid", figures.unpaid.micro()},
      {"transfers", figures.transfers},
      {"cost_per_valid_result", figures.cost_per_valid_result.micro()},
      {"gini", figures.gini},
      {"jobs_refused", figures.jobs_refused},
      {"disputes", figures.disputes},
      {"disputes_upheld", figures.disputes_upheld},
      {"ratings_refused", figures.ratings_refused},
      {"providers",
       {{"joined", figures.joined}, {"left", figures.left}, {"whitewashed", figures.whitewashed}}},
      {"behaviours", behaviours_json(figures.behaviours)},
      {"flows", flows_json(figures.flows)}};
}

std::string credits_text(const CreditFigures& figures) {
  std::string text;
  text += fmt::format("{:<14}{} earned by nodes, {} fees, {} arbitration; {} per right result\n",
                      "paid", rough(figures.paid), rough(figures.fees), rough(figures.arbitration),
                      rough(figures.cost_per_valid_result));
  text += fmt::format("{:<14}{} of what nodes earned, until it vests; {} reserved for nobody\n",
                      "in escrow", rough(figures.unvested), rough(figures.held));
  text += fmt::format("{:<14}{} of stakes; Gini of earnings {:.2f}\n", "slashed",
                      rough(figures.slashed), figures.gini);
  return text + disputes_text(figures) + providers_text(figures) +
         behaviours_text(figures.behaviours);
}

}  // namespace nexa::cli
