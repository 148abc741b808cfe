#include "super_frame.hpp"

#include <linux/if_ether.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "checksum.hpp"

namespace virtnet {

namespace {

constexpr std::size_t ethernetHeader = 14;
constexpr std::size_t vlanTag = 4;
constexpr std::size_t ipv4Header = 20;
constexpr std::size_t ipv6Header = 40;
constexpr std::size_t tcpHeader = 20;
constexpr std::size_t udpHeader = 8;
constexpr std::size_t mostOfIp = 65535;
// The kernel takes no more datagrams than this as one (UDP_MAX_SEGMENTS before 6.11).
constexpr std::size_t mostDatagrams = 64;

// Where things are in their headers: RFC 791, 8200, 9293, 768.
constexpr std::size_t ipv4Length = 2;
constexpr std::size_t ipv4Id = 4;
constexpr std::size_t ipv4Fragment = 6;
constexpr std::size_t ipv4Protocol = 9;
constexpr std::size_t ipv4Checksum = 10;
constexpr std::size_t ipv4Source = 12;
constexpr std::size_t ipv6Length = 4;
constexpr std::size_t ipv6NextHeader = 6;
constexpr std::size_t ipv6Source = 8;
constexpr std::size_t tcpSequence = 4;
constexpr std::size_t tcpOffset = 12;
constexpr std::size_t tcpFlags = 13;
constexpr std::size_t tcpChecksum = 16;
constexpr std::size_t udpLength = 4;
constexpr std::size_t udpChecksum = 6;

constexpr std::uint8_t fin = 0x01;
constexpr std::uint8_t push = 0x08;
constexpr std::uint8_t acknowledges = 0x10;
constexpr std::uint8_t windowReduced = 0x80;
constexpr std::uint16_t dontFragment = 0x4000;

std::uint16_t get16(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[0] << 8 | at[1]); }
std::uint32_t get32(const std::uint8_t* at) { return std::uint32_t{get16(at)} << 16 | get16(at + 2); }
// For comparisons, in whichever order.
std::uint64_t get64(const std::uint8_t* at) {
  std::uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}
void put16(std::uint8_t* at, std::size_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}
void put32(std::uint8_t* at, std::uint32_t value) {
  put16(at, value >> 16);
  put16(at + 2, value & 0xffff);
}
// As it was summed: see checksum.hpp.
void putChecksum(std::uint8_t* at, std::uint16_t sum) { std::memcpy(at, &sum, 2); }
// What a number adds to a sum where put16() and put32() put it.
std::uint64_t sum16(std::size_t value) {
  std::array<std::uint8_t, 2> bytes{};
  put16(bytes.data(), value);
  std::uint16_t word = 0;
  std::memcpy(&word, bytes.data(), 2);
  return word;
}
std::uint64_t sum32(std::uint32_t value) { return sum16(value >> 16) + sum16(value & 0xffff); }

std::uint16_t complement(std::uint64_t sum) { return static_cast<std::uint16_t>(~foldChecksum(sum)); }

// Zero would mean that there is no checksum.
std::uint16_t finished(std::uint64_t sum) {
  const std::uint16_t checksum = complement(sum);
  return checksum == 0 ? 0xffff : checksum;
}

void completeIpv4(std::uint8_t* ip, std::size_t size) {
  putChecksum(ip + ipv4Checksum, 0);
  putChecksum(ip + ipv4Checksum, complement(sumBytes(0, ip, size)));
}

// What TCP's and UDP's checksums cover of the IP header, but for the length.
std::uint64_t pseudoHeader(const std::uint8_t* ip, bool version6, bool tcp) {
  const std::uint64_t sum = sum16(tcp ? IPPROTO_TCP : IPPROTO_UDP);
  return version6 ? sumBytes(sum, ip + ipv6Source, 32) : sumBytes(sum, ip + ipv4Source, 8);
}

// Where the IP header begins; 0 for an Ethernet frame that carries none.
bool findIp(std::span<const std::uint8_t> frame, Layer layer, std::size_t& ip) {
  ip = 0;
  if (layer == Layer::Ip) return !frame.empty();
  std::size_t type = ethernetHeader - 2;
  for (int tags = 0; tags < 3; tags++) {
    if (frame.size() < type + 2) return false;
    const std::uint16_t found = get16(frame.data() + type);
    if (found == ETH_P_8021Q || found == ETH_P_8021AD) {
      type += vlanTag;
      continue;
    }
    ip = type + 2;
    return (found == ETH_P_IP || found == ETH_P_IPV6) && frame.size() > ip;
  }
  return false;
}

}  // namespace

