#include "cli/commands/attest.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/commands/attest_verify.hpp"
#include "cli/commands/signing.hpp"
#include "cli/errors.hpp"
#include "cli/subcommand.hpp"
#include "io/atomic_file.hpp"
#include "io/attest/archive.hpp"
#include "io/attest/statement.hpp"
#include "io/minisign.hpp"
#include "io/read_file.hpp"

namespace nexa::cli {
namespace {

using core::Result;
using Json = nlohmann::ordered_json;

constexpr std::size_t most_statement_bytes = std::size_t{2} << 20;

struct SignArguments {
  std::string statement;
  std::string key;
};

int sign_statement(const SignArguments& arguments, const GlobalOptions& options) {
  Result<std::string> text = io::read_file(arguments.statement, most_statement_bytes);
  if (!text) return report_error(text.error(), options);
  // A statement that nobody could read is not worth a signature.
  const auto statement = io::parse_unverified_statement(*text, arguments.statement);
  if (!statement) return report_error(statement.error(), options);
  const Result<io::NoteSigner> signer = load_document_signer(arguments.key, options);
  if (!signer) return report_error(signer.error(), options);
  const io::Envelope envelope = io::sign_envelope(std::string(io::statement_payload_type),
                                                  *std::move(text), signer->signing_key());
  std::fputs((io::to_json(envelope) + '\n').c_str(), stdout);
  return exit_done;
}

struct ArchiveArguments {
  std::string folder;
  std::string file;
  std::string key;
};

Result<void> sign_archive(const ArchiveArguments& arguments, const io::NoteSigner& signer) {
  const io::PublicKey& key = signer.key().key();
  const std::string name = arguments.file.substr(arguments.file.rfind('/') + 1);
  auto signature = io::minisign_sign(
      arguments.file, signer.signing_key(), io::minisign_id(key), "nexapod result archive",
      "file:" + name + "\tsigner:" + signer.key().name() + "\thashed");
  if (!signature) return signature.error();
  return io::write_file(arguments.file + ".minisig", *signature);
}

int archive_result(const ArchiveArguments& arguments, const GlobalOptions& options) {
  std::optional<io::NoteSigner> signer;
  if (!arguments.key.empty()) {
    Result<io::NoteSigner> loaded = load_document_signer(arguments.key, options);
    if (!loaded) return report_error(loaded.error(), options);
    signer = *std::move(loaded);
  }
  const Result<void> written = io::write_archive(arguments.folder, arguments.file);
  if (!written) return report_error(written.error(), options);
  if (signer) {
    if (auto done = sign_archive(arguments, *signer); !done) {
      return report_error(done.error(), options);
    }
  }
  const std::string signature = signer ? arguments.file + ".minisig" : "";
  if (options.json) {
    const Json document{{"schema", "nexa.attest_archive/1"},
                        {"file", arguments.file},
                        {"signature", signer ? Json(signature) : Json(nullptr)}};
    std::fputs((document.dump(2) + '\n').c_str(), stdout);
  } else {
    std::fputs(("wrote " + arguments.file + (signer ? " and " + signature : "") + '\n').c_str(),
               stdout);
  }
  return exit_done;
}

void add_registry_options(CLI::App& command, AttestVerifyArguments& arguments) {
  command.add_option("--registry", arguments.registry, "Log with the records of keys of all nodes")
      ->type_name("FILE.jsonl");
  command.add_option("--log", arguments.log, "… its name (origin)")->type_name("NAME");
  command.add_option("--registrar", arguments.registrar, "… the key that enrols others")
      ->type_name("KEY");
  command.add_option("--index", arguments.log_index, "… the result's place, where keys must count")
      ->type_name("N");
}

void add_attest_verify(CLI::App& attest, CommandContext& context) {
  CLI::App* verify = add_command(
      attest, "verify", "Check a result's attestations, verdict and files, offline",
      "Exit code 0: all of it holds; 1: something does not, and is named. KEY is a public key\n"
      "NAME+ID+BASE64, or a file with one on each line.\n\n"
      "Examples:\n"
      "  nexa attest verify 42.intoto.jsonl --key nodes.vkeys --verifier coord.vkey\n"
      "  nexa attest verify --archive 42.tar --key nodes.vkeys --verifier coord.vkey --json");
  const auto given = std::make_shared<AttestVerifyArguments>();
  verify->add_option("bundle", given->bundle, "Envelopes, one per line (default: the archive's)")
      ->type_name("BUNDLE");
  verify->add_option("--key", given->keys, "Keys of nodes")
      ->type_name("KEY")
      ->allow_extra_args(false);
  verify->add_option("--verifier", given->verifiers, "Keys of those who may give a verdict")
      ->type_name("KEY")
      ->allow_extra_args(false);
  verify->add_option("--artifact", given->artifacts, "A file that must be the attested one")
      ->type_name("[NAME=]FILE")
      ->allow_extra_args(false);
  verify->add_option("--archive", given->archive, "Folder or tar that must hold all of it")
      ->type_name("DIR|TAR");
  verify
      ->add_option("--archive-key", given->archive_keys,
                   "Key of minisign that must have signed the archive")
      ->type_name("KEY")
      ->allow_extra_args(false);
  CLI::Option* quorum =
      verify->add_option("--quorum", given->least_quorum, "Nodes that must stand behind the result")
          ->type_name("N");
  verify->add_flag("--without-verdict", given->without_verdict, "No verdict is needed")
      ->excludes(quorum);
  add_registry_options(*verify, *given);
  verify->callback(
      [given, &context] { context.exit_code = verify_attestations(*given, context.options); });
}

void add_sign_and_archive(CLI::App& attest, CommandContext& context) {
  CLI::App* sign = add_command(attest, "sign", "Sign a statement, and print its line of a bundle",
                               "Examples:\n"
                               "  nexa attest sign result.json --key n01.key >> 42.intoto.jsonl\n"
                               "  nexa attest sign verdict.json --key coordinator.key >> "
                               "42.intoto.jsonl");
  const auto signed_with = std::make_shared<SignArguments>();
  sign->add_option("statement", signed_with->statement, "Statement of in-toto, as JSON")
      ->type_name("FILE.json")
      ->required();
  sign->add_option("--key", signed_with->key, "File of the private key")
      ->type_name("FILE")
      ->required();
  sign->callback([signed_with, &context] {
    context.exit_code = sign_statement(*signed_with, context.options);
  });

  CLI::App* archive =
      add_command(attest, "archive", "Pack a result's folder, its bundle and SHA256SUMS into a tar",
                  "The same files give the same bytes.\n\n"
                  "Examples:\n"
                  "  nexa attest archive 42 --out 42.tar\n"
                  "  nexa attest archive 42 --out 42.tar --key coordinator.key");
  const auto packed = std::make_shared<ArchiveArguments>();
  archive->add_option("folder", packed->folder, "Folder with the files and JOB.intoto.jsonl")
      ->type_name("DIR")
      ->required();
  archive->add_option("--out", packed->file, "Archive")->type_name("FILE.tar")->required();
  archive->add_option("--key", packed->key, "Private key; signs as minisign: FILE.tar.minisig")
      ->type_name("FILE");
  archive->callback(
      [packed, &context] { context.exit_code = archive_result(*packed, context.options); });
}

}  // namespace

void add_attest_commands(CLI::App& root, CommandContext& context) {
  CLI::App* attest = root.add_subcommand("attest", "Signed results and verdicts");
  attest->require_subcommand(1);
  attest->fallthrough();
  attest->footer(
      "Examples:\n"
      "  nexa attest verify 42.intoto.jsonl --key nodes.vkeys --verifier coord.vkey\n"
      "  nexa attest archive 42 --out 42.tar");
  add_attest_verify(*attest, context);
  add_sign_and_archive(*attest, context);
}

}  // namespace nexa::cli
