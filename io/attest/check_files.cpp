#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "io/attest/check_parts.hpp"

namespace nexa::io {
namespace {

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// Whether the path is the name or ends with it behind a '/'.
bool ends_with_path(std::string_view path, std::string_view name) {
  if (!path.ends_with(name)) return false;
  return path.size() == name.size() || path[path.size() - name.size() - 1] == '/';
}

class FileCheck {
 public:
  FileCheck(const std::vector<OutputFile>& outputs, BundleReport& report)
      : outputs_(outputs), report_(report) {}

  void compare(const HeldFile& file) {
    const OutputFile* output = output_of(file);
    if (output == nullptr) return;
    seen_.insert(output->name);
    if (output->sha256 == file.sha256) return;
    fail("'" + file.path + "' is not the file that was attested",
         "its SHA-256 is " + to_hex(file.sha256) + ", that of '" + output->name + "' is " +
             to_hex(output->sha256));
  }

  void note_what_was_not_given() {
    const std::size_t count = outputs_.size() - seen_.size();
    if (count == 0) return;
    report_.notes.push_back(std::to_string(count) + " of " + std::to_string(outputs_.size()) +
                            " attested files were not given for comparison");
  }

 private:
  void fail(std::string message, std::string hint) {
    report_.failures.push_back(
        {.check = "file", .line = 0, .message = std::move(message), .hint = std::move(hint)});
  }

  /// The output of the file's name, or else the one whose name is the longest end of its path.
  [[nodiscard]] const OutputFile* named_output(const HeldFile& file) const {
    const OutputFile* found = nullptr;
    for (const OutputFile& output : outputs_) {
      const bool is_it =
          file.name.empty() ? ends_with_path(file.path, output.name) : file.name == output.name;
      if (is_it && (found == nullptr || output.name.size() > found->name.size())) found = &output;
    }
    return found;
  }

  /// The output that the file claims to be; without a name its last part may suffice.
  const OutputFile* output_of(const HeldFile& file) {
    if (const OutputFile* named = named_output(file)) return named;
    std::vector<const OutputFile*> found;
    for (const OutputFile& output : outputs_) {
      if (file.name.empty() && base_name(output.name) == base_name(file.path)) {
        found.push_back(&output);
      }
    }
    if (found.size() == 1) return found.front();
    if (found.empty()) {
      fail("no attested file is called '" + (file.name.empty() ? file.path : file.name) + "'",
           "attested: " + names());
    } else {
      fail("'" + file.path + "' could be several of the attested files",
           "say which, as NAME=" + file.path + "; attested: " + names());
    }
    return nullptr;
  }

  [[nodiscard]] std::string names() const {
    constexpr std::size_t shown = 10;
    std::string text;
    for (std::size_t i = 0; i < std::min(shown, outputs_.size()); ++i) {
      text += (i == 0 ? "" : ", ") + outputs_[i].name;
    }
    return outputs_.size() > shown ? text + ", …" : text;
  }

  const std::vector<OutputFile>& outputs_;
  BundleReport& report_;
  std::set<std::string> seen_;
};

}  // namespace

void check_files(std::span<const HeldFile> files, BundleReport& report) {
  const std::vector<OutputFile>* outputs = report.outputs();
  if (outputs == nullptr) {
    if (files.empty()) return;
    report.failures.push_back({.check = "file",
                               .line = 0,
                               .message = "there is no single attested result to compare with",
                               .hint = ""});
    return;
  }
  FileCheck check(*outputs, report);
  for (const HeldFile& file : files) check.compare(file);
  check.note_what_was_not_given();
}

}  // namespace nexa::io
