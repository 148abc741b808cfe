// eBPF programs (linux/bpf.h) of a TUN/TAP device: loaded, and given to it. Plain C++, for any thread.
#pragma once

#include <cstdint>
#include <span>
#include <variant>

namespace virtnet {

// What becomes of one of a device's two programs: it stays, goes, or is replaced by one that is loaded, or by
// one that has to be: instructions of eight bytes.
struct Stays {};
struct Goes {};
struct Loaded {
  int fd;
};
using Program = std::variant<Stays, Goes, Loaded, std::span<const std::uint8_t>>;

// Both are loaded before one is given to the device: what the verifier refuses changes nothing. Throws a
// SystemFailure, with the verifier's log.
void setTunPrograms(int queue, const Program& steering, const Program& filter);

}  // namespace virtnet
