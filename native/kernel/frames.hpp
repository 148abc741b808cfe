// Bursts of frames between a TUN/TAP queue and memory: as many as are there and as fit, without JavaScript.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "frame_ring.hpp"
#include "ring_trial.hpp"
#include "super_frame.hpp"

namespace virtnet {

// virtio_net_hdr_v1 and its like are longer than the header that means anything to a TUN device.
constexpr std::uint32_t longestHeader = 64;

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
  // Other memory with the first `count` frames, in place of what somebody has taken.
  void renew(std::uint32_t count);
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
  double batch = 0;  // where the frames are that were read last
};

// For those who turn out to move many frames.
class RingOnDemand {
 public:
  // From how many on a ring moves them sooner than calls do is what `from` says; it is asked once.
  explicit RingOnDemand(std::size_t (*from)()) noexcept : from_(from) {}
  // For so many; none where calls move them, and where it cannot be had.
  FrameRing* get(std::size_t frames);

 private:
  std::size_t (*from_)();
  std::optional<std::size_t> least_;
  std::unique_ptr<FrameRing> ring_;
};

class FrameReader {
 public:
  FrameReader(int fd, Offload offload, Layer layer, std::uint32_t headerLength);

  // Reads until the batch has `most` frames, which are not more than it has room for, or is full, or nothing
  // is left; how many frames it has then. What comes after is in `error`: 0 when there may be more, EAGAIN
  // when there is not, or why reading ended.
  std::uint32_t burst(Batch& batch, std::uint32_t most, Counters& counters, int& error);
  // How many frames are left that were read already, and of which the kernel says nothing any more.
  std::size_t rest() const noexcept { return splitter_.left(); }

 private:
  // A batch that is being filled.
  struct Filling;
  bool readOne(Filling& filling);
  bool readMany(Filling& filling);
  bool readSplit(Filling& filling);

  int fd_;
  Offload offload_;
  Layer layer_;
  std::uint32_t headerLength_;
  RingOnDemand ring_{ringReadsFrom};
  bool manyWait_ = false;   // the last burst left some
  std::size_t length_ = 0;  // of the last frame
  Splitter splitter_;
  std::shared_ptr<std::uint8_t> scratch_;  // with the super-frame that is being split
  bool expectsSuperFrame_ = false;
};

class FrameWriter {
 public:
  FrameWriter(int fd, Offload offload, Layer layer, std::uint32_t headerLength);

  // How many frames went. counters.error says why it stopped before the end.
  std::uint32_t burst(std::span<const Frame> frames, Counters& counters);

 private:
  // As many frames from the first on as follow each other, as one; how many, and what write(2) says.
  struct Joined {
    std::size_t frames;
    ssize_t written;
  };
  Joined writeJoined(std::span<const Frame> frames);

  int fd_;
  Offload offload_;
  Layer layer_;
  std::uint32_t headerLength_;
  Joiner joiner_;
  std::shared_ptr<std::uint8_t> whole_;  // for what is joined, where parts are slow
  RingOnDemand ring_{ringWritesFrom};
};

}  // namespace virtnet
