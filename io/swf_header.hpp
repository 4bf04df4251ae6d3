#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nexa::io {

/// Collects the `; Key: value` lines at the head of an SWF file.
///
/// A key is one word that is followed by a colon and a blank. A comment that is indented by more
/// than a blank carries on the value of the line above, with a line break between. Other comments
/// are not kept, nor is what comes after one mebibyte of header.
class SwfHeader {
 public:
  /// `line` starts with a semicolon, blanks before it apart.
  void add(std::string_view line);

  std::vector<std::pair<std::string, std::string>> take() { return std::move(entries_); }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
  std::size_t bytes_ = 0;
  bool continues_ = false;
};

}  // namespace nexa::io
