// Feeds arbitrary bytes to the readers of signed notes: checkpoints, receipts, requests to a
// witness, and keys. What is read is written back as the same bytes.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "io/receipt.hpp"
#include "io/witness.hpp"

namespace {

using nexa::io::NoteKey;

void require(bool condition) {
  if (!condition) std::abort();
}

template <class Read>
bool is_read(const Read& read) {
  if (!read) require(!read.error().message.empty());
  return read.has_value();
}

/// The keys of the seeds, whose signatures are checked too.
std::vector<NoteKey> keys() {
  std::vector<NoteKey> keys;
  for (const char* const text :
       {"nexapod.example/ledger/test+875443ae+AT1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM",
        "witness.nexapod.example/w1+395a5dc3+BPxRzY5iGKGjjaR+0AIw8FgIFu0TujMDrF3rkRVIkIAl"}) {
    keys.push_back(NoteKey::parse(text).value());
  }
  return keys;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<NoteKey> known = keys();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto note = nexa::io::parse_note(text, "fuzz");
  if (is_read(note)) {
    require(to_text(*note) == text);
    const auto trusted = nexa::io::verify_note(*note, known, nexa::core::at_seconds(2'000'000'000));
    require(!trusted || !trusted->empty());
  }
  const auto checkpoint = nexa::io::parse_checkpoint(text, "fuzz");
  if (is_read(checkpoint)) require(to_text(*checkpoint) == text);
  const auto receipt = nexa::io::parse_receipt(text, "fuzz");
  if (is_read(receipt)) {
    require(to_text(*receipt) == text);
    require(!proves(*receipt, "no line"));
  }
  const auto request = nexa::io::parse_witness_request(text, "fuzz");
  if (is_read(request)) {
    require(request->old_size ? to_text(*request) == text
                              : to_text(request->checkpoint.note) == text);
  }
  const auto key = NoteKey::parse(text);
  if (is_read(key)) require(key->to_text() == text);
  return 0;
}
