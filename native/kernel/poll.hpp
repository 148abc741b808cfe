// A descriptor that libuv watches on the JavaScript thread, and its owner: it is closed by close(), with the
// Poll, or as the environment ends, whichever comes first.
#pragma once

#include <napi.h>
#include <uv.h>

#include <functional>

#include "../fd.hpp"

namespace virtnet {

class Poll {
 public:
  // What is ready, as UV_READABLE and its like; or an errno, and then nothing more comes. Called on the
  // JavaScript thread, in a handle scope and a callback scope; what it throws ends there.
  using Ready = std::function<void(int events, int error)>;

  // Watches nothing yet and does not keep the process alive. Throws a SystemFailure for what libuv cannot
  // watch.
  Poll(Napi::Env env, const char* name, Fd fd, Ready ready);
  Poll(const Poll&) = delete;
  Poll& operator=(const Poll&) = delete;
  ~Poll() { close(); }

  // All on the JavaScript thread.

  // -1 when it is closed.
  int fd() const noexcept;
  bool closed() const noexcept { return handle_ == nullptr; }
  // UV_READABLE, UV_WRITABLE, UV_DISCONNECT or together; 0 watches nothing.
  void watch(int events);
  // Whether it keeps the process alive while it watches.
  void hold() noexcept;
  void letGo() noexcept;
  void close() noexcept;

 private:
  struct Handle;
  static void finish(Handle* handle) noexcept;

  Handle* handle_;
};

}  // namespace virtnet
