#include "io/run_meta.hpp"

#include <nlohmann/json.hpp>

#include "io/atomic_file.hpp"

namespace nexa::io {

std::string to_json(const RunMeta& meta, bool complete) {
  nlohmann::ordered_json document;
  document["schema"] = "nexa.run_meta/1";
  document["complete"] = complete;
  document["version"] = meta.version;
  document["commit"] = meta.commit;
  document["compiler"] = meta.compiler;
  document["command_line"] = meta.command_line;
  document["seed"] = meta.seed;
  document["policy"] = meta.policy;
  document["platform"] = meta.platform_name;
  document["workload"] = meta.workload_name;
  document["inputs"] = nlohmann::ordered_json::array();
  for (const InputFile& input : meta.inputs) {
    document["inputs"].push_back(
        {{"path", input.path}, {"sha256", input.sha256}, {"bytes", input.bytes}});
  }
  document["config_yaml"] = meta.config_yaml;
  // Paths and arguments need not be UTF-8; a replacement character is better than an exception.
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

core::Result<void> write_run_meta(const std::string& path, const RunMeta& meta, bool complete) {
  return write_file(path, to_json(meta, complete));
}

}  // namespace nexa::io
