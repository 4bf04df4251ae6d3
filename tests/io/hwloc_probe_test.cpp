#include "io/hwloc_probe.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "io/hwloc_devices.hpp"
#include "io/hwloc_isa.hpp"
#include "io/hwloc_pci_names.hpp"
#include "io/hwloc_trial.hpp"
#include "tests/io/scratch.hpp"
#include "tier/classify.hpp"

namespace nexa::io {
namespace {

using tier::NetworkKind;
using tier::Profile;

std::string data_file(const std::string& name) {
  return std::string(NEXA_SOURCE_DIR) + "/tests/data/hwloc/" + name;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Profile profile_of(const std::string& name) {
  auto profile = profile_from_hwloc_xml(data_file(name));
  EXPECT_TRUE(profile) << (profile ? "" : profile.error().message);
  return profile ? *profile : Profile{};
}

std::string verdict_on(const Profile& profile) {
  return verdict_text(classify(tier::default_catalog(), profile));
}

TEST(HwlocProbe, HpcNodeWithInfinibandIsHpcByItsCores) {
  const Profile profile = profile_of("hpc_infiniband.xml");
  EXPECT_EQ(profile.hostname, "hpc017.cluster");
  EXPECT_EQ(profile.architecture, "x86_64");
  ASSERT_EQ(profile.packages.size(), 2U);
  EXPECT_EQ(profile.packages[1], (tier::Package{32, 32, "AMD EPYC 7543 32-Core Processor"}));
  EXPECT_EQ(profile.physical_cores, 64U);
  EXPECT_EQ(profile.numa_nodes, 2U);
  EXPECT_EQ(profile.memory_kib, 268'435'456U);
  EXPECT_EQ(profile.x86_64_level, 3U);
  ASSERT_EQ(profile.networks.size(), 2U);
  EXPECT_EQ(profile.networks[0].name, "ib0");
  EXPECT_EQ(profile.networks[0].rdma_device, "mlx5_0");
  EXPECT_EQ(profile.networks[0].kind, NetworkKind::infiniband);
  EXPECT_EQ(profile.networks[0].model, "MT28908 Family [ConnectX-6]");
  EXPECT_EQ(profile.networks[1].kind, NetworkKind::ethernet);
  EXPECT_EQ(verdict_on(profile),
            "tier hpc: rule 'many cores with a fast network' (physical cores 64 >= 32)");
}

TEST(HwlocProbe, CachesAreCountedBySizeAndSharing) {
  const std::vector<tier::Cache> expected{{2, false, 512, 64, 1}, {3, false, 32 * 1024, 8, 8}};
  EXPECT_EQ(profile_of("hpc_infiniband.xml").caches, expected);
}

TEST(HwlocProbe, ThreeLibrariesReportOneGeForceAndItIsCountedOnce) {
  const Profile profile = profile_of("workstation_geforce.xml");
  ASSERT_EQ(profile.gpus.size(), 1U);
  EXPECT_EQ(profile.gpus[0], (tier::Gpu{"NVIDIA Corporation", "NVIDIA GeForce RTX 3090", "NVML",
                                        "0000:0b:00.0", 25447424U}));
  EXPECT_EQ(profile.hardware_threads, 32U);
  EXPECT_EQ(profile.min_threads_per_core, 2U);
  EXPECT_EQ(verdict_on(profile),
            "tier consumer_gpu: rule 'consumer graphics card' (consumer GPUs 1 >= 1)");
}

TEST(HwlocProbe, PlainDesktopWithChipsetGraphicsIsOfTheLowestTier) {
  const Profile profile = profile_of("desktop_4core.xml");
  ASSERT_EQ(profile.gpus.size(), 1U);
  EXPECT_EQ(profile.gpus[0].model, "HD Graphics 630");
  EXPECT_EQ(profile.x86_64_level, std::nullopt) << "the export does not hold the features";
  EXPECT_TRUE(profile.isa_features.empty());
  EXPECT_EQ(verdict_on(profile), "tier cpu: rule 'any machine' (physical cores 4 >= 1)");
}

TEST(HwlocProbe, A100NodeIsHpcByItsPciDisplayControllers) {
  const Profile profile = profile_of("a100_node.xml");
  EXPECT_EQ(profile.gpus.size(), 5U) << "four A100 and the chip that drives the console";
  EXPECT_EQ(verdict_on(profile), "tier hpc: rule 'data-centre GPUs' (data-centre GPUs 4 >= 1)");
  ASSERT_EQ(profile.networks.size(), 2U);
  EXPECT_EQ(profile.networks[0].name, "mlx5_0") << "a card without an IP interface";
  EXPECT_EQ(profile.networks[0].kind, NetworkKind::infiniband);
  EXPECT_EQ(profile.networks[1].name, "ens2");
  EXPECT_EQ(profile.networks[1].kind, NetworkKind::roce) << "the same maker's card on Ethernet";
}

TEST(HwlocProbe, SlingshotIsKnownByItsMaker) {
  const Profile profile = profile_of("mi250x_slingshot.xml");
  ASSERT_EQ(profile.networks.size(), 4U);
  for (const tier::NetworkCard& card : profile.networks) {
    EXPECT_EQ(card.kind, NetworkKind::slingshot) << card.name;
  }
  ASSERT_EQ(profile.gpus.size(), 8U);
  EXPECT_EQ(profile.gpus[7].backend, "RSMI");
  EXPECT_EQ(profile.gpus[7].memory_kib, 67092480U);
  EXPECT_EQ(verdict_on(profile), "tier hpc: rule 'data-centre GPUs' (data-centre GPUs 8 >= 1)");
}

TEST(HwlocProbe, DatacenterGpuInASmallMachineIsNotHpc) {
  EXPECT_EQ(
      verdict_on(profile_of("edge_tesla.xml")),
      "tier consumer_gpu: rule 'data-centre GPU in a small machine' (data-centre GPUs 1 >= 1)");
}

TEST(HwlocProbe, HybridMachineListsItsKindsOfCores) {
  const Profile profile = profile_of("hybrid_laptop.xml");
  EXPECT_EQ(profile.physical_cores, 14U);
  EXPECT_EQ(profile.hardware_threads, 20U);
  EXPECT_EQ(profile.min_threads_per_core, 1U);
  std::vector<tier::CoreKind> kinds = profile.core_kinds;
  std::sort(kinds.begin(), kinds.end(),
            [](const tier::CoreKind& a, const tier::CoreKind& b) { return a.name < b.name; });
  const std::vector<tier::CoreKind> expected{{"IntelAtom", 8, 8}, {"IntelCore", 6, 12}};
  EXPECT_EQ(kinds, expected);
}

TEST(HwlocProbe, SocketsMayDiffer) {
  const Profile profile = profile_of("unequal_sockets.xml");
  ASSERT_EQ(profile.packages.size(), 2U);
  EXPECT_EQ(profile.packages[0].cores, 8U);
  EXPECT_EQ(profile.packages[1].cores, 6U);
  EXPECT_EQ(profile.architecture, "aarch64");
  EXPECT_EQ(profile.x86_64_level, 0U);
}

TEST(HwlocProbe, ThisMachineHasCoresMemoryAndAVerdict) {
  const auto profile = probe_this_machine();
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_GE(profile->physical_cores, 1U);
  EXPECT_GE(profile->hardware_threads, profile->physical_cores);
  EXPECT_GT(profile->memory_kib, 0U);
  EXPECT_FALSE(profile->architecture.empty());
  EXPECT_FALSE(profile->hostname.empty());
  std::uint32_t cores = 0;
  for (const tier::Package& package : profile->packages) cores += package.cores;
  EXPECT_EQ(cores, profile->physical_cores);
  EXPECT_FALSE(classify(tier::default_catalog(), *profile).rule.empty());
}

struct BadFile {
  const char* name;
  core::ErrorCode code;
  const char* message;
};

class HwlocProbeBadFile : public ::testing::TestWithParam<BadFile> {};

TEST_P(HwlocProbeBadFile, IsExplainedWithoutHwlocsOwnMessages) {
  ::testing::internal::CaptureStderr();
  const auto profile = profile_from_hwloc_xml(data_file(GetParam().name));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().code, GetParam().code);
  EXPECT_EQ(profile.error().message, GetParam().message);
  EXPECT_EQ(profile.error().where.file, data_file(GetParam().name));
}

INSTANTIATE_TEST_SUITE_P(
    All, HwlocProbeBadFile,
    ::testing::Values(
        BadFile{"no_such_file.xml", core::ErrorCode::not_found,
                "cannot open the topology: No such file or directory"},
        BadFile{"", core::ErrorCode::io, "cannot read the topology: Is a directory"},
        BadFile{"bad_empty.xml", core::ErrorCode::corrupt,
                "the file is empty or ends before its first element"},
        BadFile{"bad_not_xml.xml", core::ErrorCode::corrupt, "this is not an XML file"},
        BadFile{"bad_wrong_root.xml", core::ErrorCode::corrupt,
                "this is not an hwloc topology: its root element is 'machine', not 'topology'"},
        BadFile{"bad_truncated.xml", core::ErrorCode::corrupt,
                "the topology is cut off: it does not end with '</topology>'"},
        BadFile{"bad_no_machine.xml", core::ErrorCode::corrupt,
                "hwloc cannot make a machine of this topology"},
        BadFile{"bad_future_version.xml", core::ErrorCode::corrupt,
                "hwloc cannot make a machine of this topology"}));

TEST(HwlocProbe, ATopologyCutAnywhereIsAnErrorAndNeverACrash) {
  const std::string whole = text_of(data_file("edge_tesla.xml"));
  ASSERT_GT(whole.size(), 1000U);
  const std::size_t end_of_root = whole.rfind("</topology>") + std::string("</topology>").size();
  for (std::size_t size = 0; size < end_of_root; size += 37) {
    const testing::Scratch scratch;
    const std::string file = scratch.file("topology.xml", whole.substr(0, size));
    const auto profile = profile_from_hwloc_xml(file);
    ASSERT_FALSE(profile) << "cut after " << size << " bytes";
    EXPECT_EQ(profile.error().code, core::ErrorCode::corrupt) << "cut after " << size << " bytes";
  }
}

TEST(HwlocProbe, ADamagedTopologyThatCrashesHwlocIsAnError) {
  const auto profile = profile_from_hwloc_xml(data_file("bad_crashes_hwloc.xml"));
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().code, core::ErrorCode::corrupt);
}

TEST(HwlocTrial, TellsHowTheChildEnded) {
  EXPECT_EQ(try_in_child([] { return true; }), Trial::passed);
  EXPECT_EQ(try_in_child([] { return false; }), Trial::failed);
  EXPECT_EQ(try_in_child([]() -> bool { std::abort(); }), Trial::crashed);
  EXPECT_EQ(try_in_child([]() -> bool { _exit(1); }), Trial::crashed);
  EXPECT_EQ(try_in_child([]() -> bool { throw std::runtime_error("lost"); }), Trial::crashed);
  EXPECT_EQ(try_in_child([] { return raise(SIGALRM) == 0; }), Trial::timed_out);
}

TEST(HwlocProbe, AFileOfEndlessSizeIsRefused) {
  const testing::Scratch scratch;
  const std::string file = scratch.file("topology.xml", "<topology>");
  std::filesystem::resize_file(file, (std::uintmax_t{64} << 20) + 1);
  const auto profile = profile_from_hwloc_xml(file);
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().code, core::ErrorCode::limit_exceeded);
}

