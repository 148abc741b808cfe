// A socket in the network namespace of a TUN/TAP device, for what is asked of it by its name or number.
#pragma once

#include <sys/types.h>

#include <optional>
#include <utility>

#include "../fd.hpp"

namespace virtnet {

class DeviceSocket {
 public:
  // In the namespace of the calling thread.
  static DeviceSocket open();

  // The one in the namespace where a device is now: somebody may have moved it, and another of its name may
  // be where it was. `queue` is a descriptor of the device.
  int of(int queue);

 private:
  using Place = std::pair<dev_t, ino_t>;

  static std::optional<Place> placeOf(const Fd& file);

  Fd socket_;
  std::optional<Place> place_;
};

}  // namespace virtnet
