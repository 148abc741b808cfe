// Programs of a TUN/TAP device, eBPF (linux/bpf.h) and classic (linux/filter.h): loaded, tried, and given to
// it. Plain C++, for any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace virtnet {

// What becomes of one of a device's two programs: it stays, goes, or is replaced by one that is loaded, or by
// one that has to be: instructions of eight bytes.
struct Stays {};
struct Goes {};
struct Loaded {
  int fd;
};
using Program = std::variant<Stays, Goes, Loaded, std::span<const std::uint8_t>>;

// An instruction of the classic packet filter.
struct FilterInstruction {
  std::uint16_t code;
  std::uint8_t jumpTrue;
  std::uint8_t jumpFalse;
  std::uint32_t k;
};

// What a device is to have of programs.
struct TunPrograms {
  Program steering;
  Program filter;
  // For what reaches the queues of a tap; none when empty.
  std::optional<std::vector<FilterInstruction>> classic;
};

// Throws a SystemFailure, with the verifier's log, when one of them is none that a device takes. They are
// tried on a socket that has none. The kernel does not tell which programs a device has, so that none could
// be given back.
void tryTunPrograms(int socket, const TunPrograms& programs);
// The same, and gives them to the device.
void setTunPrograms(int queue, int socket, const TunPrograms& programs);

}  // namespace virtnet