bool completeChecksum(const VirtioHeader& header, std::span<std::uint8_t> frame) {
  const std::size_t start = header.checksumStart;
  const std::size_t field = start + header.checksumOffset;
  if (field + 2 > frame.size()) return false;
  putChecksum(frame.data() + field, finished(sumBytes(0, frame.data() + start, frame.size() - start)));
  return true;
}

bool Splitter::begin(const VirtioHeader& header, std::span<std::uint8_t> frame, Layer layer) {
  const unsigned kind = header.gsoType & ~VirtioHeader::ecn;
  const bool udp = kind == VirtioHeader::udpDatagrams;
  tcp_ = kind == VirtioHeader::tcp4 || kind == VirtioHeader::tcp6;
  transport_ = header.checksumStart;
  segment_ = header.gsoSize;
  taken_ = payload_ = 0;
  index_ = 0;
  if ((!tcp_ && !udp) || segment_ == 0 || !findIp(frame, layer, ip_)) return false;
  version6_ = frame[ip_] >> 4 == 6;
  const std::size_t least = ip_ + (version6_ ? ipv6Header : ipv4Header);
  if (transport_ < least || transport_ + (tcp_ ? tcpHeader : udpHeader) > frame.size()) return false;
  headers_ = transport_ + (tcp_ ? std::size_t{frame[transport_ + tcpOffset]} / 16 * 4 : udpHeader);
  if (headers_ < transport_ + (tcp_ ? tcpHeader : udpHeader) || headers_ >= frame.size()) return false;
  frame_ = frame.data();
  payload_ = frame.size() - headers_;
  takeNumbersOut(frame.data() + ip_, frame.data() + transport_);
  return true;
}

void Splitter::takeNumbersOut(std::uint8_t* ip, std::uint8_t* transport) {
  if (!version6_) {
    id_ = get16(ip + ipv4Id);
    for (const std::size_t field : {ipv4Length, ipv4Id, ipv4Checksum}) put16(ip + field, 0);
    ipSum_ = sumBytes(0, ip, transport_ - ip_);
  }
  if (tcp_) {
    sequence_ = get32(transport + tcpSequence);
    flags_ = transport[tcpFlags];
    put32(transport + tcpSequence, 0);
    transport[tcpFlags] = 0;
  } else {
    put16(transport + udpLength, 0);
  }
  put16(transport + (tcp_ ? tcpChecksum : udpChecksum), 0);
  transportSum_ = sumBytes(pseudoHeader(ip, version6_, tcp_), transport, headers_ - transport_);
}

std::size_t Splitter::size() const noexcept { return headers_ + std::min(segment_, payload_ - taken_); }

void Splitter::take(std::uint8_t* target) {
  const std::size_t length = std::min(segment_, payload_ - taken_);
  const bool last = taken_ + length == payload_;
  std::memcpy(target, frame_, headers_);
  std::uint8_t* ip = target + ip_;
  std::uint8_t* transport = target + transport_;
  const std::size_t ofTransport = headers_ - transport_ + length;
  if (version6_) {
    put16(ip + ipv6Length, transport_ - ip_ - ipv6Header + ofTransport);
  } else {
    const std::size_t ofIp = transport_ - ip_ + ofTransport;
    const std::size_t id = id_ + index_;
    put16(ip + ipv4Length, ofIp);
    put16(ip + ipv4Id, id);
    putChecksum(ip + ipv4Checksum, complement(ipSum_ + sum16(ofIp) + sum16(id)));
  }
  std::uint64_t sum = transportSum_ + sum32(static_cast<std::uint32_t>(ofTransport));
  if (tcp_) {
    const std::uint32_t sequence = sequence_ + static_cast<std::uint32_t>(taken_);
    std::uint8_t flags = flags_;
    if (!last) flags &= static_cast<std::uint8_t>(~(fin | push));
    if (index_ > 0) flags &= static_cast<std::uint8_t>(~windowReduced);
    put32(transport + tcpSequence, sequence);
    transport[tcpFlags] = flags;
    sum += sum32(sequence) + sum16(flags);
  } else {
    put16(transport + udpLength, ofTransport);
    sum += sum16(ofTransport);
  }
  sum = sumAndCopy(sum, frame_ + headers_ + taken_, length, target + headers_);
  putChecksum(transport + (tcp_ ? tcpChecksum : udpChecksum), finished(sum));
  taken_ += length;
  index_++;
}

