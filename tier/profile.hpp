#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nexa::tier {

/// One physical package (socket).
struct Package {
  std::uint32_t cores = 0;
  std::uint32_t threads = 0;  ///< hardware threads of all its cores
  std::string model;          ///< as the processor names itself; may be empty
  friend bool operator==(const Package&, const Package&) = default;
};

/// Cores that are alike. A machine with more than one kind is called hybrid.
struct CoreKind {
  std::string name;  ///< as the topology names it, e.g. `IntelAtom`; may be empty
  std::uint32_t cores = 0;
  std::uint32_t threads = 0;
  friend bool operator==(const CoreKind&, const CoreKind&) = default;
};

/// Equal caches.
struct Cache {
  std::uint32_t level = 1;
  bool data_only = false;  ///< a data cache; otherwise it holds instructions as well
  std::uint64_t size_kib = 0;
  std::uint32_t count = 0;
  std::uint32_t cores_per_cache = 0;  ///< how many cores share one; 0 where they differ
  friend bool operator==(const Cache&, const Cache&) = default;
};

struct Gpu {
  std::string vendor;
  std::string model;    ///< the name, or the PCI id `10de:20b0` where no name is known
  std::string backend;  ///< who reported it: `CUDA`, `NVML`, `RSMI`, `LevelZero`, `OpenCL`, `PCI`
  std::string pci_address;                  ///< `0000:17:00.0`; may be empty
  std::optional<std::uint64_t> memory_kib;  ///< only some backends know it
  friend bool operator==(const Gpu&, const Gpu&) = default;
};

enum class NetworkKind : std::uint8_t {
  ethernet,
  roce,  ///< Ethernet with remote direct memory access
  infiniband,
  omni_path,
  slingshot,
  other_rdma,  ///< remote direct memory access over something else, e.g. BXI
};

/// Whether a card of this kind reads and writes the memory of another node by itself.
constexpr bool is_rdma(NetworkKind kind) {
  return kind != NetworkKind::ethernet;
}

/// `ethernet`, `infiniband` …
const char* to_string(NetworkKind kind);

/// One network function of a card: a card with two ports is two entries.
struct NetworkCard {
  std::string name;  ///< of the interface, `ib0`; of the RDMA device where there is no interface
  std::string rdma_device;  ///< `mlx5_0`; may be empty
  NetworkKind kind = NetworkKind::ethernet;
  std::string vendor;
  std::string model;
  std::optional<std::int64_t> speed_mbit;  ///< of the link as it is now; absent where unknown
  friend bool operator==(const NetworkCard&, const NetworkCard&) = default;
};

/// What was measured of a node. It says nothing of what anyone claims.
struct Profile {
  std::string hostname;      ///< may be empty
  std::string architecture;  ///< as `uname -m` says: `x86_64`, `aarch64`; may be empty
  std::vector<Package> packages;
  std::uint32_t physical_cores = 0;
  std::uint32_t hardware_threads = 0;
  /// The fewest hardware threads that any core has; 1 on a hybrid machine with single-thread cores.
  std::uint32_t min_threads_per_core = 1;
  std::vector<CoreKind> core_kinds;  ///< empty unless the machine is hybrid
  std::uint32_t numa_nodes = 0;
  std::uint64_t memory_kib = 0;  ///< main memory, without that of GPUs
  std::vector<Cache> caches;     ///< instruction caches left out; lowest level first
  std::vector<Gpu> gpus;         ///< with screen-only chips; see `Catalog::gpu_models`
  std::vector<NetworkCard> networks;
  std::vector<std::string> isa_features;  ///< `avx2`, `avx512f`, `neon`, `sve` …, sorted
  /// N of `x86-64-vN`; 0 on other architectures; absent where the features were not reported.
  std::optional<std::uint32_t> x86_64_level;
  /// Measured speed of one core, per mille of the reference core: the unit of
  /// `core::NodeSpec::speed_permille`. It can lower a tier, never raise it.
  std::optional<std::int64_t> benchmark;
  friend bool operator==(const Profile&, const Profile&) = default;
};

}  // namespace nexa::tier
