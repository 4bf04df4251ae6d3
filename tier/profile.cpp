#include "tier/profile.hpp"

namespace nexa::tier {

const char* to_string(NetworkKind kind) {
  switch (kind) {
    case NetworkKind::ethernet:
      return "ethernet";
    case NetworkKind::roce:
      return "roce";
    case NetworkKind::infiniband:
      return "infiniband";
    case NetworkKind::omni_path:
      return "omni_path";
    case NetworkKind::slingshot:
      return "slingshot";
    case NetworkKind::other_rdma:
      return "other_rdma";
  }
  return "ethernet";
}

}  // namespace nexa::tier
