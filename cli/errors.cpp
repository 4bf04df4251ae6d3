#include "cli/errors.hpp"

#include <array>
#include <iostream>
#include <nlohmann/json.hpp>

#include "io/yaml/diagnostics.hpp"

namespace nexa::cli {

namespace {

using core::ErrorCode;
using Json = nlohmann::ordered_json;

struct CodeInfo {
  ErrorCode code;
  const char* name;
  int exit_code;
};

constexpr std::array<CodeInfo, 10> code_table{{
    {ErrorCode::invalid_argument, "invalid_argument", exit_usage},
    {ErrorCode::not_found, "not_found", exit_usage},
    {ErrorCode::unsatisfiable, "unsatisfiable", exit_impossible},
    {ErrorCode::conflict, "conflict", exit_failed},
    {ErrorCode::limit_exceeded, "limit_exceeded", exit_usage},
    {ErrorCode::corrupt, "corrupt", exit_usage},
    {ErrorCode::io, "io", exit_usage},
    {ErrorCode::unsupported, "unsupported", exit_usage},
    {ErrorCode::refused, "refused", exit_refused},
    {ErrorCode::internal, "internal", exit_internal},
}};

constexpr bool table_follows_enumeration() {
  for (std::size_t i = 0; i < code_table.size(); ++i) {
    if (static_cast<std::size_t>(code_table[i].code) != i) return false;
  }
  return true;
}
static_assert(table_follows_enumeration(), "code_info() indexes the table by the enumerator");

const CodeInfo& code_info(ErrorCode code) {
  return code_table[static_cast<std::size_t>(code)];
}

Json where_json(const std::string& file, int line, int column) {
  if (file.empty()) return nullptr;
  Json where{{"file", file}};
  if (line > 0) where["line"] = line;
  if (line > 0 && column > 0) where["column"] = column;
  return where;
}

Json to_json(const core::Error& error) {
  return Json{{"code", to_string(error.code)},
              {"message", error.message},
              {"where", where_json(error.where.file, error.where.line, error.where.column)},
              {"hint", error.hint}};
}

Json to_json(const io::Diagnostic& entry) {
  Json json{{"code", to_string(entry.code)},
            {"message", entry.message},
            {"where", where_json(entry.file, entry.line, entry.column)},
            {"hint", entry.hint}};
  if (!entry.pointer.empty()) json["where"]["pointer"] = entry.pointer;
  return json;
}

/// File names and messages quote what users typed, which need not be UTF-8.
std::string dump(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

const char* to_string(ErrorCode code) {
  return code_info(code).name;
}

int exit_code_of(ErrorCode code) {
  return code_info(code).exit_code;
}

std::string error_text(const core::Error& error) {
  std::string text = error.where.file.empty() ? "nexa" : error.where.file;
  if (!error.where.file.empty() && error.where.line > 0) {
    text += ':' + std::to_string(error.where.line);
    if (error.where.column > 0) text += ':' + std::to_string(error.where.column);
  }
  text += ": error: " + error.message + '\n';
  if (!error.hint.empty()) text += "     = help: " + error.hint + '\n';
  return text;
}

std::string error_json(const core::Error& error) {
  return dump(Json{{"error", to_json(error)}});
}

int report_error(const core::Error& error, const GlobalOptions& options) {
  if (options.json) {
    std::cout << error_json(error) << std::flush;
  } else {
    std::cerr << error_text(error) << std::flush;
  }
  return exit_code_of(error.code);
}

int report_errors(const io::Diagnostics& diagnostics, const GlobalOptions& options) {
  const core::Error first = diagnostics.first_error();
  // An error of no file is one of the command line.
  if (diagnostics.count() == 1 && first.where.file.empty()) return report_error(first, options);
  if (!options.json) {
    std::cerr << diagnostics.to_text() << std::flush;
    return exit_code_of(first.code);
  }
  Json error = to_json(first);
  error["count"] = diagnostics.count();
  error["all"] = Json::array();
  for (const io::Diagnostic& entry : diagnostics.entries()) error["all"].push_back(to_json(entry));
  std::cout << dump(Json{{"error", std::move(error)}}) << std::flush;
  return exit_code_of(first.code);
}

}  // namespace nexa::cli
