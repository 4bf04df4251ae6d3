#include <optional>
#include <utility>

#include "cli/commands/node_report.hpp"
#include "tier/gpu_class.hpp"

namespace nexa::cli {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const tier::Check& check) {
  Json json{{"figure", info(check.needed.figure).key}, {"found", nullptr}};
  if (check.found) json["found"] = *check.found;
  json["needed"] = check.needed.at_least;
  return json;
}

Json to_json(const std::vector<tier::Check>& checks) {
  auto json = Json::array();
  for (const tier::Check& check : checks) json.push_back(to_json(check));
  return json;
}

Json to_json(const tier::TierMiss& miss) {
  Json json{{"name", miss.name}, {"rules", Json::array()}};
  for (const tier::RuleMiss& rule : miss.rules) {
    json["rules"].push_back({{"rule", rule.rule}, {"unmet", to_json(rule.unmet)}});
  }
  json["benchmark"] = nullptr;
  if (miss.benchmark) {
    json["benchmark"] = {{"found", miss.benchmark->found}, {"needed", miss.benchmark->needed}};
  }
  return json;
}

Json to_json(const tier::Classification& verdict) {
  auto higher = Json::array();
  for (const tier::TierMiss& miss : verdict.higher) higher.push_back(to_json(miss));
  return {{"name", verdict.name},
          {"rank", verdict.tier.value},
          {"rule", verdict.rule},
          {"decided_by", to_json(verdict.decided_by)},
          {"checks", to_json(verdict.checks)},
          {"higher", std::move(higher)}};
}

template <class T>
Json or_null(const std::optional<T>& value) {
  if (!value) return nullptr;
  return *value;
}

Json processors_json(const tier::Profile& profile) {
  auto packages = Json::array();
  for (const tier::Package& package : profile.packages) {
    packages.push_back(
        {{"model", package.model}, {"cores", package.cores}, {"threads", package.threads}});
  }
  return packages;
}

Json core_kinds_json(const tier::Profile& profile) {
  auto kinds = Json::array();
  for (const tier::CoreKind& kind : profile.core_kinds) {
    kinds.push_back({{"name", kind.name}, {"cores", kind.cores}, {"threads", kind.threads}});
  }
  return kinds;
}

Json caches_json(const tier::Profile& profile) {
  auto caches = Json::array();
  for (const tier::Cache& cache : profile.caches) {
    Json cores = nullptr;
    if (cache.cores_per_cache != 0) cores = cache.cores_per_cache;
    caches.push_back({{"level", cache.level},
                      {"data_only", cache.data_only},
                      {"size_kib", cache.size_kib},
                      {"count", cache.count},
                      {"cores_per_cache", std::move(cores)}});
  }
  return caches;
}

Json gpus_json(const NodeReport& report) {
  auto gpus = Json::array();
  for (const tier::Gpu& gpu : report.profile.gpus) {
    gpus.push_back({{"vendor", gpu.vendor},
                    {"model", gpu.model},
                    {"class", to_string(gpu_class(report.catalog.gpu_models, gpu))},
                    {"memory_kib", or_null(gpu.memory_kib)},
                    {"backend", gpu.backend},
                    {"pci_address", gpu.pci_address}});
  }
  return gpus;
}

Json networks_json(const tier::Profile& profile) {
  auto networks = Json::array();
  for (const tier::NetworkCard& card : profile.networks) {
    networks.push_back({{"name", card.name},
                        {"rdma_device", card.rdma_device},
                        {"kind", to_string(card.kind)},
                        {"vendor", card.vendor},
                        {"model", card.model},
                        {"speed_mbit", or_null(card.speed_mbit)}});
  }
  return networks;
}

}  // namespace

nlohmann::ordered_json to_json(const NodeReport& report) {
  const tier::Profile& profile = report.profile;
  return {{"schema", "nexa.node_profile/1"},
          {"source", report.source},
          {"hostname", profile.hostname},
          {"architecture", profile.architecture},
          {"packages", processors_json(profile)},
          {"physical_cores", profile.physical_cores},
          {"hardware_threads", profile.hardware_threads},
          {"core_kinds", core_kinds_json(profile)},
          {"numa_nodes", profile.numa_nodes},
          {"memory_kib", profile.memory_kib},
          {"caches", caches_json(profile)},
          {"gpus", gpus_json(report)},
          {"networks", networks_json(profile)},
          {"isa_features", profile.isa_features},
          {"x86_64_level", or_null(profile.x86_64_level)},
          {"benchmark", or_null(profile.benchmark)},
          {"capabilities", report.classification.capabilities},
          {"tier", to_json(report.classification)}};
}

std::string json_text(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace nexa::cli
