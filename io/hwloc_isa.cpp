#include "io/hwloc_isa.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

namespace nexa::io {

namespace {

using FlagSet = std::set<std::string_view>;

/// Linux's name of a flag and ours. Flags that no compiler option or library dispatches on are
/// left out: a list of a hundred names tells nobody anything.
constexpr std::array<std::pair<std::string_view, std::string_view>, 36> known_features{{
    {"sse2", "sse2"},
    {"pni", "sse3"},
    {"ssse3", "ssse3"},
    {"sse4_1", "sse4_1"},
    {"sse4_2", "sse4_2"},
    {"avx", "avx"},
    {"f16c", "f16c"},
    {"fma", "fma"},
    {"avx2", "avx2"},
    {"avx_vnni", "avx_vnni"},
    {"avx512f", "avx512f"},
    {"avx512bw", "avx512bw"},
    {"avx512cd", "avx512cd"},
    {"avx512dq", "avx512dq"},
    {"avx512vl", "avx512vl"},
    {"avx512_vnni", "avx512_vnni"},
    {"avx512_bf16", "avx512_bf16"},
    {"avx512_fp16", "avx512_fp16"},
    {"amx_tile", "amx_tile"},
    {"amx_int8", "amx_int8"},
    {"amx_bf16", "amx_bf16"},
    {"aes", "aes"},
    {"sha_ni", "sha"},
    {"asimd", "neon"},
    {"asimddp", "neon_dotprod"},
    {"asimdhp", "neon_fp16"},
    {"atomics", "lse"},
    {"bf16", "bf16"},
    {"i8mm", "i8mm"},
    {"sve", "sve"},
    {"sve2", "sve2"},
    {"sme", "sme"},
    {"sha2", "sha2"},
    {"vsx", "vsx"},
    {"altivec", "altivec"},
    {"crc32", "crc32"},
}};

FlagSet split_flags(std::string_view text) {
  FlagSet words;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.insert(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

template <std::size_t n>
bool has_all(const FlagSet& flags, const std::array<std::string_view, n>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [&flags](std::string_view flag) { return flags.count(flag) != 0; });
}

/// Linux calls SSE3 `pni`, LZCNT `abm`, and shows `xsave` only where the kernel has enabled it.
std::uint32_t x86_level(const FlagSet& flags) {
  constexpr std::array<std::string_view, 7> v2{"cx16",   "lahf_lm", "popcnt", "pni",
                                               "sse4_1", "sse4_2",  "ssse3"};
  constexpr std::array<std::string_view, 9> v3{"avx", "avx2", "bmi1",  "bmi2", "f16c",
                                               "fma", "abm",  "movbe", "xsave"};
  constexpr std::array<std::string_view, 5> v4{"avx512f", "avx512bw", "avx512cd", "avx512dq",
                                               "avx512vl"};
  if (!has_all(flags, v2)) return 1;
  if (!has_all(flags, v3)) return 2;
  return has_all(flags, v4) ? 4 : 3;
}

}  // namespace

IsaSummary summarise_isa(std::string_view architecture, std::string_view flags) {
  IsaSummary summary;
  const bool is_x86_64 = architecture == "x86_64";
  if (!architecture.empty() && !is_x86_64) summary.x86_64_level = 0;
  const FlagSet present = split_flags(flags);
  if (present.empty()) return summary;
  if (is_x86_64) summary.x86_64_level = x86_level(present);
  for (const auto& [linux_name, our_name] : known_features) {
    if (present.count(linux_name) != 0) summary.features.emplace_back(our_name);
  }
  std::sort(summary.features.begin(), summary.features.end());
  return summary;
}

std::string_view cpuinfo_flags(std::string_view cpuinfo) {
  while (!cpuinfo.empty()) {
    const std::string_view line = cpuinfo.substr(0, cpuinfo.find('\n'));
    cpuinfo.remove_prefix(std::min(line.size() + 1, cpuinfo.size()));
    const bool holds_flags = line.substr(0, 5) == "flags" || line.substr(0, 8) == "Features";
    const std::size_t colon = line.find(':');
    if (holds_flags && colon != std::string_view::npos) return line.substr(colon + 1);
  }
  return {};
}

std::string read_cpuinfo() {
  std::ifstream file("/proc/cpuinfo");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace nexa::io
