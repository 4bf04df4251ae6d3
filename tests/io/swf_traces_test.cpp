#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "io/swf.hpp"

namespace nexa::io {
namespace {

using core::Workload;

constexpr const char* bundled = NEXA_SOURCE_DIR "/configs/traces/KTH-SP2-1996-2.1-cln.swf.gz";

TEST(SwfTraces, ReadsTheBundledLogWhole) {
  const Workload workload = read_swf(bundled, {}).value();
  ASSERT_EQ(workload.jobs.size(), 27'992U);
  EXPECT_TRUE(workload.repairs.empty());
  const auto key = [&workload](const std::string& name) {
    const auto found = std::find_if(workload.header.begin(), workload.header.end(),
                                    [&name](const auto& entry) { return entry.first == name; });
    return found == workload.header.end() ? std::string() : found->second;
  };
  EXPECT_EQ(key("Acknowledge"), "Lars Malinowsky");
  EXPECT_EQ(key("MaxProcs"), "100");
  EXPECT_EQ(workload.jobs.front().number, 15U);
  EXPECT_TRUE(std::is_sorted(workload.jobs.begin(), workload.jobs.end(),
                             [](const auto& a, const auto& b) { return a.submit < b.submit; }));
}

struct Trace {
  const char* name;
  std::size_t jobs;  ///< with a run time above 0, as counted apart from this reader
  bool archived;     ///< from the Parallel Workloads Archive, so the format is kept
};

constexpr Trace traces[] = {
    {"KTH-SP2-1996-2.1-cln", 27992, true},
    {"KTH-SP2-1996-2-uncleaned", 28481, true},
    {"SDSC-BLUE-2000-4.2-cln", 232536, true},
    {"HPC2N-2002-2.1-cln", 202876, true},
    {"LLNL-Thunder-2007-1.1-cln", 113613, true},
    {"LLNL-Atlas-2006-2.1-cln", 36600, true},
    {"RICC-2010-2", 447784, true},
    {"NASA-iPSC-1993-3.1-cln", 18066, true},
    {"LCG-2005-1", 187520, true},
    {"lublin_256", 10000, false},
    {"Theta-2022-cqsimplus", 23911, false},
    {"DOST-ASTI_COARE-Saliksik-2020-cln", 19760, false},
};

TEST(SwfTraces, KeepsEveryJobThatRan) {
  for (const Trace& trace : traces) {
    const std::string path = std::string(NEXA_TRACES_DIR "/swf/") + trace.name + ".swf.gz";
    if (!std::filesystem::exists(path)) {
      std::cout << "note: " << path << " is not there, so it was not read\n";
      continue;
    }
    for (const bool strict : {false, true}) {
      if (strict && !trace.archived) continue;
      SwfOptions options;
      options.strict = strict;
      const core::Result<Workload> workload = read_swf(path, options);
      ASSERT_TRUE(workload.has_value())
          << path << ":" << workload.error().where.line << ": " << workload.error().message;
      EXPECT_EQ(workload->jobs.size(), trace.jobs) << path;
    }
  }
}

}  // namespace
}  // namespace nexa::io
