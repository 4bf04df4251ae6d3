#include <algorithm>
#include <map>
#include <string>

#include "io/attest/check_parts.hpp"

namespace nexa::io {
namespace {

class JobCheck {
 public:
  explicit JobCheck(BundleReport& report) : report_(report) {}

  void run() {
    for (const CheckedAttestation& each : report_.attestations) {
      compare_job(each.line, each.attestation.invocation.job);
      if (each.attestation.binding) compare_binding(each.line, *each.attestation.binding);
      compare_invocation(each);
      check_times(each);
    }
    if (!report_.verdict) return;
    const JobVerdict& verdict = report_.verdict->verdict;
    compare_job(report_.verdict->line, verdict.job);
    compare_contract(report_.verdict->line, verdict.contract);
    for (const CheckedAttestation& each : report_.attestations) {
      if (each.attestation.binding) continue;
      fail(each.line, "it does not say for which contract and nonce it was made",
           "without these an old result could be shown again");
    }
  }

 private:
  void fail(int line, std::string message, std::string hint) {
    report_.failures.push_back(
        {.check = "job", .line = line, .message = std::move(message), .hint = std::move(hint)});
  }

  void compare_job(int line, const std::string& job) {
    if (first_line_ == 0) {
      first_line_ = line;
      job_ = job;
    } else if (job != job_) {
      fail(line, "it is about job '" + job + "'",
           "line " + std::to_string(first_line_) + " is about job '" + job_ + "'");
    }
  }

  void compare_contract(int line, const core::Digest& contract) {
    if (binding_line_ == 0) {
      binding_line_ = line;
      contract_ = contract;
    } else if (contract != contract_) {
      fail(line, "it was made for the contract with digest " + to_hex(contract),
           "that of line " + std::to_string(binding_line_) + " has digest " + to_hex(contract_));
    }
  }

  void compare_binding(int line, const JobBinding& binding) {
    const bool is_first = binding_line_ == 0;
    compare_contract(line, binding.contract);
    if (is_first) {
      comparator_ = binding.comparator;
    } else if (binding.comparator != comparator_) {
      fail(line, "its results are compared by '" + binding.comparator + "'",
           "those of line " + std::to_string(binding_line_) + " by '" + comparator_ + "'");
    }
  }

  void compare_invocation(const CheckedAttestation& each) {
    const Invocation& invocation = each.attestation.invocation;
    const auto [known, is_new] = seen_.emplace(invocation, &each);
    if (is_new) return;
    const CheckedAttestation& before = *known->second;
    if (before.attestation.node != each.attestation.node) {
      fail(each.line, to_text(invocation) + " is attested by '" + each.attestation.node + "'",
           "line " + std::to_string(before.line) + " has it from '" + before.attestation.node +
               "', and a replica runs on one node");
    } else if (before.attestation != each.attestation) {
      fail(each.line,
           "the node says something else about " + to_text(invocation) + " than in line " +
               std::to_string(before.line),
           "");
    } else {
      report_.notes.push_back("line " + std::to_string(each.line) + " says what line " +
                              std::to_string(before.line) + " says");
    }
  }

  void check_times(const CheckedAttestation& each) {
    const auto& [started, finished] =
        std::pair(each.attestation.started, each.attestation.finished);
    if (started && finished && *finished < *started) {
      fail(each.line, "the replica finished before it started", "");
    }
  }

  BundleReport& report_;
  int first_line_ = 0;
  std::string job_;
  int binding_line_ = 0;
  core::Digest contract_;
  std::string comparator_;
  std::map<Invocation, const CheckedAttestation*> seen_;
};

}  // namespace

void check_one_job(BundleReport& report) {
  JobCheck(report).run();
}

}  // namespace nexa::io
