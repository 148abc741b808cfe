#include "device_socket.hpp"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "namespaces.hpp"
#include "system_failure.hpp"

namespace virtnet {

namespace {

constexpr unsigned long getNamespace = _IO('T', 227);  // TUNGETDEVNETNS, which older headers lack

Fd openHere() { return Fd(checked(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket")); }

}  // namespace

DeviceSocket DeviceSocket::open() {
  const Fd here(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  DeviceSocket opened;
  opened.socket_ = openHere();
  opened.place_ = placeOf(here);
  return opened;
}

std::optional<DeviceSocket::Place> DeviceSocket::placeOf(const Fd& file) {
  struct stat found{};
  if (!file.valid() || fstat(file.get(), &found) != 0) return std::nullopt;
  return Place{found.st_dev, found.st_ino};
}

int DeviceSocket::of(int queue) {
  // Without CAP_NET_ADMIN there, and before Linux 5.2, the kernel does not tell.
  const Fd there(ioctl(queue, getNamespace));
  const auto place = placeOf(there);
  if (place && place_ && place != place_) {
    inNamespace(there, [this] { socket_ = openHere(); });
    place_ = place;
  }
  return socket_.get();
}

}  // namespace virtnet
