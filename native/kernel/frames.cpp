#include "frames.hpp"

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace virtnet {

namespace {

// Frames begin at cache lines: what JavaScript reads of each is its headers.
constexpr std::uint32_t alignment = 64;
constexpr std::uint32_t aligned(std::uint32_t value) { return (value + alignment - 1) & ~(alignment - 1); }

// virtio_net_hdr_v1 and its like are longer than the header that means anything to a TUN device.
constexpr std::uint32_t longestHeader = 64;

std::shared_ptr<std::uint8_t> memoryOf(std::size_t size) {
  constexpr std::align_val_t line{alignment};
  auto* memory = static_cast<std::uint8_t*>(operator new(size, line));
  std::memset(memory, 0, size);
  return {memory, [](std::uint8_t* gone) { operator delete(gone, line); }};
}

// Not read(2) and its like of the C library: in a process with threads each of those makes itself a point of
// cancellation and unmakes it, by locked instructions that cost a small frame as much as its bytes do. Nobody
// cancels a thread here.
ssize_t readFrame(int fd, std::uint8_t* target, std::size_t size) {
  return syscall(SYS_read, fd, target, size);
}
ssize_t readFrame(int fd, std::span<const iovec> parts) {
  return syscall(SYS_readv, fd, parts.data(), parts.size());
}
ssize_t writeFrame(int fd, Frame frame) { return syscall(SYS_write, fd, frame.data(), frame.size()); }
ssize_t writeFrame(int fd, std::span<const iovec> parts) {
  return syscall(SYS_writev, fd, parts.data(), parts.size());
}

}  // namespace

Batch::Batch(std::uint32_t bytes, std::uint32_t frames)
    : bytes_(aligned(bytes)), frames_(frames), memory_(memoryOf(allBytes())) {}

Batch::Batch(const Batch& other) : Batch(other.bytes_, other.frames_) {
  std::memcpy(memory_.get(), other.memory_.get(), allBytes());
}

FrameReader::FrameReader(int fd, Offload offload, Layer layer, std::uint32_t headerLength)
    : fd_(fd), offload_(offload), layer_(layer), headerLength_(headerLength) {
  if (offload_ == Offload::Split) scratch_.resize(largestFrame);
}

std::uint32_t FrameReader::burst(Batch& batch, std::uint32_t most, Counters& counters, int& error) {
  std::uint32_t used = 0;
  std::uint32_t count = 0;
  error = 0;
  const std::uint32_t room = largestFrame + longestHeader;
  if (offload_ == Offload::Split) {
    while (count < most && readSplit(batch, used, count, counters, error)) {
    }
  } else {
    std::uint8_t* const bytes = batch.bytes();
    while (count < most && batch.size() - used >= room) {
      const ssize_t length = readFrame(fd_, bytes + used, room);
      if (length <= 0) {
        if (length < 0 && errno == EINTR) continue;
        error = length < 0 ? errno : EAGAIN;
        break;
      }
      batch.offsets()[count] = used;
      batch.lengths()[count] = static_cast<std::uint32_t>(length);
      counters.readBytes += static_cast<double>(length);
      used = aligned(used + static_cast<std::uint32_t>(length));
      count++;
    }
    counters.reads += count;
  }
  counters.readFrames += count;
  return count;
}

// One step: the next frame of the super-frame that is being split, or else one read. A super-frame is read
// to the side, a frame to its place: which of them comes is foretold by what came last.
bool FrameReader::readSplit(Batch& batch, std::uint32_t& used, std::uint32_t& count, Counters& counters,
                            int& error) {
  if (count == batch.frames()) return false;
  const auto place = [&](std::size_t length) {
    batch.offsets()[count] = used;
    batch.lengths()[count] = static_cast<std::uint32_t>(length);
    counters.readBytes += static_cast<double>(length);
    used = aligned(used + static_cast<std::uint32_t>(length));
    count++;
  };
  if (!splitter_.done()) {
    const std::size_t length = splitter_.size();
    if (batch.size() - used < length) return false;
    splitter_.take(batch.bytes() + used);
    place(length);
    return true;
  }
  if (batch.size() - used < largestFrame) return false;
  std::array<std::uint8_t, longestHeader> prefix{};
  std::uint8_t* const slot = batch.bytes() + used;
  std::uint8_t* const target = expectsSuperFrame_ ? scratch_.data() : slot;
  const std::array<iovec, 2> parts{{{prefix.data(), headerLength_}, {target, largestFrame}}};
  ssize_t length = 0;
  do length = readFrame(fd_, parts);
  while (length < 0 && errno == EINTR);
  if (length < static_cast<ssize_t>(headerLength_)) {
    error = length < 0 ? errno : EAGAIN;
    return false;
  }
  counters.reads++;
  VirtioHeader header{};
  std::memcpy(&header, prefix.data(), sizeof header);
  const auto size = static_cast<std::size_t>(length) - headerLength_;
  expectsSuperFrame_ = header.gsoType != VirtioHeader::none;
  if (expectsSuperFrame_) {
    if (target == slot) std::memcpy(scratch_.data(), slot, size);
    if (splitter_.begin(header, {scratch_.data(), size}, layer_)) return true;
    counters.malformed++;
  }
  if (target != slot || expectsSuperFrame_) std::memcpy(slot, scratch_.data(), size);
  if ((header.flags & VirtioHeader::needsChecksum) != 0 && !completeChecksum(header, {slot, size}))
    counters.malformed++;
  place(size);
  return true;
}

WriteRing* FrameWriter::ringFor(std::size_t frames) {
  // What is joined is in many parts, and few of it go to a burst.
  if (offload_ == Offload::Split || frames < WriteRing::leastWrites) return nullptr;
  if (!std::exchange(ringSought_, true)) ring_ = WriteRing::open();
  return ring_.get();
}

std::uint32_t FrameWriter::burst(std::span<const Frame> frames, Counters& counters) {
  counters.error = 0;
  std::size_t next = 0;
  if (WriteRing* const ring = ringFor(frames.size())) {
    const auto [count, error] = ring->write(fd_, frames);
    for (const Frame frame : frames.first(count)) counters.writtenBytes += static_cast<double>(frame.size());
    counters.writes += static_cast<double>(count);
    counters.error = error;
    next = count;
  }
  while (next < frames.size() && counters.error == 0) {
    ssize_t written = 0;
    std::size_t taken = 1;
    std::size_t length = frames[next].size();
    if (offload_ == Offload::Split) {
      joiner_.begin(frames[next], layer_);
      while (next + taken < frames.size() && joiner_.add(frames[next + taken])) {
        length += frames[next + taken].size();
        taken++;
      }
      std::array<std::uint8_t, longestHeader> prefix{};
      const std::span<iovec> parts = joiner_.finish();
      std::memcpy(prefix.data(), parts[0].iov_base, sizeof(VirtioHeader));
      parts[0] = {prefix.data(), headerLength_};
      written = writeFrame(fd_, parts);
    } else {
      written = writeFrame(fd_, frames[next]);
    }
    if (written < 0) {
      if (errno == EINTR) continue;
      counters.error = errno;
      break;
    }
    counters.writes++;
    counters.writtenBytes += static_cast<double>(length);
    next += taken;
  }
  counters.writtenFrames += static_cast<double>(next);
  return static_cast<std::uint32_t>(next);
}

}  // namespace virtnet
