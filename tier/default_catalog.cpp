#include "tier/catalog.hpp"

namespace nexa::tier {

namespace {

constexpr std::int64_t gib = 1'048'576;  // in KiB

Condition at_least(Figure figure, std::int64_t value) {
  return Condition{figure, value};
}

std::vector<Tier> default_tiers() {
  const Tier cpu{"cpu",
                 "Any machine that runs programs.",
                 {{"any machine", {at_least(Figure::physical_cores, 1)}}},
                 std::nullopt};
  const Tier consumer_gpu{
      "consumer_gpu",
      "A workstation or gaming machine with a graphics card for computing.",
      {{"consumer graphics card",
        {at_least(Figure::consumer_gpus, 1), at_least(Figure::physical_cores, 4),
         at_least(Figure::memory, 7 * gib)}},
       {"data-centre GPU in a small machine", {at_least(Figure::datacenter_gpus, 1)}}},
      250};
  const Tier hpc{"hpc",
                 "A compute node of a cluster or data centre.",
                 {{"data-centre GPUs",
                   {at_least(Figure::datacenter_gpus, 1), at_least(Figure::physical_cores, 16),
                    at_least(Figure::memory, 60 * gib)}},
                  {"many cores with a fast network",
                   {at_least(Figure::physical_cores, 32), at_least(Figure::memory, 60 * gib),
                    at_least(Figure::rdma_networks, 1)}},
                  {"large shared memory",
                   {at_least(Figure::memory, 500 * gib), at_least(Figure::physical_cores, 64)}}},
                 500};
  return {cpu, consumer_gpu, hpc};
}

std::vector<Capability> default_capabilities() {
  return {
      {"gpu", "At least one GPU of any make.", {{"a GPU", {at_least(Figure::gpus, 1)}}}},
      {"datacenter_gpu",
       "A GPU of a data-centre model.",
       {{"a data-centre GPU", {at_least(Figure::datacenter_gpus, 1)}}}},
      {"mpi",
       "A network fit for tightly coupled jobs over many nodes.",
       {{"remote direct memory access", {at_least(Figure::rdma_networks, 1)}},
        {"very fast Ethernet", {at_least(Figure::network_mbit, 100'000)}}}},
      {"big_memory",
       "Main memory for jobs that do not fit elsewhere.",
       {{"much memory", {at_least(Figure::memory, 240 * gib)}}}},
      {"avx512",
       "The vector instructions of x86-64-v4.",
       {{"x86-64-v4", {at_least(Figure::x86_64_level, 4)}}}},
  };
}

GpuModels default_gpu_models() {
  GpuModels models;
  models.datacenter = {"Tesla*",       "A100*",  "A800*",  "A30",       "A40",
                       "A10",          "A10G",   "A2",     "A16",       "H100*",
                       "H200*",        "H800*",  "H20",    "GH200*",    "B100*",
                       "B200*",        "B300*",  "GB200*", "GB300*",    "V100*",
                       "P100*",        "P40",    "P4",     "K80*",      "K40*",
                       "T4",           "L4",     "L40*",   "Instinct*", "MI25*",
                       "MI50*",        "MI60*",  "MI100*", "MI210*",    "MI250*",
                       "MI300*",       "MI325*", "MI350*", "MI355*",    "Data Center GPU*",
                       "Ponte Vecchio"};
  models.display_only = {"ASPEED*",     "Matrox*",      "Cirrus*",         "Bochs*",
                         "QEMU*",       "QXL*",         "Virtio*",         "VMware*",
                         "VirtualBox*", "Hyper-V",      "UHD Graphics",    "HD Graphics",
                         "Iris",        "Arc Graphics", "Radeon Graphics", "Radeon Vega",
                         "Radeon 610M", "Radeon 660M",  "Radeon 680M",     "Radeon 740M",
                         "Radeon 760M", "Radeon 780M",  "Radeon 880M",     "Radeon 890M"};
  models.consumer = {"GeForce*", "RTX*", "GTX*", "Quadro*", "TITAN*", "Radeon*", "FirePro*", "Arc"};
  return models;
}

}  // namespace

Catalog default_catalog() {
  return Catalog{default_tiers(), default_capabilities(), default_gpu_models()};
}

}  // namespace nexa::tier