TEST(IsaSummary, LevelsFollowThePsabi) {
  const std::string v2 = "cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3 sse2";
  const std::string v3 = v2 + " avx avx2 bmi1 bmi2 f16c fma abm movbe xsave";
  EXPECT_EQ(summarise_isa("x86_64", "sse2 pni").x86_64_level, 1U);
  EXPECT_EQ(summarise_isa("x86_64", v2).x86_64_level, 2U);
  EXPECT_EQ(summarise_isa("x86_64", v3).x86_64_level, 3U);
  EXPECT_EQ(summarise_isa("x86_64", v3 + " avx512f").x86_64_level, 3U);
  EXPECT_EQ(
      summarise_isa("x86_64", v3 + " avx512f avx512bw avx512cd avx512dq avx512vl").x86_64_level,
      4U);
}

TEST(IsaSummary, FeaturesAreNamedAsCompilersNameThem) {
  const std::vector<std::string> x86{"avx2", "sse2", "sse3"};
  EXPECT_EQ(summarise_isa("x86_64", " fpu pni\tavx2 sse2 vme ").features, x86);
  const IsaSummary arm = summarise_isa("aarch64", "fp asimd sve atomics");
  const std::vector<std::string> expected{"lse", "neon", "sve"};
  EXPECT_EQ(arm.features, expected);
  EXPECT_EQ(arm.x86_64_level, 0U);
}

