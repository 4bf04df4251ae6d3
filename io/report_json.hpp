#pragma once

#include <string>

#include "io/report.hpp"

namespace nexa::io {

/// The data of a report as one JSON document (schema "nexa.report/1") that may stand inside an HTML
/// script element: it contains no '<'. Columns of numbers are strings "TYPE:BASE64" of
/// little-endian values, TYPE being u8, u16, u32, f32 or f64. The data must be consistent.
std::string report_json(const ReportData& data);

}  // namespace nexa::io
