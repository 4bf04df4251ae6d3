#include "cli/commands/node_report.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "cli/words.hpp"
#include "tier/gpu_class.hpp"

namespace nexa::cli {

namespace {

using tier::Figure;
using tier::GpuClass;

constexpr std::size_t label_width = 14;
constexpr std::size_t line_width = 100;

/// One labelled line; more of them, with the label left blank, where the words do not fit.
std::string row(std::string_view label, const std::vector<std::string>& words) {
  std::string text;
  std::string line = fmt::format("{:<{}}", label, label_width);
  bool line_is_fresh = true;
  for (const std::string& word : words) {
    if (!line_is_fresh && line.size() + 1 + word.size() > line_width) {
      text += line + '\n';
      line = std::string(label_width, ' ');
      line_is_fresh = true;
    }
    if (!line_is_fresh) line += ' ';
    line += word;
    line_is_fresh = false;
  }
  return text + line + '\n';
}

std::string row(std::string_view label, const std::string& value) {
  return row(label, std::vector<std::string>{value});
}

std::string size_text(std::uint64_t kib) {
  return tier::value_text(Figure::memory, static_cast<std::int64_t>(kib));
}

/// Equal neighbours are shown as one entry with their number.
template <class T>
struct Run {
  T entry;
  std::size_t count;
};

template <class T, class Same>
std::vector<Run<T>> runs(const std::vector<T>& entries, Same same) {
  std::vector<Run<T>> found;
  for (const T& entry : entries) {
    auto run = found.begin();
    while (run != found.end() && !same(run->entry, entry)) ++run;
    if (run == found.end()) {
      found.push_back({entry, 1});
    } else {
      ++run->count;
    }
  }
  return found;
}

std::string processor_rows(const tier::Profile& profile) {
  std::string text;
  const auto same = [](const tier::Package& a, const tier::Package& b) { return a == b; };
  for (const auto& [package, count] : runs(profile.packages, same)) {
    const std::string model = package.model.empty() ? "processor" : package.model;
    text += row(text.empty() ? "processors" : "",
                fmt::format("{} x {}, {} cores and {} threads{}", count, model, package.cores,
                            package.threads, count > 1 ? " each" : ""));
  }
  text += row("cores", fmt::format("{} physical, {} hardware threads", profile.physical_cores,
                                   profile.hardware_threads));
  for (const tier::CoreKind& kind : profile.core_kinds) {
    text += row("", fmt::format("{} x {}, {} threads", kind.cores,
                                kind.name.empty() ? "core" : kind.name, kind.threads));
  }
  return text;
}

std::string cache_row(const tier::Profile& profile) {
  std::vector<std::string> words;
  for (const tier::Cache& cache : profile.caches) {
    const std::string comma = &cache == &profile.caches.back() ? "" : ",";
    words.push_back(fmt::format("L{}{} {} x {}{}", cache.level, cache.data_only ? "d" : "",
                                cache.count, size_text(cache.size_kib), comma));
  }
  return words.empty() ? row("caches", "not reported") : row("caches", words);
}

std::string gpu_rows(const NodeReport& report) {
  std::string text;
  const auto same = [](const tier::Gpu& a, const tier::Gpu& b) {
    return a.vendor == b.vendor && a.model == b.model && a.memory_kib == b.memory_kib;
  };
  for (const auto& [gpu, count] : runs(report.profile.gpus, same)) {
    const GpuClass found = gpu_class(report.catalog.gpu_models, gpu);
    std::string line = fmt::format("{} x {} {}", count, gpu.vendor, gpu.model);
    if (gpu.memory_kib) line += ", " + size_text(*gpu.memory_kib);
    if (found == GpuClass::display_only) {
      line += " (screen only, not counted)";
    } else {
      line += fmt::format(" ({}, by {})", to_string(found), gpu.backend);
    }
    text += row(text.empty() ? "GPUs" : "", line);
  }
  return text.empty() ? row("GPUs", "none") : text;
}

std::string network_rows(const tier::Profile& profile) {
  std::string text;
  for (const tier::NetworkCard& card : profile.networks) {
    std::string line = card.name;
    if (!card.rdma_device.empty() && card.rdma_device != card.name) {
      line += " (" + card.rdma_device + ')';
    }
    line += std::string(" ") + to_string(card.kind);
    if (card.speed_mbit) line += ' ' + tier::value_text(Figure::network_mbit, *card.speed_mbit);
    if (!card.model.empty()) line += ", " + card.vendor + ' ' + card.model;
    text += row(text.empty() ? "network" : "", line);
  }
  return text.empty() ? row("network", "none") : text;
}

std::string isa_row(const tier::Profile& profile) {
  std::vector<std::string> words;
  if (profile.x86_64_level.value_or(0) > 0) {
    words.push_back(fmt::format("x86-64-v{}", *profile.x86_64_level));
  }
  words.insert(words.end(), profile.isa_features.begin(), profile.isa_features.end());
  return words.empty() ? row("instructions", "not reported") : row("instructions", words);
}

}  // namespace

std::string to_text(const NodeReport& report) {
  const tier::Profile& profile = report.profile;
  const std::string name = profile.hostname.empty() ? "unnamed" : profile.hostname;
  const std::string architecture =
      profile.architecture.empty() ? "" : " (" + profile.architecture + ')';
  std::string text = row("node", name + architecture + ", " + report.source);
  text += processor_rows(profile);
  text += row("memory",
              size_text(profile.memory_kib) + " in " + counted(profile.numa_nodes, "NUMA node"));
  text += cache_row(profile);
  text += gpu_rows(report);
  text += network_rows(profile);
  text += isa_row(profile);
  const std::vector<std::string>& capabilities = report.classification.capabilities;
  text += capabilities.empty() ? row("capabilities", "none") : row("capabilities", capabilities);
  text += verdict_text(report.classification) + '\n';
  for (const std::string& line : why_not_higher(report.classification)) text += "  " + line + '\n';
  return text;
}

}  // namespace nexa::cli
