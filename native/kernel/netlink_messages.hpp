// Netlink messages as bytes (netlink(7)): where each is, the numbers that they get, and which of all that
// arrives answers them. Pure: bytes in, bytes out, so that a test or a fuzzer can drive it without a socket.
#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace virtnet {

using Bytes = std::vector<std::uint8_t>;

// Calls `visit` with each message's header and place. The bytes may be at any address.
template <class Visit>
void eachMessage(std::span<const std::uint8_t> bytes, Visit visit) {
  std::size_t at = 0;
  while (bytes.size() - at >= sizeof(nlmsghdr)) {
    nlmsghdr header;
    std::memcpy(&header, &bytes[at], sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > bytes.size() - at) return;
    visit(header, at);
    const std::size_t step = NLMSG_ALIGN(std::size_t{header.nlmsg_len});
    if (step >= bytes.size() - at) return;
    at += step;
  }
}

// Whether these are whole messages, one after the other, each aligned.
bool areMessages(std::span<const std::uint8_t> bytes) noexcept;

inline bool isDump(const nlmsghdr& header) { return (header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP; }

// The numbers that the messages of a request have, the first and the last.
struct RequestNumbers {
  std::uint32_t first;
  std::uint32_t last;
};

// Numbers messages on from `sequence`, which is the last number that was given, and makes a request of each.
// There must be one.
RequestNumbers numberMessages(Bytes& messages, std::uint32_t& sequence);

// Gathers what a request is answered with.
class AnswerCollector {
 public:
  // Appends the answers to `answers`, aligned.
  AnswerCollector(RequestNumbers request, Bytes& answers) : request_(request), answers_(answers) {}

  void take(std::span<const std::uint8_t> datagram);
  // The last message of the request has been answered.
  bool complete() const noexcept { return complete_; }
  // A dump that something changed meanwhile.
  bool interrupted() const noexcept { return interrupted_; }

 private:
  RequestNumbers request_;
  Bytes& answers_;
  bool complete_ = false;
  bool interrupted_ = false;
};

}  // namespace virtnet
