#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace nexa::validator {

/// Who of a crowd, the machines that computed one result together, made it wrong.
///
/// Each machine is taken to spoil a result with a probability of its own, so a crowd is right with
/// the product of what is left (a noisy OR). The probabilities that explain all wrong crowds and
/// all right results best are found by expectation maximisation: the blame for a wrong crowd is
/// divided in proportion to what the members are suspected of, and a machine is suspected of the
/// blame it bears, over the results that it took part in. Whoever is often there when others are
/// right is cleared by that, and by a better explanation for the crowds that were wrong.
///
/// Sources: Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM
/// algorithm", 1977; Pearl, "Probabilistic reasoning in intelligent systems", 1988, section 4.3.2,
/// for the noisy OR and explaining away. All numbers are integers, so that every host decides
/// alike.
///
/// Machines are numbered densely from 0.
class CrowdBlame {
 public:
  /// Wrong crowds beyond so many are forgotten, the oldest first.
  static constexpr std::size_t remembered = 256;

  /// A result that the machine computed, alone or with others, was compared and is right.
  void right(std::uint32_t machine);
  /// A result that the machine computed alone was wrong.
  void wrong_alone(std::uint32_t machine) { ++member(machine).wrong_alone; }

  /// A result of these machines, all different, was wrong. Returns how likely it is of each that it
  /// was the culprit, in millionths and in the order of `machines`. Costs a few steps for each
  /// member of each crowd that is remembered.
  std::vector<std::uint32_t> wrong(std::span<const std::uint32_t> machines);

  /// The probability, in millionths, that the machine spoils a result.
  [[nodiscard]] std::uint32_t suspicion_ppm(std::uint32_t machine) const;
  /// Wrong crowds that are remembered and had the machine in them.
  [[nodiscard]] std::uint32_t wrong_crowds(std::uint32_t machine) const;

 private:
  /// Before anything is known: a hundredth, held as firmly as two results would.
  static constexpr std::uint64_t prior_results = 2;
  static constexpr std::uint32_t prior_ppm = 10'000;
  /// More right results clear nobody further, or those who were good for long could be wrong for
  /// long at the cost of newcomers.
  static constexpr std::uint64_t most_right = 100;

  struct Member {
    std::uint64_t right = 0;
    std::uint64_t wrong_alone = 0;
    std::uint32_t wrong_crowds = 0;
    std::uint32_t suspicion_ppm = prior_ppm;
    std::uint64_t blame_ppm = 0;  ///< for all wrong crowds; only while they are weighed
  };

  Member& member(std::uint32_t machine);
  static std::uint32_t estimate(const Member& one);
  void remember(std::span<const std::uint32_t> machines);
  [[nodiscard]] std::uint64_t spoiled_ppb(std::span<const std::uint32_t> crowd) const;
  [[nodiscard]] std::uint32_t part_ppm(std::uint32_t machine, std::uint64_t spoiled) const;
  void weigh();

  std::vector<Member> members_;
  std::deque<std::vector<std::uint32_t>> crowds_;
  std::vector<std::uint32_t> touched_;  ///< kept for its memory
};

}  // namespace nexa::validator
