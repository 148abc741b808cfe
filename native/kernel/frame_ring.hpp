// Many frames for one crossing of the kernel's border: requests in an io_uring(7).
#pragma once

#include <linux/io_uring.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "../fd.hpp"

namespace virtnet {

// Memory that is shared with the kernel.
class Mapping {
 public:
  // Of the file, from `offset` on. Not valid when it could not be had.
  Mapping(int fd, std::size_t size, std::uint64_t offset) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();
  bool valid() const noexcept { return start_ != nullptr; }
  template <class T>
  T* at(std::size_t offset) const noexcept {
    return reinterpret_cast<T*>(static_cast<std::uint8_t*>(start_) + offset);
  }

 private:
  void* start_ = nullptr;
  std::size_t size_;
};

// Somebody's memory.
using Frame = std::span<const std::uint8_t>;

// Belongs to the thread that opened it. Each request names its file: one that the ring was given is not
// closed by close(2), and to give it for each burst and take it back saves nothing with fewer than a hundred
// frames.
class FrameRing {
 public:
  // None where the process may not have one (seccomp, kernel.io_uring_disabled), and none before Linux 6.14:
  // of 6.1 a TUN/TAP device takes no request that must not wait (EOPNOTSUPP); those in between are untried.
  static std::unique_ptr<FrameRing> open() noexcept;

  // How many were done. Fewer than all without an error: those that are left are to be done otherwise.
  struct Done {
    std::size_t count = 0;
    int error = 0;  // what ended it
  };
  // In their order, until one is refused.
  Done write(int fd, std::span<const Frame> all) noexcept;
  // What each of many read(2) would bring, in their order, until nothing is left (EAGAIN): each into a slot,
  // of which the memory has as many as there are lengths. A slot that was used without a frame has the length
  // 0.
  Done read(int fd, std::span<std::uint8_t> memory, std::span<std::uint32_t> lengths) noexcept;

 private:
  FrameRing(Fd fd, const io_uring_params& given) noexcept;
  // Has `all` done, of which `some` does so many from a certain one on.
  template <class Some>
  Done inParts(std::size_t all, const Some& some) noexcept;
  Done writeChain(int fd, std::span<const Frame> writes) noexcept;
  Done readSome(int fd, std::span<std::uint8_t> memory, std::span<std::uint32_t> lengths) noexcept;

  struct Outcome {
    std::size_t taken = 0;  // by the kernel; it may have had no memory for all
    std::size_t lost = 0;   // of those, without a result: nothing is known of them, and the ring is gone
    int error = 0;          // why they are lost
  };
  // Has requests done to a file, each as `prepare` completes it, and hands each result to `heard`.
  template <class Prepare, class Heard>
  Outcome run(int fd, std::size_t count, const Prepare& prepare, const Heard& heard) noexcept;
  // The requests that the kernel took, or -1.
  long enter(std::size_t requests, std::size_t results) noexcept;

  Fd fd_;
  Mapping rings_;
  Mapping requests_;
  io_sqring_offsets out_;
  io_cqring_offsets back_;
};

}  // namespace virtnet
