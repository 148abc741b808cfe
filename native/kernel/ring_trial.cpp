#include "ring_trial.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>

#include "../fd.hpp"
#include "frame_calls.hpp"
#include "frame_ring.hpp"

namespace virtnet {

namespace {

constexpr std::size_t frames = 64;
constexpr std::size_t length = 64;
// What comes in between makes a round longer and never shorter: the shortest counts.
constexpr int rounds = 5;

// Reads find an end, writes go nowhere: what takes time is the way there.
struct Nothing {
  Fd file{open("/dev/null", O_RDWR | O_CLOEXEC)};
  std::unique_ptr<FrameRing> ring = FrameRing::open();
  std::array<std::uint8_t, frames * length> memory{};
  std::array<std::uint32_t, frames> lengths{};
  std::array<Frame, frames> all;

  Nothing() {
    for (std::size_t i = 0; i < frames; i++) all[i] = Frame(memory).subspan(i * length, length);
  }
};

using Time = std::chrono::steady_clock::duration;

// Of a round that does so many; endless when one does not do all.
template <class Round>
Time shortest(const Round& round) {
  Time least = Time::max();
  for (int i = 0; i < rounds; i++) {
    const auto start = std::chrono::steady_clock::now();
    if (round() != frames) return Time::max();
    least = std::min(least, Time(std::chrono::steady_clock::now() - start));
  }
  return least;
}

template <class ByRing, class Call>
bool wins(const ByRing& byRing, const Call& call) {
  Nothing nothing;
  if (nothing.ring == nullptr || !nothing.file.valid()) return false;
  const Time ofRing = shortest([&] { return byRing(nothing); });
  const Time ofCalls = shortest([&] {
    std::size_t done = 0;
    for (std::size_t i = 0; i < frames; i++) done += call(nothing, i) >= 0 ? 1 : 0;
    return done;
  });
  return ofRing < ofCalls;
}

}  // namespace

bool ringReadsFaster() {
  static const bool faster =
      wins([](Nothing& at) { return at.ring->read(at.file.get(), at.memory, at.lengths).count; },
           [](Nothing& at, std::size_t i) {
             return readFrame(at.file.get(), at.memory.data() + i * length, length);
           });
  return faster;
}

bool ringWritesFaster() {
  static const bool faster =
      wins([](Nothing& at) { return at.ring->write(at.file.get(), at.all).count; },
           [](Nothing& at, std::size_t i) { return writeFrame(at.file.get(), at.all[i]); });
  return faster;
}

}  // namespace virtnet
