#include "tuntap.hpp"

#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "system_failure.hpp"

namespace virtnet {

namespace {

constexpr const char* requested = "RTM_GETSTATS";

ifreq named(const std::string& name) {
  ifreq request{};
  name.copy(request.ifr_name, sizeof request.ifr_name - 1);
  return request;
}

ifreq current(int queue) {
  ifreq request{};
  checked(ioctl(queue, TUNGETIFF, &request), "TUNGETIFF");
  return request;
}

// Asks by name on a socket of the device's namespace.
ifreq ask(int queue, int socket, unsigned long what, const char* call) {
  ifreq request = current(queue);
  checked(ioctl(socket, what, &request), call);
  return request;
}

void tell(int socket, ifreq request, unsigned long what, const char* call) {
  checked(ioctl(socket, what, &request), call);
}

// Whether a virtio-net header stands before each frame is the same for all queues. The kernel says nothing
// when one that comes to others wants it otherwise. (Of packet information this call does not tell: its flag
// is that of a queue without a filter.)
void checkHeader(int queue, unsigned wanted) {
  const auto has = static_cast<unsigned short>(current(queue).ifr_flags);
  if (((has ^ wanted) & IFF_VNET_HDR) == 0) return;
  const bool header = (has & IFF_VNET_HDR) != 0;
  throw SystemFailure("TUNSETIFF", EINVAL,
                      header ? "its other queues have an offload" : "its other queues have no offload");
}

Fd openQueue(const TunRequest& request, std::string& name, bool first) {
  Fd queue(checked(open("/dev/net/tun", O_RDWR | O_CLOEXEC), "open /dev/net/tun"));
  ifreq wanted = named(name);
  unsigned flags = request.layer == Layer::Ethernet ? IFF_TAP : IFF_TUN;
  if (!request.packetInformation) flags |= IFF_NO_PI;
  if (request.virtioHeader) flags |= IFF_VNET_HDR;
  if (request.multiQueue) flags |= IFF_MULTI_QUEUE;
  if (request.napi) flags |= IFF_NAPI;
  if (first && request.existing == TunRequest::Existing::Refused) flags |= IFF_TUN_EXCL;
  wanted.ifr_flags = static_cast<short>(flags);
  checked(ioctl(queue.get(), TUNSETIFF, &wanted), "TUNSETIFF");
  name = wanted.ifr_name;
  checkHeader(queue.get(), flags);
  checked(fcntl(queue.get(), F_SETFL, O_NONBLOCK), "F_SETFL");
  return queue;
}

// Linux before 6.2 splits no UDP for us, and refuses all of what is asked then.
std::uint32_t setOffloads(int queue, std::uint32_t offloads) {
  constexpr std::uint32_t ofUdp = 0x20 | 0x40;  // TUN_F_USO4 and 6, which older headers lack
  if (ioctl(queue, TUNSETOFFLOAD, static_cast<unsigned long>(offloads)) == 0) return offloads;
  if (errno != EINVAL) throw SystemFailure("TUNSETOFFLOAD");
  const std::uint32_t rest = offloads & ~ofUdp;
  checked(ioctl(queue, TUNSETOFFLOAD, static_cast<unsigned long>(rest)), "TUNSETOFFLOAD");
  return rest;
}

TunDevice openHere(const TunRequest& request) {
  TunDevice device;
  device.name = request.name;
  device.socket = DeviceSocket::open();
  if (request.existing == TunRequest::Existing::Required) {
    ifreq wanted = named(request.name);
    const Fd any(checked(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
    checked(ioctl(any.get(), SIOCGIFINDEX, &wanted), "SIOCGIFINDEX");
  }
  for (std::uint32_t i = 0; i < request.queues; i++)
    device.queues.push_back(openQueue(request, device.name, i == 0));
  const int queue = device.queues.front().get();
  if (request.virtioHeader) {
    int length = 0;
    checked(ioctl(queue, TUNGETVNETHDRSZ, &length), "TUNGETVNETHDRSZ");
    device.headerLength = static_cast<std::uint32_t>(length);
    device.offloads = setOffloads(queue, request.offloads);
  }
  const auto number = [](std::uint32_t value) { return static_cast<unsigned long>(value); };
  if (request.sendBuffer) {
    const int bytes = static_cast<int>(*request.sendBuffer);
    for (const Fd& each : device.queues) checked(ioctl(each.get(), TUNSETSNDBUF, &bytes), "TUNSETSNDBUF");
  }
  if (request.owner) checked(ioctl(queue, TUNSETOWNER, number(*request.owner)), "TUNSETOWNER");
  if (request.group) checked(ioctl(queue, TUNSETGROUP, number(*request.group)), "TUNSETGROUP");
  if (request.persist) checked(ioctl(queue, TUNSETPERSIST, 1UL), "TUNSETPERSIST");
  return device;
}

void setLinkFlag(int queue, int socket, short flag, bool on) {
  ifreq request = ask(queue, socket, SIOCGIFFLAGS, "SIOCGIFFLAGS");
  request.ifr_flags = static_cast<short>(on ? request.ifr_flags | flag : request.ifr_flags & ~flag);
  tell(socket, request, SIOCSIFFLAGS, "SIOCSIFFLAGS");
}

std::uint64_t linkFlag(int queue, int socket, int flag) {
  return (ask(queue, socket, SIOCGIFFLAGS, "SIOCGIFFLAGS").ifr_flags & flag) != 0 ? 1 : 0;
}

// What the device has not handed to whoever reads it: the kernel answers while it takes the question.
std::uint64_t dropped(int queue, int socket) {
  struct {
    nlmsghdr header;
    if_stats_msg wanted;
  } question{};
  static std::atomic<std::uint32_t> last = 0;
  const std::uint32_t number = ++last;
  question.header = {.nlmsg_len = sizeof question,
                     .nlmsg_type = RTM_GETSTATS,
                     .nlmsg_flags = NLM_F_REQUEST,
                     .nlmsg_seq = number,
                     .nlmsg_pid = 0};
  question.wanted.ifindex = tunIndex(queue, socket);
  question.wanted.filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64);
  checked(send(socket, &question, sizeof question, 0), requested);
  alignas(nlmsghdr) std::array<std::byte, 1024> answer{};
  std::size_t length = 0;
  nlmsghdr header{};
  // An answer that an earlier question did not take may stand before.
  do {
    length = static_cast<std::size_t>(
        checked(recv(socket, answer.data(), answer.size(), MSG_DONTWAIT), requested));
    std::memcpy(&header, answer.data(), sizeof header);
  } while (header.nlmsg_seq != number);
  if (header.nlmsg_type == NLMSG_ERROR) {
    nlmsgerr refusal{};
    std::memcpy(&refusal, answer.data() + NLMSG_HDRLEN, sizeof refusal);
    throw SystemFailure(requested, -refusal.error);
  }
  // Where numbers of 64 bits have to be aligned, an empty attribute stands before them.
  std::size_t at = NLMSG_SPACE(sizeof(if_stats_msg));
  rtattr attribute{};
  while (at + sizeof attribute <= length) {
    std::memcpy(&attribute, answer.data() + at, sizeof attribute);
    std::uint64_t count = 0;
    const std::size_t place = at + RTA_LENGTH(offsetof(rtnl_link_stats64, tx_dropped));
    if (attribute.rta_type == IFLA_STATS_LINK_64 && place + sizeof count <= length) {
      std::memcpy(&count, answer.data() + place, sizeof count);
      return count;
    }
    at += RTA_ALIGN(std::max<std::size_t>(attribute.rta_len, sizeof attribute));
  }
  throw SystemFailure(requested, EBADMSG);
}

}  // namespace

TunDevice openTun(const TunRequest& request) {
  TunDevice device;
  inNamespace(request.netns, [&] { device = openHere(request); });
  return device;
}

std::uint32_t tunIndex(int queue, int socket) {
  return static_cast<std::uint32_t>(ask(queue, socket, SIOCGIFINDEX, "SIOCGIFINDEX").ifr_ifindex);
}

const std::vector<TunProperty> tunProperties = {
    {"index", [](int queue, int socket) { return std::uint64_t{tunIndex(queue, socket)}; }, nullptr},
    {"dropped", dropped, nullptr},
    {"mtu",
     [](int queue, int socket) {
       return static_cast<std::uint64_t>(ask(queue, socket, SIOCGIFMTU, "SIOCGIFMTU").ifr_mtu);
     },
     [](int queue, int socket, std::uint32_t value) {
       ifreq request = current(queue);
       request.ifr_mtu = static_cast<int>(value);
       tell(socket, request, SIOCSIFMTU, "SIOCSIFMTU");
     }},
    {"txQueueLength",
     [](int queue, int socket) {
       return static_cast<std::uint64_t>(ask(queue, socket, SIOCGIFTXQLEN, "SIOCGIFTXQLEN").ifr_qlen);
     },
     [](int queue, int socket, std::uint32_t value) {
       ifreq request = current(queue);
       request.ifr_qlen = static_cast<int>(value);
       tell(socket, request, SIOCSIFTXQLEN, "SIOCSIFTXQLEN");
     }},
    {"up", [](int queue, int socket) { return linkFlag(queue, socket, IFF_UP); },
     [](int queue, int socket, std::uint32_t value) { setLinkFlag(queue, socket, IFF_UP, value != 0); }},
    {"carrier", [](int queue, int socket) { return linkFlag(queue, socket, IFF_RUNNING); },
     [](int queue, int, std::uint32_t value) {
       checked(ioctl(queue, TUNSETCARRIER, &value), "TUNSETCARRIER");
     }},
    {"persist", [](int queue, int) { return std::uint64_t{(current(queue).ifr_flags & IFF_PERSIST) != 0}; },
     [](int queue, int, std::uint32_t value) {
       checked(ioctl(queue, TUNSETPERSIST, static_cast<unsigned long>(value)), "TUNSETPERSIST");
     }},
    {"sendBuffer",
     [](int queue, int) {
       int bytes = 0;
       checked(ioctl(queue, TUNGETSNDBUF, &bytes), "TUNGETSNDBUF");
       return static_cast<std::uint64_t>(bytes);
     },
     [](int queue, int, std::uint32_t value) {
       checked(ioctl(queue, TUNSETSNDBUF, &value), "TUNSETSNDBUF");
     }},
};

void tunMac(int queue, std::uint8_t* mac) {
  ifreq request{};
  checked(ioctl(queue, SIOCGIFHWADDR, &request), "SIOCGIFHWADDR");
  std::memcpy(mac, request.ifr_hwaddr.sa_data, 6);
}

void setTunMac(int queue, const std::uint8_t* mac) {
  ifreq request{};
  request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
  std::memcpy(request.ifr_hwaddr.sa_data, mac, 6);
  checked(ioctl(queue, SIOCSIFHWADDR, &request), "SIOCSIFHWADDR");
}

std::string tunName(int queue) { return current(queue).ifr_name; }

}  // namespace virtnet
