// For libFuzzer: any bytes are a super-frame to be split, and frames to be joined. What is joined is split
// into the same payloads again. An input is one byte for the layer, a virtio-net header, and frames, each
// behind two bytes of length.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "super_frames.hpp"

namespace {

using namespace virtnet;

// In memory of just that size, so that the sanitizer sees who reads past it.
Bytes taken(std::span<const std::uint8_t>& from, std::size_t size) {
  size = std::min(size, from.size());
  Bytes bytes(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(size));
  from = from.subspan(size);
  return bytes;
}

void join(std::span<const Bytes> frames, Layer layer) {
  Joiner joiner;
  joiner.begin(frames[0], layer);
  for (const Bytes& frame : frames.subspan(1))
    if (!joiner.add(frame)) break;
  VirtioHeader header{};
  const Bytes whole = gather(joiner.finish(), header);
  if (joiner.count() == 1) {
    if (whole != frames[0]) std::abort();
    return;
  }
  const std::vector<Bytes> again = split(header, whole, layer);
  if (again.size() != joiner.count()) std::abort();
  for (std::size_t i = 0; i < again.size(); i++) {
    const auto payload = [&](const Bytes& frame) { return std::span(frame).subspan(header.headerLength); };
    if (again[i].size() != frames[i].size() || !std::ranges::equal(payload(again[i]), payload(frames[i])))
      std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::uint8_t> rest(data, size);
  VirtioHeader header{};
  if (rest.size() < 1 + sizeof header) return 0;
  const Layer layer = rest[0] % 2 == 0 ? Layer::Ethernet : Layer::Ip;
  std::memcpy(&header, &rest[1], sizeof header);
  rest = rest.subspan(1 + sizeof header);
  auto whole = rest;
  Bytes bytes = taken(whole, whole.size());
  split(header, bytes, layer);
  completeChecksum(header, bytes);
  std::vector<Bytes> frames;
  while (rest.size() >= 2 && frames.size() < 100) {
    const std::size_t length = rest[0] << 8 | rest[1];
    rest = rest.subspan(2);
    frames.push_back(taken(rest, length));
  }
  if (!frames.empty()) join(frames, layer);
  return 0;
}
