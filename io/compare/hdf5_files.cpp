#include "io/compare/hdf5_files.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "io/compare/hdf5_type.hpp"
#include "io/compare/hdf5_values.hpp"
#include "io/compare/plain_files.hpp"
#include "io/hdf5/table.hpp"
#include "validator/compare/path_pattern.hpp"

namespace nexa::io::compare {

namespace {

using core::Result;
using hdf5::Handle;
using validator::compare::AttributeCheck;
using validator::compare::Comparison;
using validator::compare::DatasetParameters;
using validator::compare::Hdf5Parameters;
using validator::compare::NanPolicy;
using validator::compare::Side;
using validator::compare::Tolerance;

/// Groups deeper than this are taken for an attack on the stack.
constexpr int most_levels = 100;

using LinkTypes = std::map<std::string, H5L_type_t>;

LinkTypes links_of(const Handle& group) {
  LinkTypes links;
  const auto add = [](hid_t, const char* name, const H5L_info_t* info, void* into) -> herr_t {
    static_cast<LinkTypes*>(into)->emplace(name, info->type);
    return 0;
  };
  H5Literate(group.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &links);
  return links;
}

std::set<std::string> attributes_of(const Handle& object) {
  std::set<std::string> names;
  const auto add = [](hid_t, const char* name, const H5A_info_t*, void* into) -> herr_t {
    static_cast<std::set<std::string>*>(into)->emplace(name);
    return 0;
  };
  H5Aiterate2(object.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names);
  return names;
}

const char* link_text(H5L_type_t type) {
  if (type == H5L_TYPE_HARD) return "an object";
  if (type == H5L_TYPE_SOFT) return "a symbolic link";
  return type == H5L_TYPE_EXTERNAL ? "a link to another file" : "a link of an unknown kind";
}

const char* object_text(H5I_type_t type) {
  if (type == H5I_GROUP) return "a group";
  if (type == H5I_DATASET) return "a dataset";
  return type == H5I_DATATYPE ? "a named type" : "an object of an unknown kind";
}

/// Where a symbolic or external link leads, as the bytes that the file holds.
std::string link_value(const Handle& group, const std::string& name) {
  H5L_info_t info{};
  if (H5Lget_info(group.get(), name.c_str(), &info, H5P_DEFAULT) < 0) return {};
  constexpr std::size_t longest = 65'536;
  std::vector<char> value(std::min(info.u.val_size, longest));
  if (H5Lget_val(group.get(), name.c_str(), value.data(), value.size(), H5P_DEFAULT) < 0) return {};
  return {value.begin(), value.end()};
}

/// Walks two files at once.
class FilePair {
 public:
  FilePair(std::string name, const Hdf5Parameters& parameters)
      : name_(std::move(name)), parameters_(parameters), rule_used_(parameters.rules.size()) {}

  Comparison run(const Handle& a, const Handle& b) {
    const Handle root_a(H5Oopen(a.get(), "/", H5P_DEFAULT));
    const Handle root_b(H5Oopen(b.get(), "/", H5P_DEFAULT));
    if (!root_a.is_valid() || !root_b.is_valid()) {
      report_unreadable(root_a, root_b, "/", "the root cannot be opened");
      return comparison_;
    }
    compare_objects({root_a, root_b}, "/", 0);
    for (std::size_t rule = 0; rule < rule_used_.size(); ++rule) {
      if (rule_used_[rule]) continue;
      comparison_.cannot_compare(
          name_, "no object is called as the rule '" + parameters_.rules[rule].pattern + "' says");
    }
    return std::move(comparison_);
  }

 private:
  [[nodiscard]] std::string place(const std::string& path) const {
    return name_.empty() ? path : name_ + ':' + path;
  }

  void report_unreadable(const Handle& a, const Handle& b, const std::string& path,
                         const std::string& what) {
    const bool both = !a.is_valid() && !b.is_valid();
    const Side side = both ? Side::both : a.is_valid() ? Side::b : Side::a;
    const char* const of = both ? "" : a.is_valid() ? "B: " : "A: ";
    comparison_.cannot_read(side, place(path), of + what);
  }

  const DatasetParameters& rule_for(const std::string& path) {
    std::size_t rule = 0;
    const DatasetParameters& found = parameters_.at(path, &rule);
    for (std::size_t i = 0; i < rule_used_.size(); ++i) {
      if (!rule_used_[i]) {
        rule_used_[i] =
            i == rule || validator::compare::matches_path(path, parameters_.rules[i].pattern);
      }
    }
    return found;
  }

  /// False where the pair has been compared before, through another hard link.
  bool is_new(HandlePair objects) {
    std::array<H5O_info_t, 2> infos{};
    H5Oget_info2(objects.a.get(), &infos[0], H5O_INFO_BASIC);
    H5Oget_info2(objects.b.get(), &infos[1], H5O_INFO_BASIC);
    return seen_.emplace(infos[0].addr, infos[1].addr).second;
  }

  void compare_objects(HandlePair objects, const std::string& path, int level) {
    const H5I_type_t kind_a = H5Iget_type(objects.a.get());
    const H5I_type_t kind_b = H5Iget_type(objects.b.get());
    if (kind_a != kind_b) {
      comparison_.differ(place(path),
                         std::string(object_text(kind_a)) + " and " + object_text(kind_b));
      return;
    }
    const DatasetParameters& rule = rule_for(path);
    // A dataset is compared under each of its names, since they may have different rules.
    if (kind_a != H5I_DATASET && !is_new(objects)) return;
    if (kind_a == H5I_DATASET) {
      compare_datasets(objects, place(path), rule, comparison_);
    } else if (kind_a == H5I_DATATYPE) {
      compare_named_types(objects, path);
    }
    if (rule.attributes != AttributeCheck::ignore) compare_all_attributes(objects, path, rule);
    if (kind_a == H5I_GROUP) compare_groups(objects, path, level);
  }