TEST(IsaSummary, NothingIsKnownWithoutFlags) {
  EXPECT_EQ(summarise_isa("x86_64", "").x86_64_level, std::nullopt);
  EXPECT_TRUE(summarise_isa("x86_64", "").features.empty());
}

TEST(IsaSummary, FlagsAreFoundOnX86AndArm) {
  EXPECT_EQ(cpuinfo_flags("processor\t: 0\nflags\t\t: fpu sse2\n\nflags\t\t: other\n"),
            " fpu sse2");
  EXPECT_EQ(cpuinfo_flags("processor : 0\nFeatures\t: fp asimd"), " fp asimd");
  EXPECT_EQ(cpuinfo_flags("processor : 0\n"), "");
}

TEST(PciNames, AreReadFromTheListOfIds) {
  const std::string_view ids =
      "# comment\n\n1002  Advanced Micro Devices\n\t2204  Wrong vendor\n"
      "10de  NVIDIA Corporation\n\t2203  GA102 [GeForce RTX 3090 Ti]\n"
      "\t2204  GA102 [GeForce RTX 3090]\n\t\t10de 1454  A board\n1af4  Red Hat, Inc.\n";
  EXPECT_EQ(pci_name(ids, 0x10de, 0x2204).vendor, "NVIDIA Corporation");
  EXPECT_EQ(pci_name(ids, 0x10de, 0x2204).device, "GA102 [GeForce RTX 3090]");
  EXPECT_EQ(pci_name(ids, 0x10de, 0x1454).device, "10de:1454") << "a subsystem is no device";
}

TEST(PciNames, FallBackOnTheMakerAndTheId) {
  EXPECT_EQ(pci_name("", 0x15b3, 0x101b).vendor, "Mellanox");
  EXPECT_EQ(pci_name("", 0x15b3, 0x101b).device, "15b3:101b");
  EXPECT_EQ(pci_name("", 0xabcd, 0x0001).vendor, "");
}

TEST(InfinibandRate, IsReadAsMegabits) {
  EXPECT_EQ(parse_infiniband_rate("100 Gb/sec (4X EDR)"), 100'000);
  EXPECT_EQ(parse_infiniband_rate("2.5 Gb/sec (1X SDR)"), 2'500);
  EXPECT_EQ(parse_infiniband_rate("100"), 0);
  EXPECT_EQ(parse_infiniband_rate("-5 Gb/sec"), 0);
  EXPECT_EQ(parse_infiniband_rate("fast Gb/sec"), 0);
}

}  // namespace
}  // namespace nexa::io
