// Bursts of frames between a TUN/TAP queue and memory: as many as are there and as fit, without JavaScript.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "super_frame.hpp"
#include "write_ring.hpp"

namespace virtnet {

// What to do with the virtio-net header that every read and write of the device begins with.
enum class Offload {
  None,  // there is none
  Raw,   // it is part of what JavaScript sees and gives
  Split  // JavaScript sees frames as on a wire, and gives such
};

// Memory for what one burst reads: the bytes, then where each frame begins, then how long each is.
class Batch {
 public:
  Batch(std::uint32_t bytes, std::uint32_t frames);
  // In memory of its own.
  Batch(const Batch& other);
  Batch(Batch&&) = default;
  Batch& operator=(Batch&&) = default;
  ~Batch() = default;
  std::uint8_t* bytes() noexcept { return memory_.get(); }
  std::uint32_t* offsets() noexcept { return reinterpret_cast<std::uint32_t*>(memory_.get() + bytes_); }
  std::uint32_t* lengths() noexcept { return offsets() + frames_; }
  std::uint32_t size() const noexcept { return bytes_; }
  std::uint32_t frames() const noexcept { return frames_; }
  std::size_t allBytes() const noexcept { return std::size_t{bytes_} + std::size_t{8} * frames_; }
  // Shared with the ArrayBuffers that show it.
  const std::shared_ptr<std::uint8_t>& memory() const noexcept { return memory_; }

 private:
  std::uint32_t bytes_;
  std::uint32_t frames_;
  std::shared_ptr<std::uint8_t> memory_;
};

// What has passed, for statistics. Doubles, because JavaScript reads them where they are.
struct Counters {
  double readFrames = 0;
  double readBytes = 0;
  double reads = 0;  // crossings of the kernel's border that brought something
  double batches = 0;
  double wakes = 0;
  double malformed = 0;  // headers that did not fit their frames: handed on as they were
  double writtenFrames = 0;
  double writtenBytes = 0;
  double writes = 0;
  double error = 0;  // errno of the write that stopped the last burst, 0 when all went
};

// Somebody's memory.
using Frame = std::span<const std::uint8_t>;

class FrameReader {
 public:
  FrameReader(int fd, Offload offload, Layer layer, std::uint32_t headerLength);

  // Reads until the batch has `most` frames, which are not more than it has room for, or is full, or nothing
  // is left; how many frames it has then. What comes after is in `error`: 0 when there may be more, EAGAIN
  // when there is not, or why reading ended.
  std::uint32_t burst(Batch& batch, std::uint32_t most, Counters& counters, int& error);

 private:
  bool readSplit(Batch& batch, std::uint32_t& used, std::uint32_t& count, Counters& counters, int& error);

  int fd_;
  Offload offload_;
  Layer layer_;
  std::uint32_t headerLength_;
  Splitter splitter_;
  std::vector<std::uint8_t> scratch_;  // the super-frame that is being split
  bool expectsSuperFrame_ = false;
};

class FrameWriter {
 public:
  FrameWriter(int fd, Offload offload, Layer layer, std::uint32_t headerLength)
      : fd_(fd), offload_(offload), layer_(layer), headerLength_(headerLength) {}

  // How many frames went. counters.error says why it stopped before the end.
  std::uint32_t burst(std::span<const Frame> frames, Counters& counters);

 private:
  // None where it is of no use, or cannot be had.
  WriteRing* ringFor(std::size_t frames);

  int fd_;
  Offload offload_;
  Layer layer_;
  std::uint32_t headerLength_;
  Joiner joiner_;
  std::unique_ptr<WriteRing> ring_;
  bool ringSought_ = false;
};

}  // namespace virtnet
