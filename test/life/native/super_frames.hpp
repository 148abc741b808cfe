// Super-frames as bytes, in memory of just their size, so that a sanitizer sees who reads past it.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "../../../native/kernel/super_frame.hpp"

using Bytes = std::vector<std::uint8_t>;

// The splitter takes numbers out of the headers: it is given bytes of its own.
inline std::vector<Bytes> split(const virtnet::VirtioHeader& header, Bytes whole, virtnet::Layer layer) {
  virtnet::Splitter splitter;
  std::vector<Bytes> parts;
  if (!splitter.begin(header, std::span(whole), layer)) return parts;
  while (!splitter.done()) {
    Bytes part(splitter.size());
    splitter.take(part.data());
    parts.push_back(std::move(part));
  }
  return parts;
}

// As writev() would hand it to the kernel: the header, and the rest.
inline Bytes gather(std::span<const iovec> parts, virtnet::VirtioHeader& header) {
  std::memcpy(&header, parts[0].iov_base, sizeof header);
  Bytes whole;
  for (const iovec& part : parts.subspan(1)) {
    const auto* begin = static_cast<const std::uint8_t*>(part.iov_base);
    whole.insert(whole.end(), begin, begin + part.iov_len);
  }
  whole.shrink_to_fit();
  return whole;
}
