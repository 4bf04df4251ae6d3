// docs/ledger.md lists every status as the code describes it. UPDATE=1 writes the list anew.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "ledger/status.hpp"

namespace nexa::ledger {
namespace {

constexpr const char* path = NEXA_SOURCE_DIR "/docs/ledger.md";
const std::string begin_mark = "<!-- statuses:begin -->\n";
const std::string end_mark = "<!-- statuses:end -->\n";

std::string list() {
  const std::array classes{"done", "taken", "unheard", "malformed", "failed"};
  std::string text = "| status | class | means | what to do |\n|---|---|---|---|\n";
  for (std::size_t i = 0; i < status_count; ++i) {
    const StatusInfo& status = info(static_cast<Status>(i));
    text += "| `" + std::string(status.name) + "` | " +
            classes[static_cast<std::size_t>(status.status_class)] + " | " +
            std::string(status.meaning) + " | " + std::string(status.hint) + " |\n";
  }
  return text;
}

TEST(StatusPage, ListsEveryStatusAsTheCodeDescribesIt) {
  std::ifstream in(path);
  std::string page{std::istreambuf_iterator<char>(in), {}};
  const std::size_t begin = page.find(begin_mark);
  const std::size_t end = page.find(end_mark);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::size_t first = begin + begin_mark.size();
  if (std::getenv("UPDATE") != nullptr) {
    std::ofstream(path) << page.replace(first, end - first, list());
    return;
  }
  EXPECT_EQ(page.substr(first, end - first), list()) << "UPDATE=1 writes it anew";
}

}  // namespace
}  // namespace nexa::ledger
