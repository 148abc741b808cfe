// From how many frames on an io_uring(7) reads or writes them in less time than as many calls of the kernel.
// That depends on the processor, and on how the kernel guards itself: a call costs most where it has page
// tables of its own (PTI), and a request of the ring where indirect calls are dear (retpolines).
#pragma once

#include <cstddef>
#include <limits>

namespace virtnet {

constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

// Tried once for the process, in less than a millisecond, and on no device: what becomes of a frame behind
// one takes now more time and now less. Never where there is no ring.
std::size_t ringReadsFrom();
std::size_t ringWritesFrom();

}  // namespace virtnet
