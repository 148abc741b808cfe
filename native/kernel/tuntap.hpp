// TUN/TAP devices (linux/if_tun.h): opened, attached to, set. Plain C++, for any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../fd.hpp"
#include "device_socket.hpp"
#include "frames.hpp"
#include "namespaces.hpp"

namespace virtnet {

// What a device is asked to be. One that exists is attached to, and must be of this kind.
struct TunRequest {
  enum class Existing { Either, Required, Refused };

  std::string name;  // empty, or with a %d: the kernel chooses
  Layer layer = Layer::Ethernet;
  Existing existing = Existing::Either;
  bool packetInformation = false;
  bool virtioHeader = false;
  bool multiQueue = false;
  bool napi = false;
  bool persist = false;
  std::uint32_t queues = 1;
  std::uint32_t offloads = 0;  // TUN_F_*
  std::optional<std::uint32_t> owner;
  std::optional<std::uint32_t> group;
  std::optional<std::uint32_t> sendBuffer;
  NamespacePath netns;
};

struct TunDevice {
  std::string name;  // as the kernel has it
  std::uint32_t headerLength = 0;
  std::uint32_t offloads = 0;  // those of the request that the kernel takes
  std::vector<Fd> queues;      // each one open, attached and non-blocking, in that order
  DeviceSocket socket;
};

// Throws a SystemFailure; a device that was made is gone then. One that was there may have some of the
// settings.
TunDevice openTun(const TunRequest& request);

// A property of a device that is a number: what it is, or what it shall be.
struct TunProperty {
  const char* name;
  // By the descriptor of a queue, or by a socket and the device's name. Null where there is no such way.
  std::uint64_t (*get)(int queue, int socket);
  void (*set)(int queue, int socket, std::uint32_t value);
};
extern const std::vector<TunProperty> tunProperties;

// Its number.
std::uint32_t tunIndex(int queue, int socket);

// The address of an Ethernet device, six bytes.
void tunMac(int queue, std::uint8_t* mac);
void setTunMac(int queue, const std::uint8_t* mac);

// Its name now: somebody may have renamed it.
std::string tunName(int queue);

}  // namespace virtnet
