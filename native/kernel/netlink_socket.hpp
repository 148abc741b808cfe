// A netlink socket (netlink(7)): whole messages go in and come out. What they mean is lib/host/netlink's
// matter; this side numbers them, and knows when all that belongs to a request has come.
#pragma once

#include <cstdint>
#include <span>

#include "../fd.hpp"
#include "namespaces.hpp"
#include "netlink_messages.hpp"

namespace virtnet {

class DatagramReader {
 public:
  // Appends the next datagram, without waiting. False when there is none; throws ENOBUFS when some were
  // dropped because nobody read them.
  bool receive(int fd, Bytes& out);

 private:
  // The kernel fills at most 32 KiB of a dump at once (netlink_dump of net/netlink/af_netlink.c); single
  // messages are smaller, even of devices with hundreds of virtual functions.
  Bytes buffer_ = Bytes(std::size_t{128} * 1024);
};

// What messages are answered with, and the number that the first of them got; the others follow it.
struct Answers {
  std::uint32_t first = 0;
  Bytes bytes;
};

class NetlinkSocket {
 public:
  // How many bytes the kernel keeps for a reader that is slow. More than the limit of the system
  // (net.core.rmem_max) only with CAP_NET_ADMIN.
  NetlinkSocket(const NamespacePath& network, int protocol, int receiveBuffer);

  // Everything that messages of these groups tell, from now on.
  void join(std::span<const unsigned> groups);

  // Sends all messages in one call, and waits for the end of what the last one is answered with: the kernel
  // works on them one after the other, and answers errors in any case. A dump stands alone; one that was
  // interrupted by a change, or overflowed, is asked again. Blocks for as long as the kernel works on them.
  Answers exchange(Bytes messages);

  Fd takeFd() { return std::move(fd_); }

 private:
  void send(const Bytes& messages);
  // False when a dump has to be asked again.
  bool collect(RequestNumbers request, Bytes& answers);
  // Reads what is there, for nobody.
  void drain();

  Fd fd_;
  DatagramReader reader_;
  std::uint32_t sequence_ = 0;
  bool gaveUp_ = false;  // a request before the end of its answers
};

}  // namespace virtnet
