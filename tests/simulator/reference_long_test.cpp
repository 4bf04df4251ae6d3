// Published figures of large logs. They are not in the repository: where one is absent, the output
// says so.
#include <gtest/gtest.h>

#include "tests/simulator/reference.hpp"

namespace nexa::simulator::reference {
namespace {

const Log blue{.file = "SDSC-BLUE-2000-4.2-cln", .processors = 1152};
const Log hpc2n{.file = "HPC2N-2002-2.1-cln", .processors = 240};
constexpr std::size_t blue_jobs = 232536;
constexpr std::size_t hpc2n_jobs = 202876;

TEST(SdscBlue, gives_the_published_figures) {
  expect_rows(blue, blue_jobs,
              {{"fcfs", "379080.433 / 3427.8400 / 0.74673 / 86697410"},
               {"easy", "7751.054 / 35.2060 / 0.76806 / 84289735"},
               {"conservative", "7932.154 / 37.2652"}});
}

TEST(Hpc2n, gives_the_published_figures) {
  expect_rows(hpc2n, hpc2n_jobs,
              {{"fcfs", "16188.750 / 207.8033 / 0.59379 / 109598927"},
               {"easy", "10799.761 / 87.1017 / 0.59379 / 109598927"},
               {"conservative", "10892.348 / 85.9343"}});
}

TEST(Thunder, gives_the_published_figures) {
  expect_rows({.file = "LLNL-Thunder-2007-1.1-cln", .processors = 4008}, 113613,
              {{"fcfs", "8491.214 / 255.6900 / 0.86357 / 12976994"},
               {"easy", "320.860 / 4.2986 / 0.86357 / 12976994"},
               {"conservative", "653.397 / 16.0513"}});
}

TEST(Ricc, gives_the_published_figures) {
  expect_rows({.file = "RICC-2010-2", .processors = 8192}, 447784,
              {{"fcfs", "321771.697 / 5029.1454 / 0.86863 / 13522725"},
               {"easy", "36863.270 / 488.0378 / 0.88864 / 13218230"}});
}

// Nobody has published these: they are what our first implementation that finished computed, and
// two unlike searches for jobs that can move agreed on them.
TEST(Ricc, under_conservative_backfill_keeps_its_figures) {
  expect_rows({.file = "RICC-2010-2", .processors = 8192}, 447784,
              {{"conservative", "52406.958 / 548.3305"}});
}

TEST(Lublin, gives_the_published_figures) {
  expect_rows({.file = "lublin_256", .processors = 256}, 10000,
              {{"fcfs", "2388443.760 / 66502.4755 / 0.65491 / 12482549"},
               {"easy", "97155.995 / 590.0538 / 0.93634 / 8730698"},
               {"conservative", "131567.509 / 489.2013"}});
}

TEST(Theta, gives_the_published_figures) {
  expect_rows({.file = "Theta-2022-cqsimplus", .processors = 4360}, 23911,
              {{"fcfs", "162612.204 / 391.3610 / 0.75919 / 31425852"},
               {"easy", "44663.777 / 116.9663 / 0.75919 / 31425852"},
               {"conservative", "40043.314 / 93.7826"}});
}

TEST(KthRepeated, to_a_million_jobs_gives_the_published_figures) {
  const core::Workload once = read({.file = "KTH-SP2-1996-2.1-cln", .processors = 100});
  expect_rows(repeated(once, 1'000'000), 100,
              {{"fcfs", "220371.896 / 4324.8737 / 0.68417 / 1027186876"},
               {"easy", "6363.563 / 86.5574 / 0.68417 / 1027186876"},
               {"conservative", "7019.892 / 89.9037"}});
}

TEST(SdscBlue, gives_the_published_figures_of_other_orders) {
  expect_rows(blue, blue_jobs,
              {{"fcfs+easy:order=sjf", "5902.566 / 20.0155"},
               {"fcfs+easy:order=saf", "5930.507 / 19.8011"},
               {"sjf+easy", "4738.020 / 19.5661"},
               {"saf+easy", "7082.804 / 37.7218"},
               {"f1+easy", "7579.530 / 33.1192"},
               {"wfp3+easy", "5014.846 / 18.4451"},
               {"unicep+easy", "4248.457 / 14.2171"},
               {"sqf+easy", "9447.280 / 48.3407"},
               {"sjf+none", "15117.260 / 59.0951"},
               {"saf+none", "11932.915 / 66.1073"},
               {"f1+none", "8085.914 / 34.4513"},
               {"wfp3+none", "69797.261 / 489.6838"},
               {"unicep+none", "44227.017 / 238.1161"}});
}

TEST(Hpc2n, gives_the_published_figures_of_other_orders) {
  expect_rows(hpc2n, hpc2n_jobs,
              {{"fcfs+easy:order=sjf", "10227.304 / 82.0894"},
               {"fcfs+easy:order=saf", "10195.871 / 82.9522"},
               {"sjf+easy", "6495.722 / 50.6686"},
               {"saf+easy", "6215.514 / 43.8755"},
               {"f1+easy", "7151.785 / 57.0541"},
               {"wfp3+easy", "7768.116 / 59.1092"},
               {"unicep+easy", "7284.547 / 61.1542"},
               {"sqf+easy", "8057.343 / 67.9045"},
               {"sjf+none", "8247.905 / 78.5714"},
               {"saf+none", "6433.452 / 49.7370"},
               {"f1+none", "7158.878 / 57.1164"},
               {"wfp3+none", "10905.045 / 111.0481"},
               {"unicep+none", "8461.404 / 78.7134"}});
}

}  // namespace
}  // namespace nexa::simulator::reference
