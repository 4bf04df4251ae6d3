#include "cli/commands/attest_verify.hpp"

#include <cstdio>
#include <filesystem>
#include <utility>

#include "cli/commands/attest_report.hpp"
#include "cli/errors.hpp"
#include "io/attest/archive.hpp"
#include "io/key_records.hpp"
#include "io/minisign.hpp"
#include "io/public_key_text.hpp"
#include "io/read_file.hpp"
#include "io/sha256.hpp"

namespace nexa::cli {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;

constexpr std::size_t most_signature_bytes = 8192;
constexpr std::size_t most_registry_bytes = std::size_t{1} << 30;

Error usage(std::string message, std::string hint) {
  return {.code = ErrorCode::invalid_argument,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {}};
}

Result<std::vector<io::NoteKey>> all_keys(const std::vector<std::string>& arguments) {
  std::vector<io::NoteKey> keys;
  for (const std::string& argument : arguments) {
    const auto read = io::read_public_keys(argument);
    if (!read) return read.error();
    keys.insert(keys.end(), read->begin(), read->end());
  }
  return keys;
}

Result<void> read_registry(const AttestVerifyArguments& arguments, io::BundleTrust& trust) {
  if (arguments.registry.empty()) {
    if (arguments.log.empty() && arguments.registrar.empty() && !arguments.log_index) return {};
    return usage("--log, --registrar and --index go with --registry",
                 "name the file with the records about keys");
  }
  if (arguments.log.empty() || arguments.registrar.empty() || !arguments.log_index) {
    return usage("--registry needs --log, --registrar and --index",
                 "they name the log, the key that enrols others, and the result's place in the "
                 "log");
  }
  const auto registrar = io::read_public_keys(arguments.registrar);
  if (!registrar) return registrar.error();
  if (registrar->size() != 1) return usage("--registrar names more than one key", "");
  const auto text = io::read_file(arguments.registry, most_registry_bytes);
  if (!text) return text.error();
  auto registry =
      io::parse_key_registry(*text, arguments.registry, arguments.log, registrar->front().key());
  if (!registry) return registry.error();
  trust.registry = *std::move(registry);
  trust.log_index = *arguments.log_index;
  return {};
}

Result<io::BundleTrust> read_trust(const AttestVerifyArguments& arguments) {
  io::BundleTrust trust;
  auto nodes = all_keys(arguments.keys);
  if (!nodes) return nodes.error();
  trust.nodes = *std::move(nodes);
  auto verifiers = all_keys(arguments.verifiers);
  if (!verifiers) return verifiers.error();
  trust.verifiers = *std::move(verifiers);
  if (auto read = read_registry(arguments, trust); !read) return read.error();
  if (trust.nodes.empty() && !trust.registry) {
    return usage("no key of a node is given",
                 "give those of the nodes with --key, or all of them with --registry");
  }
  if (trust.verifiers.empty() && !arguments.without_verdict) {
    return usage("no key of a verifier is given",
                 "give the coordinator's with --verifier, or ask for less with --without-verdict");
  }
  return trust;
}

Result<std::vector<io::HeldFile>> hash_artifacts(const std::vector<std::string>& arguments) {
  std::vector<io::HeldFile> files;
  for (const std::string& argument : arguments) {
    io::HeldFile file{.path = argument, .name = {}, .sha256 = {}};
    std::error_code ignored;
    const std::size_t equals = argument.find('=');
    if (equals != std::string::npos && !std::filesystem::exists(argument, ignored)) {
      file.name = argument.substr(0, equals);
      file.path = argument.substr(equals + 1);
    }
    const auto digest = io::sha256_file(file.path);
    if (!digest) return digest.error();
    file.sha256 = *digest;
    files.push_back(std::move(file));
  }
  return files;
}

/// Keys for the archive's signature: those that were given for it, and those of verifiers.
Result<std::vector<io::PublicKey>> archive_keys(const AttestVerifyArguments& arguments,
                                                const io::BundleTrust& trust) {
  std::vector<io::PublicKey> keys;
  for (const io::NoteKey& key : trust.verifiers) keys.push_back(key.key());
  for (const std::string& argument : arguments.archive_keys) {
    std::error_code ignored;
    std::string text = argument;
    if (std::filesystem::exists(argument, ignored)) {
      auto read = io::read_file(argument, most_signature_bytes);
      if (!read) return read.error();
      text = *std::move(read);
    }
    if (const auto minisign = io::parse_minisign_key(text)) {
      keys.push_back(minisign->key);
      continue;
    }
    const auto named = io::read_public_keys(argument);
    if (!named) return named.error();
    for (const io::NoteKey& key : *named) keys.push_back(key.key());
  }
  return keys;
}

/// Checks `<archive>.minisig` where it is, and must be if a key for it was given.
Result<void> check_signature(const AttestVerifyArguments& arguments, const io::BundleTrust& trust,
                             AttestReport& report) {
  const auto keys = archive_keys(arguments, trust);
  if (!keys) return keys.error();
  const std::string path = arguments.archive + ".minisig";
  const auto text = io::read_file(path, most_signature_bytes);
  if (!text && text.error().code != ErrorCode::not_found) return text.error();
  if (!text) {
    if (arguments.archive_keys.empty()) {
      report.found.notes.emplace_back("the archive as a whole is not signed");
    } else {
      report.found.failures.push_back({.check = "archive",
                                       .line = 0,
                                       .message = "there is no signature '" + path + "'",
                                       .hint = ""});
    }
    return {};
  }
  const auto seal = io::minisign_verify(arguments.archive, *text, *keys);
  if (seal) {
    report.archive_comment =
        seal->trusted_comment.empty() ? "without a comment" : seal->trusted_comment;
    return {};
  }
  if (seal.error().code == ErrorCode::io || seal.error().code == ErrorCode::not_found) {
    return seal.error();
  }
  report.found.failures.push_back(
      {.check = "archive", .line = 0, .message = seal.error().message, .hint = seal.error().hint});
  return {};
}

/// The bundle's name for messages, and its text.
struct BundleText {
  std::string name;
  std::string text;
};

Result<BundleText> read_bundle_text(const AttestVerifyArguments& arguments,
                                    const std::optional<io::Archive>& archive) {
  if (!arguments.bundle.empty()) {
    auto text = io::read_file(arguments.bundle, io::most_bundle_bytes);
    if (!text) return text.error();
    return BundleText{arguments.bundle, *std::move(text)};
  }
  if (!archive) return usage("no bundle is given", "name a file JOB.intoto.jsonl, or an --archive");
  if (archive->bundle_name.empty()) {
    return Error{.code = ErrorCode::not_found,
                 .message = "the archive holds no bundle",
                 .hint = "name one: nexa attest verify JOB.intoto.jsonl --archive …",
                 .where = {.file = arguments.archive, .line = 0, .column = 0}};
  }
  return BundleText{arguments.archive + ':' + archive->bundle_name, archive->bundle};
}

Result<AttestReport> verify(const AttestVerifyArguments& arguments) {
  const auto trust = read_trust(arguments);
  if (!trust) return trust.error();
  std::optional<io::Archive> archive;
  if (!arguments.archive.empty()) {
    auto read = io::read_archive(arguments.archive);
    if (!read) return read.error();
    archive = *std::move(read);
  }
  const auto bundle = read_bundle_text(arguments, archive);
  if (!bundle) return bundle.error();
  const auto lines = io::parse_bundle(bundle->text, bundle->name);
  if (!lines) return lines.error();
  const auto files = hash_artifacts(arguments.artifacts);
  if (!files) return files.error();

  AttestReport report;
  report.bundle = bundle->name;
  const io::BundleDemands demands{.verdict = !arguments.without_verdict,
                                  .least_quorum = arguments.least_quorum};
  report.found = io::check_bundle(*lines, *trust, demands, *files);
  if (archive) {
    report.archive = arguments.archive;
    io::check_archive(*archive, io::sha256(bundle->text), report.found);
    if (auto checked = check_signature(arguments, *trust, report); !checked) {
      return checked.error();
    }
  }
  return report;
}

}  // namespace

int verify_attestations(const AttestVerifyArguments& arguments, const GlobalOptions& options) {
  const Result<AttestReport> report = verify(arguments);
  if (!report) return report_error(report.error(), options);
  const std::string text = options.json ? to_json(*report) : to_text(*report);
  std::fputs(text.c_str(), stdout);
  return report->found.holds() ? exit_done : exit_failed;
}

}  // namespace nexa::cli
