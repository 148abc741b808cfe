// Super-frames without a device: what is joined is what was given when it is split again, and no bytes at all
// make either read or write past an end. Ends with 0 when all holds.
#include "../../../native/kernel/super_frame.hpp"

#include <cstring>
#include <random>
#include <vector>

#include "../../../native/kernel/checksum.hpp"
#include "cases.hpp"
#include "super_frames.hpp"

namespace {

using namespace virtnet;

std::mt19937 random_numbers(1);
std::size_t below(std::size_t limit) { return random_numbers() % limit; }

void put16(Bytes& bytes, std::size_t at, std::size_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}

struct Kind {
  Layer layer;
  bool version6;
  bool tcp;
  std::size_t options;  // of TCP
};

// Of TCP: RFC 9293, and RFC 3168 for congestion.
constexpr std::uint8_t fin = 0x01;
constexpr std::uint8_t push = 0x08;
constexpr std::uint8_t acknowledges = 0x10;
constexpr std::uint8_t echoesCongestion = 0x40;
constexpr std::uint8_t windowReduced = 0x80;

// The n-th frame of a flow, with right checksums: those of a frame alone, which splitting must give again.
Bytes frame(const Kind& kind, std::uint32_t number, std::uint32_t sequence, const Bytes& payload,
            std::uint8_t flags = acknowledges) {
  const std::size_t ip = kind.layer == Layer::Ethernet ? 14 : 0;
  const std::size_t transport = ip + (kind.version6 ? 40 : 20);
  const std::size_t headers = transport + (kind.tcp ? 20 + kind.options : 8);
  Bytes bytes(headers);
  if (ip > 0) put16(bytes, 12, kind.version6 ? 0x86dd : 0x0800);
  const std::size_t length = headers - transport + payload.size();
  const std::uint8_t protocol = kind.tcp ? 6 : 17;
  const std::size_t addresses = kind.version6 ? 32 : 8;
  if (kind.version6) {
    bytes[ip] = 0x60;
    put16(bytes, ip + 4, length);
    bytes[ip + 6] = protocol;
    bytes[ip + 7] = 64;
  } else {
    bytes[ip] = 0x45;
    put16(bytes, ip + 2, 20 + length);
    put16(bytes, ip + 4, 100 + number);
    bytes[ip + 6] = 0x40;
    bytes[ip + 8] = 64;
    bytes[ip + 9] = protocol;
  }
  for (std::size_t i = transport - addresses; i < transport; i++) bytes[i] = static_cast<std::uint8_t>(i);
  put16(bytes, transport, 1234);
  put16(bytes, transport + 2, 80);
  if (kind.tcp) {
    put16(bytes, transport + 4, sequence >> 16);
    put16(bytes, transport + 6, sequence & 0xffff);
    bytes[transport + 12] = static_cast<std::uint8_t>((5 + kind.options / 4) << 4);
    bytes[transport + 13] = flags;
    for (std::size_t i = 0; i < kind.options; i++) bytes[transport + 20 + i] = 1;
  } else {
    put16(bytes, transport + 4, length);
  }
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  const auto store = [&](std::size_t at, std::uint16_t sum) { std::memcpy(&bytes[at], &sum, 2); };
  if (!kind.version6) store(ip + 10, static_cast<std::uint16_t>(~foldChecksum(sumBytes(0, &bytes[ip], 20))));
  const Bytes pseudo{0, protocol, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
  std::uint64_t sum = sumBytes(0, pseudo.data(), pseudo.size());
  sum = sumBytes(sum, &bytes[transport - addresses], addresses);
  sum = sumBytes(sum, &bytes[transport], bytes.size() - transport);
  const auto folded = static_cast<std::uint16_t>(~foldChecksum(sum));
  store(transport + (kind.tcp ? 16 : 6), folded == 0 ? 0xffff : folded);
  return bytes;
}

Bytes randomBytes(std::size_t size) {
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_numbers());
  return bytes;
}

// As RFC 1071 has it: word by word.
std::uint16_t summedByWords(const Bytes& bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    std::uint16_t word = 0;
    std::memcpy(&word, &bytes[i], i + 1 < bytes.size() ? 2 : 1);
    sum += word;
  }
  return foldChecksum(sum);
}

