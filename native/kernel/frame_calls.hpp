// A frame by a call of the kernel: read, or written.
#pragma once

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "frame_ring.hpp"

namespace virtnet {

// Not read(2) and its like of the C library: in a process with threads each of those makes itself a point of
// cancellation and unmakes it, by locked instructions that cost a small frame as much as its bytes do. Nobody
// cancels a thread here.
inline ssize_t readFrame(int fd, std::uint8_t* target, std::size_t size) {
  return syscall(SYS_read, fd, target, size);
}
inline ssize_t readFrame(int fd, std::span<const iovec> parts) {
  return syscall(SYS_readv, fd, parts.data(), parts.size());
}
inline ssize_t writeFrame(int fd, Frame frame) { return syscall(SYS_write, fd, frame.data(), frame.size()); }
inline ssize_t writeFrame(int fd, std::span<const iovec> parts) {
  return syscall(SYS_writev, fd, parts.data(), parts.size());
}

}  // namespace virtnet
