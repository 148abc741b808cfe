// The Internet checksum (RFC 1071), over bytes or while copying them. Sums are of native 16-bit words: their
// order of bytes does not matter as long as the result is stored as it was summed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace virtnet {

inline std::uint16_t foldChecksum(std::uint64_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

// Adds `size` bytes to a sum, and copies them on the way where `target` is not null. The places must not
// overlap. Vectors, because the bytes of a super-frame are summed as fast as memory gives them then.
template <bool copies>
inline std::uint64_t addBytes(std::uint64_t sum, const std::uint8_t* source, std::size_t size,
                              std::uint8_t* target) {
  using Lanes = std::uint64_t __attribute__((vector_size(16)));
  constexpr std::size_t width = sizeof(Lanes);
  // Whole lanes, whose carries are lost, and their upper halves: what the lower halves come to is the
  // difference of the two.
  Lanes first = {0, 0};
  Lanes second = {0, 0};
  Lanes ofUpper = {0, 0};
  while (size >= 2 * width) {
    Lanes a;
    Lanes b;
    std::memcpy(&a, source, width);
    std::memcpy(&b, source + width, width);
    if constexpr (copies) {
      std::memcpy(target, &a, width);
      std::memcpy(target + width, &b, width);
      target += 2 * width;
    }
    first += a;
    second += b;
    ofUpper += (a >> 32) + (b >> 32);
    source += 2 * width;
    size -= 2 * width;
  }
  const Lanes ofLower = first + second - (ofUpper << 32);
  for (const std::uint64_t lane : {ofLower[0], ofLower[1], ofUpper[0], ofUpper[1]})
    sum += (lane & 0xffffffff) + (lane >> 32);
  const auto add = [&](auto word) {
    std::memcpy(&word, source, sizeof word);
    if constexpr (copies) {
      std::memcpy(target, &word, sizeof word);
      target += sizeof word;
    }
    sum += word;
    source += sizeof word;
  };
  for (; size >= 4; size -= 4) add(std::uint32_t{});
  if (size >= 2) add(std::uint16_t{});
  if (size % 2 == 1) {
    std::uint16_t word = 0;
    std::memcpy(&word, source, 1);
    if constexpr (copies) *target = *source;
    sum += word;
  }
  return sum;
}

inline std::uint64_t sumBytes(std::uint64_t sum, const std::uint8_t* source, std::size_t size) {
  return addBytes<false>(sum, source, size, nullptr);
}

inline std::uint64_t sumAndCopy(std::uint64_t sum, const std::uint8_t* source, std::size_t size,
                                std::uint8_t* target) {
  return addBytes<true>(sum, source, size, target);
}

}  // namespace virtnet