  void compare_named_types(HandlePair types, const std::string& path) {
    const std::string a = type_text(types.a.get());
    const std::string b = type_text(types.b.get());
    if (a != b) comparison_.differ(place(path), a + " and " + b);
  }

  void compare_all_attributes(HandlePair objects, const std::string& path,
                              const DatasetParameters& rule) {
    // Attributes such as a fill value may be NaN on purpose.
    const Tolerance exact{.rtol = 0, .atol = 0, .ulps = 0, .nan = NanPolicy::bitwise};
    const std::set<std::string> in_a = attributes_of(objects.a);
    const std::set<std::string> in_b = attributes_of(objects.b);
    for (const std::string& name : in_a) {
      const std::string where = place(path) + '@' + name;
      if (!in_b.contains(name)) {
        comparison_.differ(where, "only A has it");
        continue;
      }
      const Handle a(H5Aopen(objects.a.get(), name.c_str(), H5P_DEFAULT));
      const Handle b(H5Aopen(objects.b.get(), name.c_str(), H5P_DEFAULT));
      if (!a.is_valid() || !b.is_valid()) {
        report_unreadable(a, b, path + '@' + name, "the attribute cannot be opened");
        continue;
      }
      compare_attributes({a, b}, where,
                         rule.attributes == AttributeCheck::exact ? exact : rule.tolerance(),
                         comparison_);
    }
    for (const std::string& name : in_b) {
      if (!in_a.contains(name)) comparison_.differ(place(path) + '@' + name, "only B has it");
    }
  }

  void compare_groups(HandlePair groups, const std::string& path, int level) {
    if (level >= most_levels) {
      comparison_.cannot_read(Side::both, place(path),
                              fmt::format("groups are nested more than {} deep", most_levels));
      return;
    }
    const LinkTypes in_a = links_of(groups.a);
    LinkTypes in_b = links_of(groups.b);
    const std::string before = path == "/" ? path : path + '/';
    // Names in order, whichever file they are in.
    LinkTypes all = in_a;
    all.insert(in_b.begin(), in_b.end());
    for (const auto& [name, ignored] : all) {
      const std::string below = before + name;
      const auto a = in_a.find(name);
      const auto b = in_b.find(name);
      if (a == in_a.end() || b == in_b.end()) {
        comparison_.differ(place(below), a == in_a.end() ? "only B has it" : "only A has it");
      } else if (a->second != b->second) {
        comparison_.differ(place(below),
                           std::string(link_text(a->second)) + " and " + link_text(b->second));
      } else if (a->second == H5L_TYPE_HARD) {
        compare_members(groups, name, below, level);
      } else {
        compare_links(groups, name, below);
      }
    }
  }

  void compare_members(HandlePair groups, const std::string& name, const std::string& path,
                       int level) {
    const Handle a(H5Oopen(groups.a.get(), name.c_str(), H5P_DEFAULT));
    const Handle b(H5Oopen(groups.b.get(), name.c_str(), H5P_DEFAULT));
    if (!a.is_valid() || !b.is_valid()) {
      report_unreadable(a, b, path, "the object cannot be opened");
      return;
    }
    compare_objects({a, b}, path, level + 1);
  }

  void compare_links(HandlePair groups, const std::string& name, const std::string& path) {
    const std::string a = link_value(groups.a, name);
    const std::string b = link_value(groups.b, name);
    if (a != b) comparison_.differ(place(path), "links to " + shown(a) + " and " + shown(b));
  }

  std::string name_;
  const Hdf5Parameters& parameters_;
  std::vector<bool> rule_used_;
  std::set<std::pair<haddr_t, haddr_t>> seen_;
  Comparison comparison_;
};

Handle open_hdf5(const ResultFile& file) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS));
  constexpr std::size_t slots = 1009;  // a prime number, as the library wants it
  H5Pset_cache(access.get(), 0, slots, hdf5_chunk_cache_bytes, 1.0);
  // By the descriptor, so that it is the file that was looked at before.
  const std::string path = fmt::format("/proc/self/fd/{}", file.descriptor.get());
  return Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()));
}

}  // namespace

Result<Comparison> compare_hdf5(const ResultFile& a, const ResultFile& b, const std::string& name,
                                const Hdf5Parameters& parameters) {
  hdf5::prepare_library();
  const Handle file_a = open_hdf5(a);
  const std::string problem_a = file_a.is_valid() ? "" : hdf5::last_error("open it").message;
  const Handle file_b = open_hdf5(b);
  const std::string problem_b = file_b.is_valid() ? "" : hdf5::last_error("open it").message;
  if (file_a.is_valid() && file_b.is_valid()) return FilePair(name, parameters).run(file_a, file_b);
  Comparison comparison;
  if (!file_a.is_valid()) comparison.cannot_read(Side::a, name, "A is no HDF5 file: " + problem_a);
  if (!file_b.is_valid()) comparison.cannot_read(Side::b, name, "B is no HDF5 file: " + problem_b);
  return comparison;
}

}  // namespace nexa::io::compare
