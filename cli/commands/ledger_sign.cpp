#include "cli/commands/ledger_sign.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/commands/ledger_inputs.hpp"
#include "cli/commands/ledger_report.hpp"
#include "cli/commands/signing.hpp"
#include "cli/errors.hpp"
#include "io/atomic_file.hpp"
#include "io/checkpoint_memory.hpp"
#include "io/ledger_audit.hpp"
#include "io/ledger_walk.hpp"
#include "io/line_reader.hpp"
#include "io/read_file.hpp"
#include "io/witness.hpp"

namespace nexa::cli {
namespace {

using core::Error;
using core::ErrorCode;
using core::Result;
using Json = nlohmann::ordered_json;

Error wrong(ErrorCode code, const std::string& file, std::string message, std::string hint) {
  return {.code = code,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = {.file = file, .line = 0, .column = 0}};
}

std::string beside(const std::string& journal) {
  return journal.substr(0, journal.rfind('/') + 1) + "checkpoint";
}

/// The journal, held still: nobody may write it, and its bytes are on disk.
Result<std::unique_ptr<io::StorageFile>> hold(const std::string& journal) {
  auto file = io::posix_storage().open(journal, io::Storage::Mode::read);
  if (!file) return file;
  if (const auto locked = (*file)->lock(); !locked) {
    Error error = locked.error();
    if (error.code == ErrorCode::conflict) {
      error.hint = "the process that writes the journal signs it; stop it to sign by hand";
    }
    return error;
  }
  if (const auto synced = (*file)->sync(); !synced) return synced.error();
  return file;
}

/// What the journal must continue: the last checkpoint that was signed here, and the one that is
/// published.
Result<io::LedgerEvidence> earlier_checkpoints(io::CheckpointMemory& memory,
                                               const std::string& origin,
                                               const std::string& published) {
  io::LedgerEvidence evidence;
  const auto last = memory.last(origin);
  if (!last) return last.error();
  if (*last) evidence.trees.push_back({memory.path_of(origin), (*last)->checkpoint.tree});
  const auto there = io::read_signed_checkpoint(published);
  if (!there && there.error().code == ErrorCode::not_found) return evidence;
  if (!there) return there.error();
  if (there->checkpoint.origin != origin) {
    return wrong(ErrorCode::refused, published,
                 "the file has a checkpoint of '" + there->checkpoint.origin + "'",
                 "name another file with --output");
  }
  evidence.trees.push_back({published, there->checkpoint.tree});
  return evidence;
}

Result<void> check(const io::LedgerAudit& audit, const io::LedgerEvidence& evidence,
                   const std::string& origin) {
  if (!audit.contradicted.empty()) {
    const io::TreeEvidence& signed_before = evidence.trees[audit.contradicted.front()];
    const auto finding = std::find_if(audit.findings.begin(), audit.findings.end(),
                                      [](const io::LedgerFinding& found) {
                                        return found.tampering == io::Tampering::truncated ||
                                               found.tampering == io::Tampering::rewritten ||
                                               found.tampering == io::Tampering::changed;
                                      });
    return wrong(ErrorCode::refused, signed_before.file,
                 "signing the journal would contradict this checkpoint of " +
                     std::to_string(signed_before.tree.size) + " entries" +
                     (finding == audit.findings.end() ? "" : ": " + finding->message),
                 "is the journal an old copy? Restore the newest one");
  }
  if (!audit.holds()) {
    Error error = wrong(ErrorCode::conflict, "", audit.findings.front().message,
                        "a damaged journal is not signed; 'nexa ledger verify' says more");
    error.where = audit.findings.front().where;
    return error;
  }
  if (!audit.origin.empty() && audit.origin != origin) {
    return wrong(ErrorCode::invalid_argument, "",
                 "the origin is '" + origin + "', but the journal is of '" + audit.origin + "'",
                 "leave --origin out to take the journal's");
  }
  if (audit.torn_bytes > 0 || audit.books->unfinished_chain() > 0) {
    return wrong(ErrorCode::conflict, "", "the journal ends in the middle of a write",
                 "start and stop the process that writes it, which cuts off what is torn");
  }
  return {};
}

Result<std::string> origin_of(const LedgerCheckpointArguments& arguments) {
  if (!arguments.origin.empty()) return arguments.origin;
  auto source = io::open_bytes(arguments.journal);
  if (!source) return std::move(source).error();
  io::LineReader lines(std::move(*source), io::longest_ledger_line);
  io::LedgerWalk walk(nullptr);
  std::string line;
  const auto more = lines.next(line);
  if (more && *more) static_cast<void>(walk.add(line));
  if (!walk.origin().empty()) return walk.origin();
  return wrong(ErrorCode::invalid_argument, arguments.journal,
               "the journal does not begin with a genesis that names it", "name it with --origin");
}

Result<io::SignedCheckpoint> sign(const LedgerCheckpointArguments& arguments,
                                  const io::NoteSigner& signer, const std::string& output) {
  const auto held = hold(arguments.journal);
  if (!held) return held.error();
  const auto origin = origin_of(arguments);
  if (!origin) return origin.error();
  const auto folder = state_folder(arguments.state, "log");
  if (!folder) return folder.error();
  auto memory = io::CheckpointMemory::open(io::posix_storage(), *folder);
  if (!memory) return std::move(memory).error();
  const auto evidence = earlier_checkpoints(*memory, *origin, output);
  if (!evidence) return evidence.error();
  const auto audit =
      io::audit_ledger(arguments.journal, *evidence, {.replay = true, .table_key = table_key()});
  if (!audit) return audit.error();
  if (const auto checked = check(*audit, *evidence, *origin); !checked) {
    return checked.error();
  }
  return io::publish_checkpoint(io::posix_storage(), *memory, output, {*origin, audit->tree, {}},
                                signer, now());
}

Json about(const io::SignedCheckpoint& made, const char* schema) {
  return {{"schema", schema},
          {"origin", made.checkpoint.origin},
          {"entries", made.checkpoint.tree.size},
          {"root", core::to_hex(made.checkpoint.tree.root)},
          {"note", io::to_text(made.note)}};
}

void print(const Json& document) {
  std::fputs((document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n').c_str(), stdout);
}

}  // namespace

int sign_ledger(const LedgerCheckpointArguments& arguments, const GlobalOptions& options) {
  const auto signer = load_signer(arguments.key_file, options);
  if (!signer) return report_error(signer.error(), options);
  const std::string output =
      arguments.output.empty() ? beside(arguments.journal) : arguments.output;
  const auto made = sign(arguments, *signer, output);
  if (!made) return report_error(made.error(), options);
  if (options.json) {
    Json document = about(*made, "nexa.ledger_checkpoint/1");
    document["file"] = output;
    print(document);
  } else {
    std::fputs(("wrote " + output + ": " + std::to_string(made->checkpoint.tree.size) +
                " entries of " + made->checkpoint.origin + '\n')
                   .c_str(),
               stdout);
  }
  return exit_done;
}

namespace {

Result<io::SignedCheckpoint> cosign(const LedgerWitnessArguments& arguments,
                                    const io::NoteSigner& witness) {
  const auto log_keys = note_keys(arguments.log_keys, io::NoteAlgorithm::ed25519);
  if (!log_keys) return log_keys.error();
  constexpr std::size_t most_bytes = io::most_note_bytes + 4096;
  const auto bytes = io::read_file(arguments.checkpoint, most_bytes);
  if (!bytes) return bytes.error();
  auto request = io::parse_witness_request(*bytes, arguments.checkpoint);
  if (!request) return std::move(request).error();
  const auto folder = state_folder(arguments.state, "witness");
  if (!folder) return folder.error();
  auto memory = io::CheckpointMemory::open(io::posix_storage(), *folder);
  if (!memory) return std::move(memory).error();
  const core::Time time = arguments.time ? core::at_seconds(*arguments.time) : now();
  auto signature = io::cosign(*memory, *request, *log_keys, witness, time);
  if (!signature) return std::move(signature).error();
  std::vector<io::NoteSignature>& all = request->checkpoint.note.signatures;
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const io::NoteSignature& one) {
                             return one.name == signature->name && one.key_id == signature->key_id;
                           }),
            all.end());
  all.push_back(std::move(*signature));
  return std::move(request->checkpoint);
}

}  // namespace

int witness_ledger(const LedgerWitnessArguments& arguments, const GlobalOptions& options) {
  const auto signer = load_signer(arguments.key_file, options);
  if (!signer) return report_error(signer.error(), options);
  const auto made = cosign(arguments, *signer);
  if (!made) {
    Error error = made.error();
    if (error.where.file.empty()) error.where.file = arguments.checkpoint;
    return report_error(error, options);
  }
  const std::string text = io::to_text(made->note);
  if (!arguments.output.empty()) {
    if (const auto written = io::write_file(arguments.output, text); !written) {
      return report_error(written.error(), options);
    }
  }
  if (options.json) {
    print(about(*made, "nexa.ledger_witness/1"));
  } else if (arguments.output.empty()) {
    std::fputs(text.c_str(), stdout);
  } else {
    std::fputs(("wrote " + arguments.output + '\n').c_str(), stdout);
  }
  return exit_done;
}

}  // namespace nexa::cli
