#include "io/yaml/prescan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace nexa::io {
namespace {

class Prescan {
 public:
  Prescan(const SourcePtr& source, const YamlLimits& limits, Diagnostics& diagnostics)
      : source_(source), limits_(limits), diagnostics_(diagnostics) {}

  bool run() {
    const std::string_view text = source_->text();
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
      return report(0, "the file is UTF-16", "save it as UTF-8");
    }
    std::size_t begin = 0;
    for (; begin < text.size(); ++line_) {
      std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::size_t next = std::min(end + 1, text.size());
      if (end > begin && text[end - 1] == '\r') --end;
      if (!check_line(text.substr(begin, end - begin))) return false;
      if (next > limits_.bytes) {
        return report(0, fmt::format("the file is longer than {} bytes", limits_.bytes));
      }
      begin = next;
    }
    return true;
  }

 private:
  bool check_line(std::string_view line) {
    if (line.size() > limits_.line_bytes) {
      return report(limits_.line_bytes,
                    fmt::format("the line is longer than {} bytes", limits_.line_bytes));
    }
    return check_characters(line) && check_indentation(line) && count_indicators(line);
  }

  bool check_characters(std::string_view line) {
    for (std::size_t i = 0; i < line.size();) {
      const std::size_t length = utf8_length(line.substr(i));
      if (length == 0) {
        return report(i,
                      fmt::format("byte 0x{:02x} is not valid UTF-8 here",
                                  static_cast<unsigned char>(line[i])),
                      "save the file as UTF-8");
      }
      if (is_control(line.substr(i, length))) {
        return report(i, fmt::format("control character 0x{:02x} in the text",
                                     static_cast<unsigned char>(line[i + length - 1])));
      }
      i += length;
    }
    return true;
  }

  bool check_indentation(std::string_view line) {
    const std::size_t content = line.find_first_not_of(" \t");
    if (content == std::string_view::npos || line[content] == '#') return true;
    const std::size_t tab = line.substr(0, content).find('\t');
    if (tab == std::string_view::npos) return true;
    return report(tab, "a tab indents the line", "YAML wants spaces");
  }

  bool count_indicators(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (std::string_view("[]{},").find(line[i]) == std::string_view::npos) continue;
      if (++indicators_ > limits_.flow_indicators) {
        return report(i, fmt::format("more than {} brackets and commas", limits_.flow_indicators));
      }
    }
    return true;
  }

  bool report(std::size_t offset, std::string message, std::string hint = {}) {
    const YamlMark mark{line_, static_cast<int>(offset) + 1};
    diagnostics_.add(place_of(source_, mark), std::move(message), std::move(hint),
                     core::ErrorCode::corrupt);
    return false;
  }

  const SourcePtr& source_;
  const YamlLimits& limits_;
  Diagnostics& diagnostics_;
  int line_ = 1;
  std::size_t indicators_ = 0;
};

}  // namespace

bool prescan(const SourcePtr& source, const YamlLimits& limits, Diagnostics& diagnostics) {
  return Prescan(source, limits, diagnostics).run();
}

}  // namespace nexa::io
