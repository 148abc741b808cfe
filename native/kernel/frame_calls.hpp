// A frame by a call of the kernel: read, or written.
#pragma once

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#ifdef __x86_64__
#include <cpuid.h>
#endif

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

// Whether many parts take the kernel longer than it takes to make them one piece and to write that. So it is
// where the processor has no fast `rep movsb` (ERMS), and the kernel copies words of eight bytes: of segments
// of 1448 bytes, a first EPYC writes each in 290 ns as a part of its own, and in 200 ns of one piece.
inline bool partsAreSlow() {
#ifdef __x86_64__
  constexpr unsigned leaf = 7;
  constexpr unsigned erms = 1U << 9;
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  return __get_cpuid_count(leaf, 0, &eax, &ebx, &ecx, &edx) == 0 || (ebx & erms) == 0;
#else
  return false;
#endif
}

}  // namespace virtnet
