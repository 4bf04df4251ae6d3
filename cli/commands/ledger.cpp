#include "cli/commands/ledger.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/ledger_prove.hpp"
#include "cli/commands/ledger_sign.hpp"
#include "cli/commands/ledger_verify.hpp"
#include "cli/subcommand.hpp"

namespace nexa::cli {
namespace {

CLI::Option* add_journal(CLI::App& command, std::string& journal) {
  return command.add_option("journal", journal, "Journal of a ledger")
      ->type_name("JOURNAL.jsonl")
      ->required();
}

void add_ledger_verify(CLI::App& ledger, CommandContext& context) {
  CLI::App* verify = add_command(
      ledger, "verify", "Check a journal, and hold it against what was signed about it",
      "Exit code 0: all of it holds; 1: something does not, and is named, with the entry that was\n"
      "tampered with. KEY is a public key NAME+ID+BASE64, or a file with one on each line.\n\n"
      "Examples:\n"
      "  nexa ledger verify ledger.jsonl\n"
      "  nexa ledger verify ledger.jsonl --checkpoint checkpoint --key log.vkey\n"
      "  nexa ledger verify ledger.jsonl --receipt entry3.tlog-proof --key log.vkey --json");
  const auto given = std::make_shared<LedgerVerifyArguments>();
  add_journal(*verify, given->journal);
  verify->add_option("--checkpoint", given->checkpoint, "The journal must have its entries")
      ->type_name("FILE");
  verify->add_option("--key", given->keys, "Keys of the log, one of which must have signed")
      ->type_name("KEY")
      ->allow_extra_args(false);
  verify->add_option("--witness", given->witnesses, "Keys of witnesses, who must all have cosigned")
      ->type_name("KEY")
      ->allow_extra_args(false);
  verify->add_option("--receipt", given->receipts, "The journal must have the entry that it proves")
      ->type_name("FILE")
      ->allow_extra_args(false);
  verify->add_option("--consistent-with", given->older, "An older checkpoint that it must continue")
      ->type_name("FILE")
      ->allow_extra_args(false);
  verify->add_flag("--no-replay", given->without_replay,
                   "Do not book the transfers again; needs little memory");
  verify->callback(
      [given, &context] { context.exit_code = verify_ledger(*given, context.options); });
}

void add_prove(CLI::App& ledger, CommandContext& context) {
  CLI::App* prove = add_command(
      ledger, "prove", "Write the receipt for an entry, or the proof for a witness",
      "A receipt (.tlog-proof) shows without the journal that an entry is in it.\n\n"
      "Examples:\n"
      "  nexa ledger prove ledger.jsonl --index 3 --checkpoint checkpoint > entry3.tlog-proof\n"
      "  nexa ledger prove ledger.jsonl --old-size 4 --checkpoint checkpoint > request");
  const auto given = std::make_shared<LedgerProveArguments>();
  add_journal(*prove, given->journal);
  prove->add_option("--checkpoint", given->checkpoint, "Checkpoint to prove it under")
      ->type_name("FILE")
      ->required();
  prove->add_option("--index", given->index, "Entry, counted from 0 ('seq' in its line)")
      ->type_name("N");
  prove->add_option("--old-size", given->old_size, "Entries of the witness's last checkpoint")
      ->type_name("N");
  prove->add_option("-o,--output", given->output, "File instead of standard output")
      ->type_name("FILE");
  prove->callback([given, &context] { context.exit_code = prove_ledger(*given, context.options); });
}

void add_checkpoint(CLI::App& ledger, CommandContext& context) {
  CLI::App* checkpoint = add_command(
      ledger, "checkpoint", "Verify a journal that nobody writes, and sign how it stands",
      "Refuses (exit code 4) to contradict a checkpoint that was signed before. Those are\n"
      "remembered in a folder that must not be part of the journal's backup.\n\n"
      "Examples:\n"
      "  nexa key new example.org/ledger --out log.key > log.vkey\n"
      "  nexa ledger checkpoint ledger.jsonl --key-file log.key");
  const auto given = std::make_shared<LedgerCheckpointArguments>();
  add_journal(*checkpoint, given->journal);
  checkpoint->add_option("--key-file", given->key_file, "File of the log's private key")
      ->type_name("FILE")
      ->required();
  checkpoint->add_option("--origin", given->origin, "Name of the log (default: in the journal)")
      ->type_name("NAME");
  checkpoint->add_option("-o,--output", given->output, "Default: 'checkpoint' beside the journal")
      ->type_name("FILE");
  checkpoint->add_option("--state", given->state, "Default: ~/.local/state/nexapod/log")
      ->type_name("DIR");
  checkpoint->callback(
      [given, &context] { context.exit_code = sign_ledger(*given, context.options); });
}

void add_witness(CLI::App& ledger, CommandContext& context) {
  CLI::App* witness = add_command(
      ledger, "witness", "Cosign a checkpoint that continues the last one cosigned",
      "CHECKPOINT is the first one of a log, or what 'nexa ledger prove --old-size' wrote.\n"
      "Refuses (exit code 4) what contradicts the last one, and keeps that in a folder.\n\n"
      "Examples:\n"
      "  nexa key new example.org/w1 --witness --out w1.key > w1.vkey\n"
      "  nexa ledger witness request --key-file w1.key --key log.vkey --state w1 > cosigned");
  const auto given = std::make_shared<LedgerWitnessArguments>();
  witness->add_option("checkpoint", given->checkpoint, "Checkpoint, with a proof")
      ->type_name("CHECKPOINT")
      ->required();
  witness->add_option("--key-file", given->key_file, "File of the witness's private key")
      ->type_name("FILE")
      ->required();
  witness->add_option("--key", given->log_keys, "Keys of the log, one of which must have signed")
      ->type_name("KEY")
      ->allow_extra_args(false)
      ->required();
  witness->add_option("--state", given->state, "Default: ~/.local/state/nexapod/witness")
      ->type_name("DIR");
  witness->add_option("-o,--output", given->output, "File instead of standard output")
      ->type_name("FILE");
  witness->add_option("--time", given->time, "Seconds since 1970 to state (default: the clock's)")
      ->check(CLI::NonNegativeNumber)
      ->type_name("SECONDS");
  witness->callback(
      [given, &context] { context.exit_code = witness_ledger(*given, context.options); });
}

void add_export(CLI::App& ledger, CommandContext& context) {
  CLI::App* command = add_command(
      ledger, "export", "Write a journal as static files for clients of transparency logs",
      "Writes checkpoint, tile/ and tile/entries/ as c2sp.org/tlog-tiles says; any web server\n"
      "can hand them out.\n\n"
      "Examples:\n"
      "  nexa ledger export ledger.jsonl --checkpoint checkpoint --out public\n"
      "  nexa ledger export ledger.jsonl --checkpoint checkpoint --out public --json");
  const auto given = std::make_shared<LedgerExportArguments>();
  add_journal(*command, given->journal);
  command->add_option("--checkpoint", given->checkpoint, "Checkpoint to export up to")
      ->type_name("FILE")
      ->required();
  command->add_option("--out", given->folder, "Folder, which is made")
      ->type_name("DIR")
      ->required();
  command->callback(
      [given, &context] { context.exit_code = export_ledger(*given, context.options); });
}

void add_balance(CLI::App& ledger, CommandContext& context) {
  CLI::App* balance =
      add_command(ledger, "balance", "Replay a journal and print what accounts have",
                  "Credits with six decimals. AVAILABLE is what nothing reserves.\n\n"
                  "Examples:\n"
                  "  nexa ledger balance ledger.jsonl\n"
                  "  nexa ledger balance ledger.jsonl user:alice --json");
  const auto given = std::make_shared<LedgerBalanceArguments>();
  add_journal(*balance, given->journal);
  balance->add_option("account", given->accounts, "Accounts (default: all)")->type_name("ACCOUNT");
  balance->callback(
      [given, &context] { context.exit_code = print_balances(*given, context.options); });
}

}  // namespace

void add_ledger_commands(CLI::App& root, CommandContext& context) {
  CLI::App* ledger =
      root.add_subcommand("ledger", "Journals of ledgers, and what is signed of them");
  ledger->require_subcommand(1);
  ledger->fallthrough();
  ledger->footer(
      "Examples:\n"
      "  nexa ledger verify ledger.jsonl --checkpoint checkpoint --key log.vkey\n"
      "  nexa ledger balance ledger.jsonl");
  add_ledger_verify(*ledger, context);
  add_prove(*ledger, context);
  add_checkpoint(*ledger, context);
  add_witness(*ledger, context);
  add_export(*ledger, context);
  add_balance(*ledger, context);
}

}  // namespace nexa::cli
