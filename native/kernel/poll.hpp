// A descriptor that libuv watches on the JavaScript thread until close(), the end of the Poll, or that of the
// environment, whichever comes first. One that the Poll owns is closed then; one that is lent outlives it.
#pragma once

#include <napi.h>
#include <uv.h>

#include <functional>
#include <memory>

#include "../fd.hpp"

namespace virtnet {

class Poll {
 public:
  // What is ready, as UV_READABLE and its like; or an errno, and then nothing more comes until watch().
  // Called on the JavaScript thread, in a handle scope and a callback scope; what it throws ends there.
  using Ready = std::function<void(int events, int error)>;

  // Watches nothing yet and does not keep the process alive. Throws a SystemFailure for what libuv cannot
  // watch.
  Poll(Napi::Env env, const char* name, Fd fd, Ready ready);
  Poll(Napi::Env env, const char* name, int lent, Ready ready);
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
  Poll(Napi::Env env, const char* name, std::unique_ptr<Handle> handle);
  static void finish(Handle* handle) noexcept;

  Handle* handle_;
};

}  // namespace virtnet
