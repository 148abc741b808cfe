#include "netlink_socket.hpp"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "system_failure.hpp"

namespace virtnet {

namespace {

// A table that changes under one dump after the other is not going to be still for the next one.
constexpr int dumpsAtMost = 32;
// The kernel answers within sendmsg() and recvmsg(): this is for a kernel that does not.
constexpr int patience = 10'000;
// Of a dump that was given up, and of what others send meanwhile.
constexpr int datagramsAtMost = 100'000;

void setOption(int fd, int level, int option, int value) {
  // Old kernels know less of them, and everything works without.
  static_cast<void>(setsockopt(fd, level, option, &value, sizeof value));
}

}  // namespace

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
    // A kernel that is older than a group has nothing of what it tells.
    if (setsockopt(fd_.get(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) < 0 &&
        errno != EINVAL)
      throw SystemFailure("setsockopt");
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

bool NetlinkSocket::collect(RequestNumbers request, Bytes& answers) {
  AnswerCollector collector(request, answers);
  Bytes arrived;
  while (!collector.complete()) {
    arrived.clear();
    if (!reader_.receive(fd_.get(), arrived)) {
      pollfd waiting = {.fd = fd_.get(), .events = POLLIN, .revents = 0};
      const int ready = poll(&waiting, 1, patience);
      if (ready == 0) throw SystemFailure("recvmsg", ETIMEDOUT);
      if (ready < 0 && errno != EINTR) throw SystemFailure("poll");
      continue;
    }
    collector.take(arrived);
  }
  return !collector.interrupted();
}

void NetlinkSocket::drain() {
  Bytes left;
  for (int i = 0; i < datagramsAtMost && reader_.receive(fd_.get(), left); i++) left.clear();
}

Answers NetlinkSocket::exchange(Bytes messages) {
  nlmsghdr first;
  std::memcpy(&first, messages.data(), sizeof first);
  Answers answers;
  for (int dumps = 1;; dumps++) {
    answers.bytes.clear();
    try {
      // The kernel begins no dump before the one that was given up has ended (EBUSY).
      if (std::exchange(gaveUp_, true)) drain();
      const RequestNumbers request = numberMessages(messages, sequence_);
      answers.first = request.first;
      send(messages);
      const bool whole = collect(request, answers.bytes);
      gaveUp_ = false;
      if (whole) return answers;
    } catch (const SystemFailure& failure) {
      if (failure.number() != ENOBUFS || !isDump(first) || dumps == dumpsAtMost) throw;
      continue;
    }
    if (dumps == dumpsAtMost) throw SystemFailure("NLM_F_DUMP", EINTR);
  }
}

}  // namespace virtnet
