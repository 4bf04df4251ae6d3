#include "io/receipt.hpp"

#include <utility>

#include "io/base64.hpp"
#include "io/read_file.hpp"
#include "io/sha256.hpp"
#include "io/yaml/source.hpp"

namespace nexa::io {
namespace {

using core::Error;
using core::Result;

constexpr std::string_view receipt_version = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_word = "extra ";
constexpr std::string_view index_word = "index ";
constexpr std::size_t longest_path = 63;  // a tree has less than 2^63 leaves
constexpr std::size_t most_receipt_bytes = most_note_bytes + (std::size_t{64} << 10);

/// Reads the lines above the checkpoint.
class Lines {
 public:
  Lines(std::string_view bytes, const std::string& file) : rest_(bytes), file_(file) {}

  /// The next line, or the end.
  std::optional<std::string_view> next() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    ++number_;
    return line;
  }

  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] Error wrong(std::string message, std::string hint = "") const {
    return {.code = core::ErrorCode::corrupt,
            .message = std::move(message),
            .hint = std::move(hint),
            .where = {.file = file_, .line = number_, .column = 0}};
  }

 private:
  std::string_view rest_;
  const std::string& file_;
  int number_ = 0;
};

Result<void> read_head(Lines& lines, Receipt& receipt) {
  auto line = lines.next();
  if (line != receipt_version) {
    return lines.wrong("not a receipt", "its first line is " + std::string(receipt_version));
  }
  line = lines.next();
  if (line && line->starts_with(extra_word)) {
    receipt.extra = from_base64(line->substr(extra_word.size()));
    if (!receipt.extra) return lines.wrong("the extra data are not in base64");
    line = lines.next();
  }
  if (!line || !line->starts_with(index_word)) {
    return lines.wrong("no index of an entry", "expected a line like 'index 3'");
  }
  const std::string_view digits = line->substr(index_word.size());
  const auto index = parse_tree_size(digits);
  if (!index) {
    return lines.wrong("the index of the entry is " + in_quotes(digits),
                       "expected a decimal number without leading zeros");
  }
  receipt.index = *index;
  return {};
}

Result<void> read_path(Lines& lines, Receipt& receipt) {
  while (true) {
    const auto line = lines.next();
    if (!line) return lines.wrong("the receipt ends before its checkpoint", "was it cut off?");
    if (line->empty()) return {};
    const auto digest = parse_digest_base64(*line);
    if (!digest) {
      return lines.wrong("a step of the path is " + in_quotes(*line),
                         "expected 32 bytes in base64");
    }
    if (receipt.path.size() == longest_path) {
      return lines.wrong("the path is longer than that of any tree");
    }
    receipt.path.push_back(*digest);
  }
}

}  // namespace

std::string to_text(const Receipt& receipt) {
  std::string text = std::string(receipt_version) + '\n';
  if (receipt.extra) text += std::string(extra_word) + to_base64(*receipt.extra) + '\n';
  text += std::string(index_word) + std::to_string(receipt.index) + '\n';
  for (const core::Digest& digest : receipt.path) text += to_base64(digest.bytes) + '\n';
  return text + '\n' + to_text(receipt.checkpoint.note);
}

Result<Receipt> parse_receipt(std::string_view bytes, const std::string& file) {
  Receipt receipt;
  Lines lines(bytes, file);
  if (const auto head = read_head(lines, receipt); !head) return head.error();
  if (const auto path = read_path(lines, receipt); !path) return path.error();
  Result<SignedCheckpoint> checkpoint = parse_signed_checkpoint(lines.rest(), file);
  if (!checkpoint) {
    Error error = std::move(checkpoint).error();
    if (error.where.line > 0) error.where.line += lines.number();
    return error;
  }
  receipt.checkpoint = std::move(*checkpoint);
  return receipt;
}

Result<Receipt> read_receipt(const std::string& path) {
  const Result<std::string> bytes = read_file(path, most_receipt_bytes);
  if (!bytes) return bytes.error();
  return parse_receipt(*bytes, path);
}

bool proves(const Receipt& receipt, std::string_view line) {
  const ledger::TreeHead& tree = receipt.checkpoint.checkpoint.tree;
  return ledger::verify_inclusion(sha256_of_parts, ledger::leaf_hash(sha256_of_parts, line),
                                  receipt.index, tree.size, receipt.path, tree.root);
}

}  // namespace nexa::io
