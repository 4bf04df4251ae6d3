#include "io/report_trust_json.hpp"

#include <nlohmann/json.hpp>

#include "core/behaviour.hpp"
#include "io/report_column.hpp"

namespace nexa::io {
namespace {

using Json = nlohmann::ordered_json;
using report::column;

/// For the eye: a double holds all amounts below nine billion credits exactly.
double whole_credits(core::Credits amount) {
  return static_cast<double>(amount.micro()) / 1e6;
}

Json behaviours_json(const std::vector<ReportBehaviour>& behaviours) {
  Json list = Json::array();
  for (const ReportBehaviour& behaviour : behaviours) {
    list.push_back({{"name", behaviour.name},
                    {"intent", core::name_of(behaviour.intent)},
                    {"nodes", behaviour.nodes},
                    {"identities", behaviour.identities},
                    {"convicted", behaviour.convicted},
                    {"valid", behaviour.valid},
                    {"invalid", behaviour.invalid},
                    {"failed", behaviour.failed}});
  }
  return list;
}

}  // namespace

Json trust_json(const ReportTrust& trust) {
  return {{"jobs", trust.jobs},
          {"wrong", trust.wrong},
          {"wrong_at_first", trust.wrong_at_first},
          {"without_result", trust.without_result},
          {"copies_per_job", trust.copies_per_job},
          {"copies_per_job_steady", trust.copies_per_job_steady},
          {"honest_identities", trust.honest_identities},
          {"honest_convicted", trust.honest_convicted},
          {"undetected", trust.undetected},
          {"time_s", column<double>(trust.time_s)},
          {"copies", column<float>(trust.copies)},
          {"wrong_at_end_share", column<float>(trust.wrong_at_end_share)},
          {"wrong_at_first_share", column<float>(trust.wrong_at_first_share)},
          {"reputation_at_s", column<double>(trust.reputation_at_s)},
          {"reputation_honest", column<float>(trust.reputation_honest)},
          {"reputation_hostile", column<float>(trust.reputation_hostile)},
          {"behaviours", behaviours_json(trust.behaviours)}};
}

Json money_json(const ReportMoney& money) {
  Json earners = Json::array();
  for (const ReportEarner& earner : money.earners) {
    earners.push_back({{"name", earner.name},
                       {"intent", core::name_of(earner.intent)},
                       {"nodes", earner.nodes},
                       {"earned", whole_credits(earner.earned)},
                       {"computing", whole_credits(earner.computing)},
                       {"idling", whole_credits(earner.idling)},
                       {"slashed", whole_credits(earner.slashed)},
                       {"fees", whole_credits(earner.fees)},
                       {"profit", whole_credits(earner.profit())}});
  }
  Json flows = Json::array();
  for (const ReportFlow& flow : money.flows) {
    flows.push_back({{"from", flow.from}, {"to", flow.to}, {"amount", whole_credits(flow.amount)}});
  }
  return {{"cost_per_valid_result", whole_credits(money.cost_per_valid_result)},
          {"gini", money.gini},
          {"earners", std::move(earners)},
          {"flows", std::move(flows)}};
}

}  // namespace nexa::io
