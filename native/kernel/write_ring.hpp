// Many writes for one crossing of the kernel's border: chains of requests in an io_uring(7).
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

// Belongs to the thread that opened it.
class WriteRing {
 public:
  // To lend the ring a file and take it back costs as much as is won with fewer.
  static constexpr std::size_t leastWrites = 16;

  // None where the process may not have one (seccomp, kernel.io_uring_disabled), and none before Linux 6.14:
  // older kernels let go of a file that a ring had only after a while, and a device that was closed would
  // still be there.
  static std::unique_ptr<WriteRing> open() noexcept;

  struct Written {
    std::size_t count = 0;
    int error = 0;  // why the next was refused
  };

  // In their order, until one is refused. Fewer without an error: those that are left are to be written
  // otherwise.
  Written write(int fd, std::span<const std::span<const std::uint8_t>> all) noexcept;

 private:
  WriteRing(Fd fd, const io_uring_params& given) noexcept;
  Written chain(std::span<const std::span<const std::uint8_t>> writes) noexcept;
  // The requests that the kernel took, or -1.
  long enter(std::size_t requests, std::size_t results) noexcept;
  bool lend(int fd) noexcept;

  Fd fd_;
  Mapping rings_;
  Mapping requests_;
  io_sqring_offsets out_;
  io_cqring_offsets back_;
};

}  // namespace virtnet
