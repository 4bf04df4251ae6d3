#include "tier/figures.hpp"

#include <algorithm>

#include "tier/gpu_class.hpp"

namespace nexa::tier {

namespace {

std::int64_t known(const Figures& figures, Figure figure) {
  return figures.get(figure).value_or(0);
}

void raise(Figures& figures, Figure figure, std::int64_t at_least) {
  figures.set(figure, std::max(known(figures, figure), at_least));
}

void measure_gpus(Figures& figures, const GpuModels& models, const std::vector<Gpu>& gpus) {
  std::int64_t all = 0;
  std::int64_t datacenter = 0;
  std::int64_t consumer = 0;
  std::optional<std::int64_t> memory;
  for (const Gpu& gpu : gpus) {
    const GpuClass found = gpu_class(models, gpu);
    if (found == GpuClass::display_only) continue;
    ++all;
    if (found == GpuClass::datacenter) ++datacenter;
    if (found == GpuClass::consumer) ++consumer;
    if (gpu.memory_kib) {
      memory = std::max(memory.value_or(0), static_cast<std::int64_t>(*gpu.memory_kib));
    }
  }
  if (all == 0) memory = 0;
  figures.set(Figure::gpus, all);
  figures.set(Figure::datacenter_gpus, datacenter);
  figures.set(Figure::consumer_gpus, consumer);
  figures.set(Figure::gpu_memory, memory);
}

void measure_networks(Figures& figures, const std::vector<NetworkCard>& cards) {
  std::int64_t rdma = 0;
  std::optional<std::int64_t> fastest;
  for (const NetworkCard& card : cards) {
    if (is_rdma(card.kind)) ++rdma;
    if (card.speed_mbit) fastest = std::max(fastest.value_or(0), *card.speed_mbit);
  }
  if (cards.empty()) fastest = 0;
  figures.set(Figure::rdma_networks, rdma);
  figures.set(Figure::network_mbit, fastest);
}

}  // namespace

bool Figures::meets(const Rule& rule) const {
  return std::all_of(rule.all_of.begin(), rule.all_of.end(),
                     [this](const Condition& condition) { return meets(condition); });
}

Figures measure(const GpuModels& models, const Profile& profile) {
  Figures figures;
  figures.set(Figure::packages, static_cast<std::int64_t>(profile.packages.size()));
  figures.set(Figure::physical_cores, profile.physical_cores);
  figures.set(Figure::hardware_threads, profile.hardware_threads);
  figures.set(Figure::numa_nodes, profile.numa_nodes);
  figures.set(Figure::memory, static_cast<std::int64_t>(profile.memory_kib));
  if (profile.x86_64_level) figures.set(Figure::x86_64_level, *profile.x86_64_level);
  measure_gpus(figures, models, profile.gpus);
  measure_networks(figures, profile.networks);
  return figures;
}

Figures smallest_machine() {
  Figures figures;
  for (const FigureInfo& entry : all_figures()) figures.set(entry.figure, 0);
  for (const Figure figure :
       {Figure::packages, Figure::physical_cores, Figure::hardware_threads, Figure::numa_nodes}) {
    figures.set(figure, 1);
  }
  return figures;
}

void raise_to(Figures& figures, const Rule& rule) {
  for (const Condition& condition : rule.all_of) {
    raise(figures, condition.figure, condition.at_least);
  }
  raise(figures, Figure::physical_cores, known(figures, Figure::packages));
  raise(figures, Figure::hardware_threads, known(figures, Figure::physical_cores));
  raise(figures, Figure::gpus,
        known(figures, Figure::datacenter_gpus) + known(figures, Figure::consumer_gpus));
}

}  // namespace nexa::tier
