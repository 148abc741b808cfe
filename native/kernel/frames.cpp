#include "frames.hpp"

#include <sys/mman.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "frame_calls.hpp"
#include "system_failure.hpp"

namespace virtnet {

namespace {

// Frames begin at cache lines: what JavaScript reads of each is its headers.
constexpr std::uint32_t alignment = 64;
constexpr std::uint32_t aligned(std::uint32_t value) { return (value + alignment - 1) & ~(alignment - 1); }
// Of super-frames and what they are split into the payloads do, which are copied faster so: how far after a
// line they begin themselves.
constexpr std::uint32_t afterLine(std::size_t headers) {
  const auto length = static_cast<std::uint32_t>(headers);
  return aligned(length) - length;
}

// What has room for every frame.
constexpr std::uint32_t room = aligned(largestFrame + longestHeader);
// When several are read at once, each into the room of the largest: frames that fill theirs leave no more of
// it unused than if they were read one by one; of short ones, little of the memory becomes real. Those in
// between are read one by one.
constexpr bool fills(std::size_t length) { return length > room / 2; }
constexpr bool isShort(std::size_t length) { return length <= 4096; }
// After so many, and where the last burst left some, more are likely to wait. Asked for at once, short ones
// have to be many: with few rooms in the batch, one after the other more of them find a place.
constexpr std::uint32_t severalFull = 2;
constexpr std::uint32_t manyShort = 16;

// Of what is not used, only the addresses: no page is real before a frame touches it, and no larger page
// makes others so.
std::shared_ptr<std::uint8_t> memoryOf(std::size_t size) {
  void* const memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw SystemFailure("mmap");
  madvise(memory, size, MADV_NOHUGEPAGE);
  return {static_cast<std::uint8_t*>(memory), [size](std::uint8_t* gone) { munmap(gone, size); }};
}

}  // namespace

Batch::Batch(std::uint32_t bytes, std::uint32_t frames)
    : bytes_(aligned(bytes)), frames_(frames), memory_(memoryOf(allBytes())) {}

void Batch::renew(std::uint32_t count) {
  Batch other(bytes_, frames_);
  for (std::uint32_t i = 0; i < count; i++) {
    // Whoever has taken it may be writing to it.
    const std::uint32_t offset = std::min(offsets()[i], bytes_);
    const std::uint32_t length = std::min(lengths()[i], bytes_ - offset);
    other.offsets()[i] = offset;
    other.lengths()[i] = length;
    std::memcpy(other.bytes() + offset, bytes() + offset, length);
  }
  *this = std::move(other);
}

FrameRing* RingOnDemand::get(std::size_t frames) {
  if (frames < 2) return nullptr;
  if (!least_) {
    least_ = from_();
    if (*least_ != never) ring_ = FrameRing::open();
  }
  return frames >= *least_ ? ring_.get() : nullptr;
}

struct FrameReader::Filling {
  Batch& batch;
  std::uint32_t most;
  Counters& counters;
  int& error;
  std::uint32_t used = 0;
  std::uint32_t count = 0;

