#include "cli/commands/attest_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/words.hpp"
#include "io/rfc3339.hpp"

namespace nexa::cli {
namespace {

using Json = nlohmann::ordered_json;

const std::string* job_of(const io::BundleReport& found) {
  if (found.verdict) return &found.verdict->verdict.job;
  return found.attestations.empty() ? nullptr
                                    : &found.attestations.front().attestation.invocation.job;
}

std::string conclusion(const io::BundleReport& found) {
  if (!found.holds()) {
    const std::size_t count = found.failures.size();
    return fmt::format("NOT VERIFIED: {} {} not hold\n", counted(count, "thing"),
                       count == 1 ? "does" : "do");
  }
  if (!found.verdict) {
    return fmt::format("verified: {}, no verdict\n",
                       counted(found.attestations.size(), "attestation"));
  }
  return fmt::format("verified: {} behind the canonical result {}\n", counted(found.quorum, "node"),
                     to_text(found.verdict->verdict.canonical));
}

std::string bundle_failure_text(const AttestReport& report, const io::BundleFailure& failure) {
  std::string text = report.bundle;
  if (failure.line > 0) text += ':' + std::to_string(failure.line);
  text += ": " + failure.check + ": " + failure.message + '\n';
  if (!failure.hint.empty()) text += "     = help: " + failure.hint + '\n';
  return text;
}

Json outputs_json(const std::vector<io::OutputFile>& outputs) {
  Json list = Json::array();
  for (const io::OutputFile& output : outputs) {
    list.push_back(Json{{"name", output.name}, {"sha256", to_hex(output.sha256)}});
  }
  return list;
}

Json optional_time(const std::optional<core::Time>& time) {
  return time ? Json(io::utc_text(*time)) : Json(nullptr);
}

Json to_json(const io::CheckedAttestation& checked) {
  const io::ResultAttestation& attestation = checked.attestation;
  Json json{{"line", checked.line},
            {"invocation", to_text(attestation.invocation)},
            {"node", attestation.node},
            {"key_id", io::envelope_key_id(checked.key)},
            {"outputs", outputs_json(attestation.outputs)}};
  json["contract"] = nullptr;
  json["comparator"] = nullptr;
  if (attestation.binding) {
    json["contract"] = to_hex(attestation.binding->contract);
    json["comparator"] = attestation.binding->comparator;
  }
  json["started"] = optional_time(attestation.started);
  json["finished"] = optional_time(attestation.finished);
  return json;
}

Json invocations_json(const std::vector<io::Invocation>& invocations) {
  Json list = Json::array();
  for (const io::Invocation& each : invocations) list.push_back(to_text(each));
  return list;
}

Json to_json(const io::CheckedVerdict& checked, std::uint32_t quorum) {
  const io::JobVerdict& verdict = checked.verdict;
  return Json{{"line", checked.line},
              {"verifier", verdict.verifier},
              {"key_id", io::envelope_key_id(checked.key)},
              {"time", io::utc_text(verdict.time)},
              {"contract", to_hex(verdict.contract)},
              {"policy", to_hex(verdict.policy)},
              {"properties", verdict.properties},
              {"canonical", to_text(verdict.canonical)},
              {"valid", invocations_json(verdict.valid)},
              {"invalid", invocations_json(verdict.invalid)},
              {"outputs", outputs_json(verdict.outputs)},
              {"nodes_behind", quorum}};
}

}  // namespace

std::string to_text(const AttestReport& report) {
  const io::BundleReport& found = report.found;
  const std::string* job = job_of(found);
  std::string text =
      fmt::format("{}: {}\n", report.bundle, job != nullptr ? "job " + *job : "of no known job");
  for (const io::CheckedAttestation& each : found.attestations) {
    text += fmt::format("  line {}  {}  {}, {}\n", each.line, to_text(each.attestation.invocation),
                        each.attestation.node, counted(each.attestation.outputs.size(), "file"));
  }
  if (found.verdict) {
    const io::JobVerdict& verdict = found.verdict->verdict;
    text += fmt::format("  line {}  verdict of {}, {}\n", found.verdict->line, verdict.verifier,
                        io::utc_text(verdict.time));
    for (const io::OutputFile& output : verdict.outputs) {
      text += fmt::format("  sha256 {}  {}\n", to_hex(output.sha256), output.name);
    }
  }
  if (!report.archive_comment.empty()) {
    text += "  archive signed: " + report.archive_comment + '\n';
  }
  for (const std::string& note : found.notes) text += "  note: " + note + '\n';
  for (const io::BundleFailure& failure : found.failures) {
    text += bundle_failure_text(report, failure);
  }
  return text + conclusion(found);
}

std::string to_json(const AttestReport& report) {
  const io::BundleReport& found = report.found;
  const std::string* job = job_of(found);
  Json document{{"schema", "nexa.attest_verify/1"},
                {"verified", found.holds()},
                {"bundle", report.bundle},
                {"job", job != nullptr ? Json(*job) : Json(nullptr)},
                {"verdict", nullptr},
                {"attestations", Json::array()},
                {"archive", nullptr},
                {"failures", Json::array()},
                {"notes", found.notes}};
  if (found.verdict) document["verdict"] = to_json(*found.verdict, found.quorum);
  for (const auto& each : found.attestations) document["attestations"].push_back(to_json(each));
  if (report.archive) {
    document["archive"] = Json{
        {"path", *report.archive},
        {"signed", report.archive_comment.empty() ? Json(nullptr) : Json(report.archive_comment)}};
  }
  for (const io::BundleFailure& each : found.failures) {
    document["failures"].push_back(Json{{"check", each.check},
                                        {"line", each.line > 0 ? Json(each.line) : Json(nullptr)},
                                        {"message", each.message},
                                        {"hint", each.hint}});
  }
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace nexa::cli
