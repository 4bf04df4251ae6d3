#pragma once

#include <string_view>

namespace nexa::io {

/// The page of the report without its data: web/dist/report.html, embedded by cmake/embed.cmake.
extern const std::string_view report_template;

}  // namespace nexa::io
