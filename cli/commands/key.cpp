#include "cli/commands/key.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/commands/signing.hpp"
#include "cli/errors.hpp"
#include "cli/subcommand.hpp"
#include "cli/words.hpp"
#include "io/attest/dsse.hpp"
#include "io/key_file.hpp"
#include "io/key_records.hpp"
#include "io/minisign.hpp"
#include "io/public_key_text.hpp"

namespace nexa::cli {
namespace {

using core::Result;
using Json = nlohmann::ordered_json;

std::string minisign_text(const io::PublicKey& key) {
  return io::to_text(io::MinisignKey{.id = io::minisign_id(key), .key = key});
}

void print_public(const io::NoteKey& key, const std::string& form, const GlobalOptions& options) {
  if (options.json) {
    print(Json{{"schema", "nexa.key/1"},
               {"name", key.name()},
               {"key", key.to_text()},
               {"key_id", io::envelope_key_id(key.key())},
               {"minisign", minisign_text(key.key())},
               {"pem", io::to_pem(key.key())}}
              .dump(2) +
          '\n');
  } else if (form == "minisign") {
    print(minisign_text(key.key()));
  } else if (form == "pem") {
    print(io::to_pem(key.key()));
  } else if (form == "id") {
    print(io::envelope_key_id(key.key()) + '\n');
  } else {
    print(key.to_text() + '\n');
  }
}

struct NewKey {
  std::string name;
  std::string file;
  bool is_witness = false;
};

int make_key(const NewKey& wanted, const GlobalOptions& options) {
  if (!io::is_note_key_name(wanted.name)) {
    return report_error({.code = core::ErrorCode::invalid_argument,
                         .message = "'" + wanted.name + "' cannot be the name of a key",
                         .hint = "use a name without blanks and '+', like 'example.org/node/n01'",
                         .where = {}},
                        options);
  }
  protect_private_keys(options);
  const auto algorithm =
      wanted.is_witness ? io::NoteAlgorithm::cosignature_v1 : io::NoteAlgorithm::ed25519;
  const io::NoteSigner signer(wanted.name, algorithm, io::SigningKey::generate());
  warn_if_not_locked(signer, options);
  const Result<void> written = io::write_key_file(wanted.file, signer);
  if (!written) return report_error(written.error(), options);
  print_public(signer.key(), "vkey", options);
  return exit_done;
}

struct ShownKey {
  std::string key;
  std::string form = "vkey";
};

/// A private key's file, or a public key as `--key` of other commands takes it.
Result<io::NoteKey> public_key_of(const std::string& text_or_path, const GlobalOptions& options) {
  const Result<std::vector<io::NoteKey>> keys = io::read_public_keys(text_or_path);
  if (keys && keys->size() == 1) return keys->front();
  const Result<io::NoteSigner> signer = load_signer(text_or_path, options);
  if (signer) return signer->key();
  if (!keys && keys.error().code == core::ErrorCode::not_found) return keys.error();
  return signer.error();
}

int show_key(const ShownKey& wanted, const GlobalOptions& options) {
  const Result<io::NoteKey> key = public_key_of(wanted.key, options);
  if (!key) return report_error(key.error(), options);
  print_public(*key, wanted.form, options);
  return exit_done;
}

/// What a record about a key is made of.
struct RecordArguments {
  std::string log;
  std::string identity;
  std::string key;     ///< private for `add`, public for `revoke`
  std::string signer;  ///< private
  std::uint64_t index = 0;
  std::uint64_t from = 0;
};

int print_addition(const RecordArguments& arguments, const GlobalOptions& options) {
  const Result<io::NoteSigner> key = load_document_signer(arguments.key, options);
  if (!key) return report_error(key.error(), options);
  const Result<io::NoteSigner> voucher = load_document_signer(arguments.signer, options);
  if (!voucher) return report_error(voucher.error(), options);
  const auto record = io::sign_key_add(arguments.log, arguments.identity, key->signing_key(),
                                       voucher->signing_key());
  print(io::to_json_line(arguments.index, record) + '\n');
  return exit_done;
}

int print_revocation(const RecordArguments& arguments, const GlobalOptions& options) {
  const Result<io::NoteKey> key = public_key_of(arguments.key, options);
  if (!key) return report_error(key.error(), options);
  const Result<io::NoteSigner> signer = load_document_signer(arguments.signer, options);
  if (!signer) return report_error(signer.error(), options);
  const auto record = io::sign_key_revoke(arguments.log, arguments.identity, key->key(),
                                          arguments.from, signer->signing_key());
  print(io::to_json_line(arguments.index, record) + '\n');
  return exit_done;
}

void add_new_and_show(CLI::App& key, CommandContext& context) {
  CLI::App* made =
      add_command(key, "new", "Make a key: a private file, and the public text",
                  "The file has mode 0600 and is never replaced. Give the printed line "
                  "to whoever verifies.\n\n"
                  "Examples:\n"
                  "  nexa key new example.org/node/n01 --out n01.key\n"
                  "  nexa key new example.org/coordinator --out coordinator.key");
  const auto wanted = std::make_shared<NewKey>();
  made->add_option("name", wanted->name, "Whom the key speaks for: its identity without https://")
      ->type_name("NAME")
      ->required();
  made->add_option("--out", wanted->file, "File for the private key")
      ->type_name("FILE")
      ->required();
  made->add_flag("--witness", wanted->is_witness, "For 'nexa ledger witness' and nothing else");
  made->callback([wanted, &context] { context.exit_code = make_key(*wanted, context.options); });

  CLI::App* show = add_command(key, "show", "Print the public half of a key",
                               "Examples:\n"
                               "  nexa key show n01.key\n"
                               "  nexa key show n01.key --as pem");
  const auto shown = std::make_shared<ShownKey>();
  show->add_option("key", shown->key, "Private key file, or a public key (text or file)")
      ->type_name("KEY")
      ->required();
  show->add_option("--as", shown->form, "vkey, minisign, pem (for openssl) or id (of envelopes)")
      ->check(CLI::IsMember({"vkey", "minisign", "pem", "id"}))
      ->type_name("FORM");
  show->callback([shown, &context] { context.exit_code = show_key(*shown, context.options); });
}

CLI::App* add_record_command(CLI::App& key, RecordArguments& arguments, const char* name,
                             const char* doc, const char* footer) {
  CLI::App* command = add_command(key, name, doc, footer);
  command->add_option("--log", arguments.log, "Name (origin) of the log that the record is for")
      ->type_name("NAME")
      ->required();
  command->add_option("--index", arguments.index, "The record's place in the log")
      ->type_name("N")
      ->required();
  command->add_option("--identity", arguments.identity, "Whom the key speaks for")
      ->type_name("URI")
      ->required();
  return command;
}

void add_records(CLI::App& key, CommandContext& context) {
  const auto added = std::make_shared<RecordArguments>();
  CLI::App* add = add_record_command(
      key, *added, "add", "Print the record that enrols a key, signed by two",
      "Examples:\n"
      "  nexa key add --log L --index 7 --identity URI --key n01.key --voucher registrar.key\n"
      "  nexa key add --log L --index 90 --identity URI --key new.key --voucher n01.key");
  add->add_option("--key", added->key, "File of the new private key")
      ->type_name("FILE")
      ->required();
  add->add_option("--voucher", added->signer, "An earlier key of the identity, or the registrar's")
      ->type_name("FILE")
      ->required();
  add->callback([added, &context] { context.exit_code = print_addition(*added, context.options); });

  const auto revoked = std::make_shared<RecordArguments>();
  CLI::App* revoke = add_record_command(
      key, *revoked, "revoke", "Print the record that revokes a key",
      "Examples:\n"
      "  nexa key revoke --log L --index 91 --identity URI --key VKEY --from 91 --signer new.key\n"
      "  nexa key revoke --log L --index 91 --identity URI --key VKEY --from 40 --signer r.key");
  revoke->add_option("--key", revoked->key, "The key: public text, or a file")
      ->type_name("KEY")
      ->required();
  revoke->add_option("--from", revoked->from, "The first place at which it no longer counts")
      ->type_name("N")
      ->required();
  revoke->add_option("--signer", revoked->signer, "A valid key of the identity, or the registrar's")
      ->type_name("FILE")
      ->required();
  revoke->callback(
      [revoked, &context] { context.exit_code = print_revocation(*revoked, context.options); });
}

}  // namespace

void add_key_commands(CLI::App& root, CommandContext& context) {
  CLI::App* key = root.add_subcommand("key", "Keys of nodes and coordinators");
  key->require_subcommand(1);
  key->fallthrough();
  key->footer(
      "Examples:\n"
      "  nexa key new example.org/node/n01 --out n01.key\n"
      "  nexa key show n01.key");
  add_new_and_show(*key, context);
  add_records(*key, context);
}

}  // namespace nexa::cli
