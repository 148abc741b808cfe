// For libFuzzer: any bytes are messages to be sent, and datagrams that come back. An input is one byte, from
// which numbers go on, two bytes of length and as many of messages, and datagrams, each behind two bytes of
// length.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "../../../native/kernel/netlink_messages.hpp"

namespace {

using namespace virtnet;

void demand(bool holds) {
  if (!holds) std::abort();
}

// In memory of just that size, so that the sanitizer sees who reads past it.
Bytes taken(std::span<const std::uint8_t>& from) {
  if (from.size() < 2) return {};
  const std::size_t size = std::min<std::size_t>(from[0] << 8 | from[1], from.size() - 2);
  Bytes bytes(from.begin() + 2, from.begin() + 2 + static_cast<std::ptrdiff_t>(size));
  from = from.subspan(2 + size);
  return bytes;
}

std::vector<nlmsghdr> headersOf(std::span<const std::uint8_t> bytes) {
  std::vector<nlmsghdr> headers;
  eachMessage(bytes, [&](const nlmsghdr& header, std::size_t at) {
    demand(at + header.nlmsg_len <= bytes.size() && at % NLMSG_ALIGNTO == 0);
    headers.push_back(header);
  });
  return headers;
}

// What is numbered is as it was, but for numbers and flags.
RequestNumbers number(Bytes& messages, std::uint32_t sequence) {
  const std::vector<nlmsghdr> before = headersOf(messages);
  std::uint32_t now = sequence;
  const RequestNumbers numbers = numberMessages(messages, now);
  demand(numbers.first == sequence + 1 && numbers.last == now && now - sequence == before.size());
  demand(areMessages(messages));
  const std::vector<nlmsghdr> after = headersOf(messages);
  demand(after.size() == before.size());
  for (std::size_t i = 0; i < after.size(); i++) {
    const bool acknowledged = i + 1 == after.size() && !isDump(before[i]);
    const int flags = before[i].nlmsg_flags | NLM_F_REQUEST | (acknowledged ? NLM_F_ACK : 0);
    demand(after[i].nlmsg_len == before[i].nlmsg_len && after[i].nlmsg_type == before[i].nlmsg_type);
    demand(after[i].nlmsg_flags == flags && after[i].nlmsg_seq - numbers.first == i);
  }
  return numbers;
}

// Of all that arrives, the messages with the numbers of the request are what there is, in their order.
void collect(RequestNumbers numbers, std::span<const std::uint8_t> rest) {
  const std::uint32_t count = numbers.last - numbers.first + 1;
  std::vector<nlmsghdr> expected;
  bool interrupted = false;
  bool complete = false;
  Bytes answers;
  AnswerCollector collector(numbers, answers);
  while (!rest.empty() && !collector.complete()) {
    if (rest.size() < 2) break;
    const Bytes datagram = taken(rest);
    collector.take(datagram);
    for (const nlmsghdr& header : headersOf(datagram)) {
      if (header.nlmsg_seq - numbers.first >= count) continue;
      expected.push_back(header);
      interrupted |= (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
      complete |= header.nlmsg_seq == numbers.last &&
                  (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE);
    }
    demand(collector.complete() == complete && collector.interrupted() == interrupted);
  }
  demand(answers.empty() || areMessages(answers));
  const auto same = [](const nlmsghdr& one, const nlmsghdr& other) {
    return std::memcmp(&one, &other, sizeof one) == 0;
  };
  demand(std::ranges::equal(headersOf(answers), expected, same));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // Around zero, where numbers begin anew.
  const auto sequence = static_cast<std::uint32_t>(static_cast<std::int8_t>(data[0]));
  std::span<const std::uint8_t> rest(data + 1, size - 1);
  Bytes messages = taken(rest);
  std::size_t covered = 0;
  for (const nlmsghdr& header : headersOf(messages)) covered += NLMSG_ALIGN(std::size_t{header.nlmsg_len});
  const bool whole = covered > 0 && covered == messages.size();
  demand(areMessages(messages) == whole);
  if (!whole) return 0;
  collect(number(messages, sequence), rest);
  return 0;
}
