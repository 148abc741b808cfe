// The descriptor of a queue of a TUN/TAP device. The kernel removes a device when its last one is closed,
// which takes some 20 ms of waiting; devices that are closed at the same time wait together.
#pragma once

#include "../fd.hpp"

namespace virtnet {

class DeviceFd {
 public:
  DeviceFd() = default;
  explicit DeviceFd(Fd fd);
  DeviceFd(DeviceFd&&) noexcept = default;
  DeviceFd& operator=(DeviceFd&& other) noexcept {
    reset();
    fd_ = std::move(other.fd_);
    return *this;
  }
  DeviceFd(const DeviceFd&) = delete;
  DeviceFd& operator=(const DeviceFd&) = delete;
  ~DeviceFd() { reset(); }

  int get() const noexcept { return fd_.get(); }
  bool valid() const noexcept { return fd_.valid(); }
  // Waits for the kernel.
  void reset() noexcept;
  // Does not wait. What a process that ends has still open is closed in the same way: the kernel by itself
  // would close one after the other.
  void closeAway() noexcept;

 private:
  Fd fd_;
};

}  // namespace virtnet
