#include "io/hwloc_topology.hpp"

#include <hwloc.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>

namespace nexa::io {

namespace {

using core::Error;
using core::ErrorCode;

constexpr std::size_t max_xml_bytes = std::size_t{64} << 20;

Error topology_error(ErrorCode code, const std::string& path, std::string message,
                     std::string hint) {
  return Error{code, std::move(message), std::move(hint), {path, 0, 0}};
}

std::string system_text(int number) {
  return std::system_category().message(number);
}

/// hwloc prints its doubts about a topology on standard error, where they would stand between our
/// own messages. A user who sets the variable keeps the last word.
void quiet_hwloc() {
  setenv("HWLOC_HIDE_ERRORS", "2", 0);
}

core::Result<Topology> new_topology() {
  quiet_hwloc();
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) {
    return Error{ErrorCode::internal, "hwloc could not start: " + system_text(errno), {}, {}};
  }
  Topology topology(raw);
  if (hwloc_topology_set_io_types_filter(raw, HWLOC_TYPE_FILTER_KEEP_IMPORTANT) != 0) {
    return Error{ErrorCode::internal, "hwloc refused to list I/O devices", {}, {}};
  }
  return topology;
}

core::Result<std::string> read_xml(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const int number = errno == 0 ? EIO : errno;
    const ErrorCode code = number == ENOENT ? ErrorCode::not_found : ErrorCode::io;
    return topology_error(code, path, "cannot open the topology: " + system_text(number), {});
  }
  std::string text;
  std::string block(std::size_t{1} << 16, '\0');
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())), file.gcount() > 0) {
    text.append(block, 0, static_cast<std::size_t>(file.gcount()));
    if (text.size() > max_xml_bytes) {
      return topology_error(ErrorCode::limit_exceeded, path, "the topology is larger than 64 MiB",
                            "an export of one machine is far smaller; is this the right file?");
    }
  }
  if (file.bad()) {
    const int number = errno == 0 ? EIO : errno;
    return topology_error(ErrorCode::io, path, "cannot read the topology: " + system_text(number),
                          {});
  }
  return text;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Steps over `<?…?>`, `<!…>` and white space in front of the first element. The document types
/// that hwloc writes have no `>` inside.
std::string_view skip_prolog(std::string_view xml) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (xml.substr(0, 3) == byte_order_mark) xml.remove_prefix(3);
  for (;;) {
    while (!xml.empty() && is_space(xml.front())) xml.remove_prefix(1);
    std::string_view end;
    if (xml.substr(0, 4) == "<!--") {
      end = "-->";
    } else if (xml.substr(0, 2) == "<?" || xml.substr(0, 2) == "<!") {
      end = ">";
    } else {
      return xml;
    }
    const std::size_t at = xml.find(end);
    if (at == std::string_view::npos) return {};
    xml.remove_prefix(at + end.size());
  }
}

/// The name of the first element; empty where there is none.
std::string_view root_element(std::string_view xml) {
  xml = skip_prolog(xml);
  if (xml.empty() || xml.front() != '<') return {};
  xml.remove_prefix(1);
  return xml.substr(0, xml.find_first_of(" \t\r\n/>"));
}

bool ends_with_root(std::string_view xml) {
  while (!xml.empty() && (is_space(xml.back()) || xml.back() == '\0')) xml.remove_suffix(1);
  constexpr std::string_view closing = "</topology>";
  return xml.size() >= closing.size() && xml.substr(xml.size() - closing.size()) == closing;
}

/// What a person should hear about a file that cannot be a topology, before hwloc sees it.
core::Result<void> check_shape(const std::string& path, const std::string& xml) {
  const std::string hint = "export one with 'lstopo machine.xml' (Debian package hwloc)";
  if (skip_prolog(xml).empty()) {
    return topology_error(ErrorCode::corrupt, path,
                          "the file is empty or ends before its first element", hint);
  }
  const std::string_view root = root_element(xml);
  if (root.empty())
    return topology_error(ErrorCode::corrupt, path, "this is not an XML file", hint);
  if (root != "topology") {
    return topology_error(ErrorCode::corrupt, path,
                          "this is not an hwloc topology: its root element is '" +
                              std::string(root.substr(0, 40)) + "', not 'topology'",
                          hint);
  }
  if (!ends_with_root(xml)) {
    return topology_error(ErrorCode::corrupt, path,
                          "the topology is cut off: it does not end with '</topology>'",
                          "copy or export it again");
  }
  return {};
}

}  // namespace

void TopologyDeleter::operator()(hwloc_topology* topology) const {
  hwloc_topology_destroy(topology);
}

core::Result<Topology> load_this_machine() {
  auto topology = new_topology();
  if (!topology) return topology;
  // `gl` would open a connection to the X display; `pci` (libpciaccess) leaks memory and finds
  // nothing that hwloc does not read from /sys by itself.
  for (const char* component : {"gl", "pci"}) {
    hwloc_topology_set_components(topology->get(), HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST,
                                  component);
  }
  if (hwloc_topology_load(topology->get()) != 0) {
    return Error{ErrorCode::internal,
                 "hwloc could not read this machine's topology: " + system_text(errno),
                 {},
                 {}};
  }
  return topology;
}

core::Result<std::string> read_hwloc_xml(const std::string& path) {
  auto xml = read_xml(path);
  if (!xml) return xml;
  if (const auto shape = check_shape(path, *xml); !shape) return shape.error();
  return xml;
}

Topology parse_hwloc_xml(const std::string& xml) {
  auto topology = new_topology();
  if (!topology) return nullptr;
  // hwloc counts the terminating zero as part of the buffer.
  const int size = static_cast<int>(xml.size() + 1);
  const bool loaded = hwloc_topology_set_xmlbuffer(topology->get(), xml.c_str(), size) == 0 &&
                      hwloc_topology_load(topology->get()) == 0;
  return loaded ? std::move(*topology) : nullptr;
}

std::string info_value(const hwloc_obj& object, const char* name) {
  for (unsigned i = 0; i < object.infos_count; ++i) {
    if (std::strcmp(object.infos[i].name, name) == 0) return object.infos[i].value;
  }
  return {};
}

}  // namespace nexa::io
