#include "netlink_socket.hpp"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "system_failure.hpp"

namespace virtnet {

namespace {

// A table that changes under one dump after the other is not going to be still for the next one.
constexpr int dumpsAtMost = 32;
// The kernel answers within sendmsg() and recvmsg(): this is for a kernel that does not.
constexpr int patience = 10'000;

void setOption(int fd, int level, int option, int value) {
  // Old kernels know less of them, and everything works without.
  static_cast<void>(setsockopt(fd, level, option, &value, sizeof value));
}

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

bool isDump(const nlmsghdr& header) { return (header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP; }

}  // namespace

bool areMessages(std::span<const std::uint8_t> bytes) noexcept {
  std::size_t end = 0;
  eachMessage(bytes,
              [&](const nlmsghdr& header, std::size_t at) { end = at + NLMSG_ALIGN(header.nlmsg_len); });
  return end > 0 && end == bytes.size();
}

NetlinkSocket::NetlinkSocket(const NamespacePath& network, int protocol, int receiveBuffer) {
  inNamespace(network, [&] {
    fd_ = Fd(checked(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol), "socket"));
  });
  const int fd = fd_.get();
  setOption(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
  setOption(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
  setOption(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
  setOption(fd, SOL_SOCKET, SO_RCVBUF, receiveBuffer);
  setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, receiveBuffer);
  sockaddr_nl own = {};
  own.nl_family = AF_NETLINK;
  checked(bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own), "bind");
}

void NetlinkSocket::join(std::span<const unsigned> groups) {
  for (const unsigned group : groups)
    checked(setsockopt(fd_.get(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group), "setsockopt");
}

NetlinkSocket::Request NetlinkSocket::number(Bytes& messages) {
  const std::uint32_t first = sequence_ + 1;
  std::size_t last = 0;
  eachMessage(messages, [&](nlmsghdr header, std::size_t at) {
    header.nlmsg_seq = ++sequence_;
    header.nlmsg_flags |= NLM_F_REQUEST;
    std::memcpy(&messages[at], &header, sizeof header);
    last = at;
  });
  nlmsghdr header;
  std::memcpy(&header, &messages[last], sizeof header);
  // Without it the end of the answers would not be known.
  if (!isDump(header)) header.nlmsg_flags |= NLM_F_ACK;
  std::memcpy(&messages[last], &header, sizeof header);
  return {.first = first, .last = sequence_};
}

void NetlinkSocket::send(const Bytes& messages) {
  sockaddr_nl kernel = {};
  kernel.nl_family = AF_NETLINK;
  // The kernel takes the whole datagram or none of it.
  while (sendto(fd_.get(), messages.data(), messages.size(), 0, reinterpret_cast<const sockaddr*>(&kernel),
                sizeof kernel) < 0)
    if (errno != EINTR) throw SystemFailure("sendmsg");
}

bool DatagramReader::receive(int fd, Bytes& out) {
  sockaddr_nl sender = {};
  iovec part = {.iov_base = buffer_.data(), .iov_len = buffer_.size()};
  msghdr header = {};
  header.msg_name = &sender;
  header.msg_namelen = sizeof sender;
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  const ssize_t length = recvmsg(fd, &header, 0);
  if (length < 0) {
    if (errno == EAGAIN) return false;
    if (errno == EINTR) return true;
    throw SystemFailure("recvmsg");
  }
  if ((header.msg_flags & MSG_TRUNC) != 0) throw SystemFailure("recvmsg", EMSGSIZE);
  // Other processes may write to it: only the kernel is believed.
  if (sender.nl_pid != 0) return true;
  out.insert(out.end(), buffer_.begin(), buffer_.begin() + length);
  out.resize(NLMSG_ALIGN(out.size()));
  return true;
}

bool NetlinkSocket::collect(Request request, Bytes& answers) {
  bool complete = false;
  bool interrupted = false;
  Bytes arrived;
  while (!complete) {
    arrived.clear();
    if (!reader_.receive(fd_.get(), arrived)) {
      pollfd waiting = {.fd = fd_.get(), .events = POLLIN, .revents = 0};
      const int ready = poll(&waiting, 1, patience);
      if (ready == 0) throw SystemFailure("recvmsg", ETIMEDOUT);
      if (ready < 0 && errno != EINTR) throw SystemFailure("poll");
      continue;
    }
    eachMessage(arrived, [&](const nlmsghdr& header, std::size_t at) {
      // What is left of a request that was given up.
      if (header.nlmsg_seq < request.first || header.nlmsg_seq > request.last) return;
      if ((header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) interrupted = true;
      const auto start = arrived.begin() + static_cast<std::ptrdiff_t>(at);
      answers.insert(answers.end(), start, start + static_cast<std::ptrdiff_t>(header.nlmsg_len));
      answers.resize(NLMSG_ALIGN(answers.size()));
      const bool ends = header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE;
      if (ends && header.nlmsg_seq == request.last) complete = true;
    });
  }
  return !interrupted;
}

Answers NetlinkSocket::exchange(Bytes messages) {
  nlmsghdr first;
  std::memcpy(&first, messages.data(), sizeof first);
  Answers answers;
  for (int dumps = 1;; dumps++) {
    answers.bytes.clear();
    const Request request = number(messages);
    answers.first = request.first;
    send(messages);
    try {
      if (collect(request, answers.bytes)) return answers;
    } catch (const SystemFailure& failure) {
      if (failure.number() != ENOBUFS || !isDump(first) || dumps == dumpsAtMost) throw;
      continue;
    }
    if (dumps == dumpsAtMost) throw SystemFailure("NLM_F_DUMP", EINTR);
  }
}

}  // namespace virtnet
