#include "io/line_reader.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace nexa::io {
namespace {

using core::Result;

constexpr std::size_t buffer_bytes = std::size_t{256} << 10;

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteSource> source, std::size_t most_bytes)
    : source_(std::move(source)), most_bytes_(most_bytes), buffer_(buffer_bytes) {}

Result<bool> LineReader::fill() {
  const Result<std::size_t> count = source_->read(buffer_);
  if (!count) return count.error();
  at_ = 0;
  filled_ = *count;
  return filled_ > 0;
}

Result<bool> LineReader::next(std::string& line) {
  line.clear();
  line_was_ended_ = false;
  while (true) {
    if (at_ == filled_) {
      const Result<bool> more = fill();
      if (!more) return more;
      if (!*more) break;
    }
    const std::string_view rest(buffer_.data() + at_, filled_ - at_);
    const std::size_t end = rest.find('\n');
    const std::size_t length = std::min(end, rest.size());
    if (line.size() + length > most_bytes_) {
      return core::Error{
          .code = core::ErrorCode::limit_exceeded,
          .message = "a line is longer than " + std::to_string(most_bytes_) + " bytes",
          .hint = "is this the right file?",
          .where = {.file = source_->name(), .line = static_cast<int>(number_ + 1), .column = 0}};
    }
    line.append(rest.substr(0, length));
    at_ += length;
    if (end == std::string_view::npos) continue;
    ++at_;
    line_was_ended_ = true;
    break;
  }
  if (line.empty() && !line_was_ended_) return false;
  ++number_;
  return true;
}

}  // namespace nexa::io