void sumsAreThoseOfWords(const Bytes& bytes) {
  Bytes copy(bytes.size());
  CHECK(foldChecksum(sumBytes(0, bytes.data(), bytes.size())) == summedByWords(bytes));
  CHECK(foldChecksum(sumAndCopy(0, bytes.data(), bytes.size(), copy.data())) == summedByWords(bytes));
  CHECK(copy == bytes);
}

void joinedIsSplitAgain(const Kind& kind, std::size_t segment, std::size_t count, std::size_t rest) {
  std::vector<Bytes> frames;
  std::uint32_t sequence = 0xffffff00;  // and over the top
  for (std::size_t i = 0; i < count; i++) {
    const bool last = i + 1 == count;
    const Bytes payload = randomBytes(last ? rest : segment);
    const std::uint8_t flags = last ? acknowledges | push : acknowledges;
    frames.push_back(frame(kind, static_cast<std::uint32_t>(i), sequence, payload, flags));
    sequence += static_cast<std::uint32_t>(payload.size());
  }
  Joiner joiner;
  joiner.begin(frames[0], kind.layer);
  for (std::size_t i = 1; i < count; i++) CHECK(joiner.add(frames[i]));
  CHECK(joiner.count() == count);
  VirtioHeader header{};
  const Bytes whole = gather(joiner.finish(), header);
  if (count == 1) {
    CHECK(header.gsoType == VirtioHeader::none && whole == frames[0]);
    return;
  }
  CHECK(header.gsoSize == segment && header.needsChecksum == 1);
  CHECK(split(header, whole, kind.layer) == frames);
}

// What the kernel sends of a flow whose window was reduced: the first frame says so alone (RFC 3168, 6.1.2),
// the end of a flow is in the last, and an echo of congestion is in all.
void congestionIsToldOnce(const Kind& kind, std::uint8_t flags, std::size_t count) {
  constexpr std::size_t segment = 100;
  std::vector<Bytes> plain;
  std::vector<Bytes> expected;
  for (std::uint32_t i = 0; i < count; i++) {
    const Bytes payload = randomBytes(segment);
    std::uint8_t own = flags;
    if (i > 0) own &= static_cast<std::uint8_t>(~windowReduced);
    if (i + 1 < count) own &= static_cast<std::uint8_t>(~(fin | push));
    const auto sequence = static_cast<std::uint32_t>(i * segment);
    plain.push_back(frame(kind, i, sequence, payload));
    expected.push_back(frame(kind, i, sequence, payload, own));
  }
  Joiner joiner;
  joiner.begin(plain[0], kind.layer);
  for (std::size_t i = 1; i < count; i++) CHECK(joiner.add(plain[i]));
  VirtioHeader header{};
  Bytes whole = gather(joiner.finish(), header);
  whole[header.checksumStart + 13U] = flags;
  header.gsoType |= VirtioHeader::ecn;
  CHECK(split(header, whole, kind.layer) == expected);
}

void othersStayOut(const Kind& kind) {
  const Bytes payload = randomBytes(100);
  const Bytes first = frame(kind, 0, 0, payload);
  const Bytes next = frame(kind, 1, 100, payload);
  const auto joins = [&](const Bytes& frame) {
    Joiner joiner;
    joiner.begin(first, kind.layer);
    return joiner.add(frame);
  };
  CHECK(joins(next));
  // Any byte of its headers that is not what follows makes another flow, or none; checksums apart.
  const std::size_t ip = kind.layer == Layer::Ethernet ? 14 : 0;
  const std::size_t transport = ip + (kind.version6 ? 40 : 20);
  const std::size_t headers = transport + (kind.tcp ? 20 + kind.options : 8);
  const std::size_t checksum = transport + (kind.tcp ? 16 : 6);
  for (std::size_t at = 0; at < headers; at++) {
    if (at == checksum || at == checksum + 1) continue;
    if (!kind.version6 && (at == ip + 10 || at == ip + 11)) continue;
    // Of what must not be fragmented the number means nothing.
    if (!kind.version6 && (at == ip + 4 || at == ip + 5)) continue;
    for (const std::uint8_t bit : {1, 2, 4, 16, 32, 64, 128}) {
      Bytes changed = next;
      changed[at] ^= bit;
      CHECK(!joins(changed));
    }
  }
  for (std::size_t size = 0; size < next.size(); size++)
    CHECK(!joins(Bytes(next.begin(), next.begin() + static_cast<std::ptrdiff_t>(size))));
  Bytes longer = next;
  longer.push_back(0);
  CHECK(!joins(longer));
}