// Only what can be joined: whole TCP segments with data and nothing but ACK and PSH, whole UDP datagrams
// with a checksum, in IPv4 without options or IPv6 without extensions, untagged.
std::optional<Joiner::Flow> Joiner::understand(std::span<const std::uint8_t> frame, Layer layer) {
  Flow flow{};
  flow.ip = layer == Layer::Ethernet ? ethernetHeader : 0;
  if (frame.size() < flow.ip + ipv4Header + udpHeader + 1) return std::nullopt;
  const std::uint8_t* ip = frame.data() + flow.ip;
  const std::size_t size = frame.size() - flow.ip;
  if (layer == Layer::Ethernet && get16(ip - 2) != (ip[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP))
    return std::nullopt;
  std::uint8_t protocol = 0;
  if (ip[0] == 0x45) {
    if (get16(ip + ipv4Length) != size || (get16(ip + ipv4Fragment) & ~dontFragment) != 0)
      return std::nullopt;
    flow.version6 = false;
    flow.transport = flow.ip + ipv4Header;
    protocol = ip[ipv4Protocol];
  } else if (ip[0] >> 4 == 6) {
    if (size <= ipv6Header || get16(ip + ipv6Length) != size - ipv6Header) return std::nullopt;
    flow.version6 = true;
    flow.transport = flow.ip + ipv6Header;
    protocol = ip[ipv6NextHeader];
  } else {
    return std::nullopt;
  }
  const std::uint8_t* transport = frame.data() + flow.transport;
  const std::size_t left = frame.size() - flow.transport;
  flow.tcp = protocol == IPPROTO_TCP;
  if (flow.tcp) {
    if (left <= tcpHeader) return std::nullopt;
    const std::size_t header = std::size_t{transport[tcpOffset]} / 16 * 4;
    flow.headers = flow.transport + header;
    if (header < tcpHeader || left <= header || (transport[tcpFlags] & ~push) != acknowledges)
      return std::nullopt;
    return flow;
  }
  flow.headers = flow.transport + udpHeader;
  if (protocol != IPPROTO_UDP || left <= udpHeader || get16(transport + udpLength) != left ||
      get16(transport + udpChecksum) == 0)
    return std::nullopt;
  return flow;
}

void Joiner::begin(std::span<const std::uint8_t> frame, Layer layer) {
  first_ = frame.data();
  count_ = 1;
  header_ = {};
  payload_ = frame.size();
  parts_[1] = {const_cast<std::uint8_t*>(first_), frame.size()};
  const std::optional<Flow> flow = understand(frame, layer);
  open_ = flow && flow->headers <= headers_.size();
  if (!open_) return;
  if (flow_ != *flow) {
    flow_ = *flow;
    makeMask();
  }
  payload_ = segment_ = frame.size() - flow_.headers;
  push_ = flow_.tcp && (first_[flow_.transport + tcpFlags] & push) != 0;
  open_ = !push_;
}

// All ones where a frame that continues the first has what the first has.
void Joiner::makeMask() {
  mask_.fill(0xff);
  const auto varies = [&](std::size_t at, std::size_t bytes) { std::memset(mask_.data() + at, 0, bytes); };
  varies(flow_.ip + (flow_.version6 ? ipv6Length : ipv4Length), 2);
  if (!flow_.version6) {
    varies(flow_.ip + ipv4Id, 2);
    varies(flow_.ip + ipv4Checksum, 2);
  }
  varies(flow_.transport + (flow_.tcp ? tcpChecksum : udpChecksum), 2);
  if (flow_.tcp) {
    varies(flow_.transport + tcpSequence, 4);
    mask_[flow_.transport + tcpFlags] = static_cast<std::uint8_t>(~push);
  } else {
    varies(flow_.transport + udpLength, 2);
  }
}

bool Joiner::hasSameHeaders(const std::uint8_t* frame) const {
  std::uint64_t differences = 0;
  const auto compare = [&](std::size_t at) {
    differences |= (get64(frame + at) ^ get64(first_ + at)) & get64(mask_.data() + at);
  };
  for (std::size_t at = 0; at + 8 <= flow_.headers; at += 8) compare(at);
  compare(flow_.headers - 8);
  return differences == 0;
}

bool Joiner::continues(std::span<const std::uint8_t> frame) const {
  if (!hasSameHeaders(frame.data())) return false;
  const std::uint8_t* ip = frame.data() + flow_.ip;
  const std::size_t size = frame.size() - flow_.ip;
  if (flow_.version6) {
    if (get16(ip + ipv6Length) != size - ipv6Header) return false;
  } else {
    if (get16(ip + ipv4Length) != size) return false;
    // The numbers that splitting gives again; of what must not be fragmented they are of no use.
    const bool follows =
        get16(ip + ipv4Id) == static_cast<std::uint16_t>(get16(first_ + flow_.ip + ipv4Id) + count_);
    if (!follows && (get16(ip + ipv4Fragment) & dontFragment) == 0) return false;
  }
  const std::uint8_t* transport = frame.data() + flow_.transport;
  if (!flow_.tcp)
    return get16(transport + udpLength) == frame.size() - flow_.transport &&
           get16(transport + udpChecksum) != 0;
  const std::uint32_t first = get32(first_ + flow_.transport + tcpSequence);
  return get32(transport + tcpSequence) == first + static_cast<std::uint32_t>(payload_);
}

bool Joiner::add(std::span<const std::uint8_t> frame) {
  if (!open_ || count_ == most || frame.size() <= flow_.headers) return false;
  const std::size_t length = frame.size() - flow_.headers;
  if (length > segment_ || flow_.headers - flow_.ip + payload_ + length > mostOfIp) return false;
  if (!flow_.tcp && count_ == mostDatagrams) return false;
  if (!continues(frame)) return false;
  if (count_ == 1) parts_[2] = {const_cast<std::uint8_t*>(first_) + flow_.headers, segment_};
  count_++;
  parts_[count_ + 1] = {const_cast<std::uint8_t*>(frame.data()) + flow_.headers, length};
  payload_ += length;
  push_ = flow_.tcp && (frame[flow_.transport + tcpFlags] & push) != 0;
  open_ = length == segment_ && !push_;
  return true;
}

std::span<iovec> Joiner::finish() {
  std::uint8_t* target = headers_.data();
  parts_[0] = {&header_, sizeof header_};
  if (count_ == 1) return {parts_.data(), 2};
  parts_[1] = {target, flow_.headers};
  std::memcpy(target, first_, flow_.headers);
  std::uint8_t* ip = target + flow_.ip;
  std::uint8_t* transport = target + flow_.transport;
  const std::size_t ofTransport = flow_.headers - flow_.transport + payload_;
  if (flow_.version6) {
    put16(ip + ipv6Length, ofTransport);
  } else {
    put16(ip + ipv4Length, ipv4Header + ofTransport);
    completeIpv4(ip, ipv4Header);
  }
  if (flow_.tcp && push_) transport[tcpFlags] |= push;
  if (!flow_.tcp) put16(transport + udpLength, ofTransport);
  // The kernel adds the rest, once for each frame.
  const std::size_t field = flow_.tcp ? tcpChecksum : udpChecksum;
  const std::uint64_t length = sum32(static_cast<std::uint32_t>(ofTransport));
  putChecksum(transport + field, foldChecksum(pseudoHeader(ip, flow_.version6, flow_.tcp) + length));
  header_.flags = VirtioHeader::needsChecksum;
  header_.gsoType = !flow_.tcp       ? VirtioHeader::udpDatagrams
                    : flow_.version6 ? VirtioHeader::tcp6
                                     : VirtioHeader::tcp4;
  header_.headerLength = static_cast<std::uint16_t>(flow_.headers);
  header_.gsoSize = static_cast<std::uint16_t>(segment_);
  header_.checksumStart = static_cast<std::uint16_t>(flow_.transport);
  header_.checksumOffset = static_cast<std::uint16_t>(field);
  return {parts_.data(), count_ + 2};
}

}  // namespace virtnet
