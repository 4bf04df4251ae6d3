#include "tier/gpu_class.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace nexa::tier {

namespace {

/// Locale-free, since a name is compared alike on every machine.
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word_char(char c) {
  const char l = lower(c);
  return (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9');
}

/// The lower-case words of `text`; `*` belongs to the word that it follows.
std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  bool inside = false;
  for (const char c : text) {
    const bool word_char = is_word_char(c) || (c == '*' && inside);
    if (word_char && !inside) found.emplace_back();
    if (word_char) found.back() += lower(c);
    inside = word_char;
  }
  return found;
}

bool word_matches(std::string_view pattern, std::string_view word) {
  if (pattern.empty() || pattern.back() != '*') return pattern == word;
  pattern.remove_suffix(1);
  return word.substr(0, pattern.size()) == pattern;
}

}  // namespace

bool matches_model(std::string_view pattern, std::string_view name) {
  const std::vector<std::string> wanted = words(pattern);
  const std::vector<std::string> present = words(name);
  if (wanted.empty()) return false;
  const auto same = [](const std::string& word, const std::string& want) {
    return word_matches(want, word);
  };
  return std::search(present.begin(), present.end(), wanted.begin(), wanted.end(), same) !=
         present.end();
}

const char* to_string(GpuClass gpu_class) {
  switch (gpu_class) {
    case GpuClass::unknown:
      return "unknown";
    case GpuClass::datacenter:
      return "datacenter";
    case GpuClass::consumer:
      return "consumer";
    case GpuClass::display_only:
      return "display_only";
  }
  return "unknown";
}

GpuClass gpu_class(const GpuModels& models, const Gpu& gpu) {
  const std::string name = gpu.vendor + ' ' + gpu.model;
  const auto listed = [&name](const std::vector<std::string>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&name](const std::string& p) { return matches_model(p, name); });
  };
  if (listed(models.datacenter)) return GpuClass::datacenter;
  if (listed(models.display_only)) return GpuClass::display_only;
  if (listed(models.consumer)) return GpuClass::consumer;
  return GpuClass::unknown;
}

}  // namespace nexa::tier
