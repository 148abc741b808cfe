// Super-frames: many frames of one flow in one crossing of the kernel's border, behind a virtio-net header
// (linux/virtio_net.h). Split into frames as they would go over a wire, and made of such frames. Pure: bytes
// in, bytes out, so that a test or a fuzzer can drive it without a device.
#pragma once

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace virtnet {

// struct virtio_net_hdr, whose own header file C++ cannot read. Numbers are in the machine's own order.
struct VirtioHeader {
  std::uint8_t flags;
  std::uint8_t gsoType;
  std::uint16_t headerLength;
  std::uint16_t gsoSize;
  std::uint16_t checksumStart;
  std::uint16_t checksumOffset;

  static constexpr std::uint8_t needsChecksum = 1;
  // Kinds of super-frames; `ecn` may come on top.
  static constexpr std::uint8_t none = 0;
  static constexpr std::uint8_t tcp4 = 1;
  static constexpr std::uint8_t tcp6 = 4;
  static constexpr std::uint8_t udpDatagrams = 5;
  static constexpr std::uint8_t ecn = 0x80;
};
static_assert(sizeof(VirtioHeader) == 10);

// What a device carries: Ethernet frames, or packets that begin with their IP header.
enum class Layer { Ethernet, Ip };

// The largest that the kernel hands over: 64 KiB of IP under an Ethernet header with two tags.
constexpr std::size_t largestFrame = 65536 + 32;

// Fills in the checksum that the header says is missing. False when header and frame do not fit together.
bool completeChecksum(const VirtioHeader& header, std::span<std::uint8_t> frame);

// Takes one super-frame apart, a frame at a time.
class Splitter {
 public:
  // The bytes must stay where they are until the last frame was taken; their headers become what all frames
  // have in common. False when it is none that can be split: it goes on as it is.
  bool begin(const VirtioHeader& header, std::span<std::uint8_t> frame, Layer layer);

  bool done() const noexcept { return taken_ >= payload_; }
  // How many frames are still to be taken.
  std::size_t left() const noexcept { return done() ? 0 : (payload_ - taken_ + segment_ - 1) / segment_; }
  // What stands before the payload of each.
  std::size_t headers() const noexcept { return headers_; }
  // Of the next frame.
  std::size_t size() const noexcept;
  // Writes it, with its lengths, sequence number, flags and checksums. There must be room for size().
  void take(std::uint8_t* target);

 private:
  // Out of the headers, what differs from frame to frame: what is left is summed once.
  void takeNumbersOut(std::uint8_t* ip, std::uint8_t* transport);

  const std::uint8_t* frame_ = nullptr;
  std::size_t ip_ = 0;         // where its header begins
  std::size_t transport_ = 0;  // where that of TCP or UDP does
  std::size_t headers_ = 0;    // how long all are together
  std::size_t payload_ = 0;    // of the whole super-frame
  std::size_t segment_ = 0;    // payload of each frame, but for the last
  std::size_t taken_ = 0;
  std::uint32_t index_ = 0;
  bool version6_ = false;
  bool tcp_ = false;
  // Of the first frame.
  std::uint16_t id_ = 0;
  std::uint32_t sequence_ = 0;
  std::uint8_t flags_ = 0;
  // Of what all have in common.
  std::uint64_t ipSum_ = 0;
  std::uint64_t transportSum_ = 0;
};

// Makes one super-frame of frames that follow each other in their flow. The payloads stay where they are.
class Joiner {
 public:
  // Beyond this the kernel takes no longer vector at once (UIO_MAXIOV is 1024).
  static constexpr std::size_t most = 512;

  // The first frame. It may stay alone: then it goes out as it is.
  void begin(std::span<const std::uint8_t> frame, Layer layer);
  // Whether the frame continues what began; it is part of it then.
  bool add(std::span<const std::uint8_t> frame);
  std::size_t count() const noexcept { return count_; }
  // What to hand to writev(), headers first. Valid until the next begin().
  std::span<iovec> finish();

 private:
  struct Flow {
    std::size_t ip;
    std::size_t transport;
    std::size_t headers;
    bool version6;
    bool tcp;
    bool operator==(const Flow&) const = default;
  };
  static std::optional<Flow> understand(std::span<const std::uint8_t> frame, Layer layer);
  void makeMask();
  bool hasSameHeaders(const std::uint8_t* frame) const;
  bool continues(std::span<const std::uint8_t> frame) const;

  Flow flow_{};
  std::array<std::uint8_t, 160> mask_{};
  bool open_ = false;  // takes more
  const std::uint8_t* first_ = nullptr;
  std::size_t segment_ = 0;
  std::size_t payload_ = 0;
  std::size_t count_ = 0;
  VirtioHeader header_{};
  bool push_ = false;
  std::array<std::uint8_t, 160> headers_{};
  std::array<iovec, most + 2> parts_{};
};

}  // namespace virtnet