  std::uint32_t left() const { return batch.size() - used; }
  std::uint8_t* next() const { return batch.bytes() + used; }
  void place(std::size_t length) { place(length, aligned(used + static_cast<std::uint32_t>(length)) - used); }
  void place(std::size_t length, std::uint32_t taken) {
    batch.offsets()[count] = used;
    batch.lengths()[count] = static_cast<std::uint32_t>(length);
    counters.readBytes += static_cast<double>(length);
    used += taken;
    count++;
  }
};

FrameReader::FrameReader(int fd, Offload offload, Layer layer, std::uint32_t headerLength)
    : fd_(fd), offload_(offload), layer_(layer), headerLength_(headerLength) {
  if (offload_ == Offload::Split) scratch_ = memoryOf(largestFrame + alignment);
}

std::uint32_t FrameReader::burst(Batch& batch, std::uint32_t most, Counters& counters, int& error) {
  error = 0;
  Filling filling{.batch = batch, .most = most, .counters = counters, .error = error};
  const auto step = offload_ == Offload::Split ? &FrameReader::readSplit : &FrameReader::readMany;
  while (filling.count < most && (this->*step)(filling)) {
  }
  if (most > 1) manyWait_ = error == 0;
  counters.readFrames += filling.count;
  return filling.count;
}

// Each step reads, and says whether another can be made.

bool FrameReader::readOne(Filling& filling) {
  if (filling.left() < room) return false;
  const ssize_t length = readFrame(fd_, filling.next(), room);
  if (length <= 0) {
    if (length < 0 && errno == EINTR) return true;
    filling.error = length < 0 ? errno : EAGAIN;
    return false;
  }
  length_ = static_cast<std::size_t>(length);
  filling.place(length_);
  filling.counters.reads++;
  return true;
}

// Those that wait, all at once, where it seems that many do. Nobody knows how long they are: each has the
// room of the largest.
bool FrameReader::readMany(Filling& filling) {
  const std::uint32_t slots = std::min(filling.most - filling.count, filling.left() / room);
  const std::uint32_t several = fills(length_) ? severalFull : manyShort;
  const bool wait = manyWait_ || filling.count >= several;
  const bool atOnce = wait && slots >= several && (fills(length_) || isShort(length_));
  FrameRing* const ring = atOnce ? ring_.get(slots) : nullptr;
  if (ring == nullptr) return readOne(filling);
  const std::uint32_t first = filling.count;
  const auto [used, error] =
      ring->read(fd_, {filling.next(), std::size_t{slots} * room}, {filling.batch.lengths() + first, slots});
  if (used == 0) return readOne(filling);
  for (std::uint32_t i = first; i < first + used; i++) {
    const std::uint32_t length = filling.batch.lengths()[i];
    if (length > 0) filling.place(length_ = length, room);
    else filling.used += room;
  }
  filling.counters.reads += filling.count - first;
  filling.error = error;
  return error == 0;
}

// The next frame of the super-frame that is being split, or else one read. A super-frame is read to the side,
// a frame to its place: which of them comes is foretold by what came last.
bool FrameReader::readSplit(Filling& filling) {
  if (!splitter_.done()) {
    const std::size_t length = splitter_.size();
    const std::uint32_t begin = filling.used + afterLine(splitter_.headers());
    if (begin + length > filling.batch.size()) return false;
    filling.used = begin;
    splitter_.take(filling.next());
    filling.place(length);
    return true;
  }
  if (filling.left() < largestFrame) return false;
  std::array<std::uint8_t, longestHeader> prefix{};
  std::uint8_t* const place = filling.next();
  // As what came last was; it may be another.
  std::uint8_t* const aside = scratch_.get() + afterLine(splitter_.headers());
  std::uint8_t* const target = expectsSuperFrame_ ? aside : place;
  const std::array<iovec, 2> parts{{{prefix.data(), headerLength_}, {target, largestFrame}}};
  ssize_t length = 0;
  do length = readFrame(fd_, parts);
  while (length < 0 && errno == EINTR);
  if (length < static_cast<ssize_t>(headerLength_)) {
    filling.error = length < 0 ? errno : EAGAIN;
    return false;
  }
  filling.counters.reads++;
  VirtioHeader header{};
  std::memcpy(&header, prefix.data(), sizeof header);
  const auto size = static_cast<std::size_t>(length) - headerLength_;
  expectsSuperFrame_ = header.gsoType != VirtioHeader::none;
  if (expectsSuperFrame_) {
    if (target == place) std::memcpy(aside, place, size);
    if (splitter_.begin(header, {aside, size}, layer_)) return true;
    filling.counters.malformed++;
  }
  if (target != place || expectsSuperFrame_) std::memcpy(place, aside, size);
  if ((header.flags & VirtioHeader::needsChecksum) != 0 && !completeChecksum(header, {place, size}))
    filling.counters.malformed++;
  filling.place(size);
  return true;
}

FrameWriter::FrameWriter(int fd, Offload offload, Layer layer, std::uint32_t headerLength)
    : fd_(fd), offload_(offload), layer_(layer), headerLength_(headerLength) {
  if (offload_ == Offload::Split && partsAreSlow()) whole_ = memoryOf(longestHeader + largestFrame);
}

FrameWriter::Joined FrameWriter::writeJoined(std::span<const Frame> frames) {
  joiner_.begin(frames[0], layer_);
  while (joiner_.count() < frames.size() && joiner_.add(frames[joiner_.count()])) {
  }
  std::array<std::uint8_t, longestHeader> prefix{};
  const std::span<iovec> parts = joiner_.finish();
  std::memcpy(prefix.data(), parts[0].iov_base, sizeof(VirtioHeader));
  parts[0] = {prefix.data(), headerLength_};
  const std::size_t count = joiner_.count();
  if (whole_ == nullptr || count == 1) return {.frames = count, .written = writeFrame(fd_, parts)};
  std::size_t size = 0;
  for (const iovec& part : parts) {
    std::memcpy(whole_.get() + size, part.iov_base, part.iov_len);
    size += part.iov_len;
  }
  return {.frames = count, .written = writeFrame(fd_, Frame(whole_.get(), size))};
}

std::uint32_t FrameWriter::burst(std::span<const Frame> frames, Counters& counters) {
  counters.error = 0;
  std::size_t next = 0;
  // What is joined is in many parts, and few of it go to a burst.
  if (FrameRing* const ring = offload_ == Offload::Split ? nullptr : ring_.get(frames.size())) {
    const auto [count, error] = ring->write(fd_, frames);
    counters.writes += static_cast<double>(count);
    counters.error = error;
    next = count;
  }
  while (next < frames.size() && counters.error == 0) {
    const auto [taken, written] = offload_ == Offload::Split
                                      ? writeJoined(frames.subspan(next))
                                      : Joined{.frames = 1, .written = writeFrame(fd_, frames[next])};
    if (written < 0) {
      if (errno == EINTR) continue;
      counters.error = errno;
      break;
    }
    counters.writes++;
    next += taken;
  }
  counters.writtenFrames += static_cast<double>(next);
  for (const Frame frame : frames.first(next)) counters.writtenBytes += static_cast<double>(frame.size());
  return static_cast<std::uint32_t>(next);
}

}  // namespace virtnet
