#include "tier/gpu_class.hpp"

#include <gtest/gtest.h>

namespace nexa::tier {
namespace {

GpuClass class_of(const std::string& vendor, const std::string& model) {
  Gpu gpu;
  gpu.vendor = vendor;
  gpu.model = model;
  return gpu_class(default_catalog().gpu_models, gpu);
}

TEST(GpuModelPattern, MatchesWholeWordsInAnyCase) {
  EXPECT_TRUE(matches_model("T4", "NVIDIA TU104GL [Tesla T4]"));
  EXPECT_TRUE(matches_model("instinct", "AMD INSTINCT MI100"));
  EXPECT_FALSE(matches_model("T4", "NVIDIA T400 4GB"));
  EXPECT_FALSE(matches_model("T4", "NVIDIA XT4"));
}

TEST(GpuModelPattern, AStarLetsTheWordGoOn) {
  EXPECT_TRUE(matches_model("MI250*", "AMD Instinct MI250X"));
  EXPECT_TRUE(matches_model("MI250*", "AMD Instinct MI250"));
  EXPECT_FALSE(matches_model("MI250*", "AMD Instinct MI25"));
}

TEST(GpuModelPattern, SeveralWordsMustStandNextToEachOther) {
  EXPECT_TRUE(matches_model("UHD Graphics", "Intel UHD Graphics 770"));
  EXPECT_FALSE(matches_model("Radeon Vega", "AMD Vega 10 [Radeon RX Vega 64]"));
}

TEST(GpuModelPattern, WithoutAWordMatchesNothing) {
  EXPECT_FALSE(matches_model("", "NVIDIA A100"));
  EXPECT_FALSE(matches_model("*", "NVIDIA A100"));
}

TEST(GpuClass, KnowsDatacenterModels) {
  for (const char* model :
       {"GA100 [A100 SXM4 40GB]", "NVIDIA H100 PCIe", "GH200 480GB", "TU104GL [Tesla T4]",
        "NVIDIA L40S", "GV100GL [Tesla V100 SXM2 32GB]", "GA102GL [A40]", "NVIDIA A10G"}) {
    EXPECT_EQ(class_of("NVIDIA Corporation", model), GpuClass::datacenter) << model;
  }
  EXPECT_EQ(class_of("AMD", "Aldebaran/MI200 [Instinct MI250X]"), GpuClass::datacenter);
  EXPECT_EQ(class_of("AMD", "Vega 20 [Radeon Instinct MI60]"), GpuClass::datacenter);
  EXPECT_EQ(class_of("Intel Corporation", "Data Center GPU Max 1550"), GpuClass::datacenter);
}

TEST(GpuClass, KnowsConsumerModels) {
  for (const char* model : {"GA102 [GeForce RTX 3090]", "NVIDIA GeForce GTX 1080 Ti",
                            "AD102GL [RTX 6000 Ada Generation]", "GA107GL [RTX A2000]"}) {
    EXPECT_EQ(class_of("NVIDIA Corporation", model), GpuClass::consumer) << model;
  }
  EXPECT_EQ(class_of("AMD", "Navi 31 [Radeon RX 7900 XT/7900 XTX]"), GpuClass::consumer);
  EXPECT_EQ(class_of("Intel Corporation", "DG2 [Arc A770]"), GpuClass::consumer);
}

TEST(GpuClass, ScreenOnlyChipsAreNotGpus) {
  EXPECT_EQ(class_of("ASPEED Technology, Inc.", "ASPEED Graphics Family"), GpuClass::display_only);
  EXPECT_EQ(class_of("ASPEED", "1a03:2000"), GpuClass::display_only);
  EXPECT_EQ(class_of("Matrox Electronics Systems Ltd.", "G200eW3"), GpuClass::display_only);
  EXPECT_EQ(class_of("Intel Corporation", "Alder Lake-P [Iris Xe Graphics]"),
            GpuClass::display_only);
  EXPECT_EQ(class_of("AMD", "Cezanne [Radeon Vega Series / Radeon Vega Mobile Series]"),
            GpuClass::display_only);
}

TEST(GpuClass, OtherModelsAreUnknown) {
  EXPECT_EQ(class_of("NVIDIA", "10de:2204"), GpuClass::unknown);
  EXPECT_EQ(class_of("", ""), GpuClass::unknown);
}

}  // namespace
}  // namespace nexa::tier
