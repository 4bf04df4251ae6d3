#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "io/attest/check_parts.hpp"

namespace nexa::io {
namespace {

class VerdictCheck {
 public:
  VerdictCheck(const BundleDemands& demands, BundleReport& report)
      : demands_(demands),
        report_(report),
        line_(report.verdict->line),
        verdict_(report.verdict->verdict) {}

  void run() {
    const CheckedAttestation* canonical = find(verdict_.canonical);
    if (canonical == nullptr) {
      fail("verdict", missing(verdict_.canonical, "canonical"), "");
    } else if (!have_equal_outputs(canonical->attestation.outputs, verdict_.outputs)) {
      fail("verdict",
           "its files are not those of the canonical result, " + to_text(verdict_.canonical),
           "that is attested in line " + std::to_string(canonical->line));
    }
    for (const Invocation& each : verdict_.valid) check_valid(each);
    for (const Invocation& each : verdict_.invalid) check_invalid(each);
    report_.quorum = static_cast<std::uint32_t>(agreeing_keys_.size());
    check_quorum();
    note_what_is_not_checked();
  }

 private:
  void fail(const char* check, std::string message, std::string hint) {
    report_.failures.push_back(
        {.check = check, .line = line_, .message = std::move(message), .hint = std::move(hint)});
  }

  [[nodiscard]] const CheckedAttestation* find(const Invocation& invocation) const {
    const auto found = std::find_if(
        report_.attestations.begin(), report_.attestations.end(),
        [&](const CheckedAttestation& each) { return each.attestation.invocation == invocation; });
    return found == report_.attestations.end() ? nullptr : &*found;
  }

  static std::string missing(const Invocation& invocation, const char* as) {
    return "it calls " + to_text(invocation) + " " + as +
           ", of which the bundle has no valid attestation";
  }

  static bool is_exact(const CheckedAttestation& each) {
    return each.attestation.binding && each.attestation.binding->comparator == "exact";
  }

  static bool is_in(const std::vector<Invocation>& list, const Invocation& invocation) {
    return std::find(list.begin(), list.end(), invocation) != list.end();
  }

  void check_valid(const Invocation& invocation) {
    const CheckedAttestation* each = find(invocation);
    if (each == nullptr) {
      // The missing canonical one was told before.
      if (invocation != verdict_.canonical) fail("verdict", missing(invocation, "valid"), "");
      return;
    }
    const bool equal = have_equal_outputs(each->attestation.outputs, verdict_.outputs);
    if (is_exact(*each) && !equal) {
      fail("verdict", "it calls " + to_text(invocation) + " valid, whose files differ from its own",
           "that is attested in line " + std::to_string(each->line) +
               ", and the comparator is 'exact'");
      return;
    }
    if (!equal) differing_.push_back(to_text(invocation));
    const bool is_new_key = agreeing_keys_.insert(each->key).second;
    const bool is_new_node = agreeing_nodes_.insert(each->attestation.node).second;
    if (!is_new_key || !is_new_node) {
      fail("quorum",
           "a node counts twice: '" + each->attestation.node + "' for " + to_text(invocation),
           "results of one node confirm nothing");
    }
  }

  void check_invalid(const Invocation& invocation) {
    const CheckedAttestation* each = find(invocation);
    if (each == nullptr) {
      report_.notes.push_back(to_text(invocation) +
                              ", which the verdict calls invalid, is not in "
                              "the bundle");
    } else if (is_exact(*each) && have_equal_outputs(each->attestation.outputs, verdict_.outputs)) {
      fail("verdict",
           "it calls " + to_text(invocation) +
               " invalid, whose files are those of the canonical "
               "result",
           "that is attested in line " + std::to_string(each->line));
    }
  }

  void check_quorum() {
    std::optional<Quorum> claimed;
    for (const std::string& property : verdict_.properties) {
      const std::optional<Quorum> quorum = parse_quorum_property(property);
      if (!quorum) continue;
      if (claimed) return fail("quorum", "it names two quorums", "");
      claimed = quorum;
    }
    if (!claimed) {
      return fail("quorum", "it does not say of which quorum it is",
                  "a property like NEXA_QUORUM_2OF3 is missing");
    }
    const std::string behind = std::to_string(report_.quorum) +
                               (report_.quorum == 1 ? " node stands" : " nodes stand") +
                               " behind its result";
    if (claimed->agreeing == 0 || claimed->agreeing > claimed->of ||
        claimed->of < verdict_.valid.size() + verdict_.invalid.size()) {
      fail("quorum",
           "its quorum of " + std::to_string(claimed->agreeing) + " of " +
               std::to_string(claimed->of) + " is not one of " +
               std::to_string(verdict_.valid.size()) + " valid and " +
               std::to_string(verdict_.invalid.size()) + " invalid results",
           "");
    } else if (report_.quorum < claimed->agreeing) {
      fail("quorum",
           "it claims a quorum of " + std::to_string(claimed->agreeing) + ", but " + behind, "");
    }
    if (report_.quorum < demands_.least_quorum) {
      fail("quorum", behind + ", " + std::to_string(demands_.least_quorum) + " are demanded", "");
    }
  }

  void note_what_is_not_checked() {
    for (const std::string& property : verdict_.properties) {
      if (parse_quorum_property(property)) continue;
      report_.notes.push_back("that " + property + " holds is the verifier's word");
    }
    for (const CheckedAttestation& each : report_.attestations) {
      const Invocation& invocation = each.attestation.invocation;
      if (is_in(verdict_.valid, invocation) || is_in(verdict_.invalid, invocation)) continue;
      report_.notes.push_back("the verdict says nothing of " + to_text(invocation) + " in line " +
                              std::to_string(each.line));
    }
    for (const std::string& invocation : differing_) {
      report_.notes.push_back("that the files of " + invocation +
                              ", which differ from the canonical ones, agree with them is the "
                              "verifier's word");
    }
  }

  const BundleDemands& demands_;
  BundleReport& report_;
  int line_;
  const JobVerdict& verdict_;
  std::set<PublicKey> agreeing_keys_;
  std::set<std::string> agreeing_nodes_;
  std::vector<std::string> differing_;
};

}  // namespace

bool have_equal_outputs(std::vector<OutputFile> a, std::vector<OutputFile> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

void check_verdict(const BundleDemands& demands, BundleReport& report) {
  if (report.verdict) {
    VerdictCheck(demands, report).run();
  } else if (demands.verdict) {
    report.failures.push_back({.check = "verdict",
                               .line = 0,
                               .message = "there is no verdict that a known verifier has signed",
                               .hint = "nobody vouches for the results yet"});
  }
}

}  // namespace nexa::io
