#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "tier/catalog.hpp"
#include "tier/profile.hpp"

namespace nexa::tier {

/// Every figure of a node; nothing where it was not measured.
class Figures {
 public:
  [[nodiscard]] std::optional<std::int64_t> get(Figure figure) const {
    return values_[static_cast<std::size_t>(figure)];
  }
  void set(Figure figure, std::optional<std::int64_t> value) {
    values_[static_cast<std::size_t>(figure)] = value;
  }
  [[nodiscard]] bool meets(const Condition& condition) const {
    const auto found = get(condition.figure);
    return found && *found >= condition.at_least;
  }
  [[nodiscard]] bool meets(const Rule& rule) const;

 private:
  std::array<std::optional<std::int64_t>, figure_count> values_{};
};

/// The figures of a measured node.
Figures measure(const GpuModels& models, const Profile& profile);

/// The figures of the smallest machine that there can be: one core and nothing else.
Figures smallest_machine();

/// Raises `figures` until `rule` holds, with what follows from it: a data-centre GPU is a GPU, and
/// a core has a hardware thread.
void raise_to(Figures& figures, const Rule& rule);

}  // namespace nexa::tier