// Nothing to compare with: the sanitizers watch.
void anyBytes() {
  for (int i = 0; i < 200'000; i++) {
    const Kind kind{below(2) == 0 ? Layer::Ethernet : Layer::Ip, below(2) == 0, below(2) == 0, 4 * below(4)};
    Bytes bytes = below(4) == 0 ? randomBytes(below(200)) : frame(kind, 0, 0, randomBytes(below(300)));
    for (std::size_t changes = below(4); changes > 0 && !bytes.empty(); changes--)
      bytes[below(bytes.size())] = static_cast<std::uint8_t>(random_numbers());
    if (below(3) == 0) bytes.resize(below(bytes.size() + 1));
    bytes.shrink_to_fit();
    const Layer layer = below(8) == 0 ? Layer::Ip : kind.layer;
    VirtioHeader header{};
    header.flags = static_cast<std::uint8_t>(below(4));
    header.gsoType = static_cast<std::uint8_t>(below(3) == 0 ? random_numbers() : (below(2) == 0 ? 1 : 5));
    header.gsoSize = static_cast<std::uint16_t>(below(64));
    header.checksumStart = static_cast<std::uint16_t>(below(4) == 0 ? random_numbers() : 14 + 20 * below(3));
    header.checksumOffset = static_cast<std::uint16_t>(below(8) == 0 ? random_numbers() : 16);
    split(header, bytes, layer);
    completeChecksum(header, bytes);
    Joiner joiner;
    joiner.begin(bytes, layer);
    Bytes other = bytes;
    if (!other.empty() && below(2) == 0) other[below(other.size())] ^= 1;
    joiner.add(other);
    gather(joiner.finish(), header);
  }
}

}  // namespace

int main() {
  for (std::size_t size = 0; size < 300; size++) {
    sumsAreThoseOfWords(randomBytes(size));
    sumsAreThoseOfWords(Bytes(size, 0xff));
  }
  for (int i = 0; i < 200; i++) sumsAreThoseOfWords(randomBytes(below(largestFrame)));
  sumsAreThoseOfWords(Bytes(largestFrame, 0xff));
  for (const Layer layer : {Layer::Ethernet, Layer::Ip})
    for (const bool version6 : {false, true})
      for (const bool tcp : {false, true}) {
        const Kind kind{layer, version6, tcp, tcp ? std::size_t{12} : std::size_t{0}};
        joinedIsSplitAgain(kind, 1400, 1, 1400);
        joinedIsSplitAgain(kind, 1400, 2, 1);
        joinedIsSplitAgain(kind, 1400, 45, 1400);
        joinedIsSplitAgain(kind, 1399, 45, 77);
        joinedIsSplitAgain(kind, 1, tcp ? Joiner::most : 64, 1);
        for (int i = 0; i < 50; i++) {
          const std::size_t segment = 1 + below(1400);
          joinedIsSplitAgain(kind, segment, 1 + below(40), 1 + below(segment));
        }
        othersStayOut(kind);
        if (!tcp) continue;
        for (const std::size_t count : {std::size_t{2}, std::size_t{3}, std::size_t{40}})
          for (const std::uint8_t also : {std::uint8_t{0}, echoesCongestion, push, fin})
            congestionIsToldOnce(kind, acknowledges | windowReduced | also, count);
      }
  anyBytes();
  return 0;
}
