#include "ring_trial.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>

#include "../fd.hpp"
#include "frame_calls.hpp"
#include "frame_ring.hpp"

namespace virtnet {

namespace {

constexpr std::array<std::size_t, 6> counts{2, 4, 8, 16, 32, 64};
constexpr std::size_t most = counts.back();
constexpr std::size_t length = 64;
// What comes in between makes a round longer and never shorter: the shortest counts.
constexpr int rounds = 5;

// Reads find an end, writes go nowhere: what takes time is the way there.
struct Nothing {
  Fd file{open("/dev/null", O_RDWR | O_CLOEXEC)};
  std::unique_ptr<FrameRing> ring = FrameRing::open();
  std::array<std::uint8_t, most * length> memory{};
  std::array<std::uint32_t, most> lengths{};
  std::array<Frame, most> all;

  Nothing() {
    for (std::size_t i = 0; i < most; i++) all[i] = Frame(memory).subspan(i * length, length);
  }
};

using Time = std::chrono::steady_clock::duration;

// Of a round that does so many; endless when one does not do all.
template <class Round>
Time shortest(std::size_t count, const Round& round) {
  Time least = Time::max();
  for (int i = 0; i < rounds; i++) {
    const auto start = std::chrono::steady_clock::now();
    if (round() != count) return Time::max();
    least = std::min(least, Time(std::chrono::steady_clock::now() - start));
  }
  return least;
}

template <class ByRing, class Call>
std::size_t winsFrom(const ByRing& byRing, const Call& call) {
  Nothing nothing;
  if (nothing.ring == nullptr || !nothing.file.valid()) return never;
  const auto wins = [&](std::size_t count) {
    const Time ofRing = shortest(count, [&] { return byRing(nothing, count); });
    const Time ofCalls = shortest(count, [&] {
      std::size_t done = 0;
      for (std::size_t i = 0; i < count; i++) done += call(nothing, i) >= 0 ? 1 : 0;
      return done;
    });
    return ofRing < ofCalls;
  };
  const auto* const first = std::ranges::find_if(counts, wins);
  return first == counts.end() ? never : *first;
}

}  // namespace

std::size_t ringReadsFrom() {
  static const std::size_t from = winsFrom(
      [](Nothing& at, std::size_t count) {
        return at.ring
            ->read(at.file.get(), std::span(at.memory).first(count * length),
                   std::span(at.lengths).first(count))
            .count;
      },
      [](Nothing& at, std::size_t i) {
        return readFrame(at.file.get(), at.memory.data() + i * length, length);
      });
  return from;
}

std::size_t ringWritesFrom() {
  static const std::size_t from = winsFrom(
      [](Nothing& at, std::size_t count) {
        return at.ring->write(at.file.get(), std::span(at.all).first(count)).count;
      },
      [](Nothing& at, std::size_t i) { return writeFrame(at.file.get(), at.all[i]); });
  return from;
}

}  // namespace virtnet
