#include "netlink_messages.hpp"

namespace virtnet {

bool areMessages(std::span<const std::uint8_t> bytes) noexcept {
  std::size_t end = 0;
  eachMessage(bytes,
              [&](const nlmsghdr& header, std::size_t at) { end = at + NLMSG_ALIGN(header.nlmsg_len); });
  return end > 0 && end == bytes.size();
}

RequestNumbers numberMessages(Bytes& messages, std::uint32_t& sequence) {
  const std::uint32_t first = sequence + 1;
  std::size_t last = 0;
  eachMessage(messages, [&](nlmsghdr header, std::size_t at) {
    header.nlmsg_seq = ++sequence;
    header.nlmsg_flags |= NLM_F_REQUEST;
    std::memcpy(&messages[at], &header, sizeof header);
    last = at;
  });
  nlmsghdr header;
  std::memcpy(&header, &messages[last], sizeof header);
  // Without it the end of the answers would not be known.
  if (!isDump(header)) header.nlmsg_flags |= NLM_F_ACK;
  std::memcpy(&messages[last], &header, sizeof header);
  return {.first = first, .last = sequence};
}

void AnswerCollector::take(std::span<const std::uint8_t> datagram) {
  eachMessage(datagram, [&](const nlmsghdr& header, std::size_t at) {
    // What is left of a request that was given up. After 2^32 - 1 comes 0.
    if (header.nlmsg_seq - request_.first > request_.last - request_.first) return;
    if ((header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) interrupted_ = true;
    const auto message = datagram.subspan(at, header.nlmsg_len);
    answers_.insert(answers_.end(), message.begin(), message.end());
    answers_.resize(NLMSG_ALIGN(answers_.size()));
    const bool ends = header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE;
    if (ends && header.nlmsg_seq == request_.last) complete_ = true;
  });
}

}  // namespace virtnet
