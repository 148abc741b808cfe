// The way from any thread to one JavaScript thread. Letters are plain C++ data until they are
// delivered, so that one that is never delivered can be destroyed on any thread.
//
// On libuv's async handle and not on Node-API's thread-safe function: that one takes a lock of its own
// around every wake-up, which cost a third of the calls per second when many threads answered at once.
#pragma once

#include <napi.h>
#include <uv.h>

#include <memory>
#include <mutex>
#include <vector>

namespace virtnet {

class Environment;

struct Letter {
  Letter() = default;
  Letter(const Letter&) = delete;
  Letter& operator=(const Letter&) = delete;
  virtual ~Letter() = default;
  // On the JavaScript thread, in a handle scope.
  virtual void deliver(Environment& environment) = 0;
};

class Mailbox {
 public:
  explicit Mailbox(Environment& environment);
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // From any thread. Takes the letter, or leaves it with the caller when nobody is left to read it.
  bool post(std::unique_ptr<Letter>& letter);

  // On the JavaScript thread: what keeps the process alive while somebody waits for a letter.
  void hold();
  void letGo();

  // On the JavaScript thread, once, as the environment ends. Returns what was not delivered.
  // `closed` is called when the event loop has let go of the mailbox, too.
  std::vector<std::unique_ptr<Letter>> close(void (*closed)(void*), void* argument);

 private:
  // libuv's handle: freed by libuv's own close callback, which may come after the mailbox has gone.
  struct Bell {
    uv_async_t async;
    void (*closed)(void*);
    void* argument;
  };
  void deliverAll();
  void deliver(Letter& letter);

  Environment& environment_;  // used on its own thread only, and not after close()
  napi_async_context context_ = nullptr;
  Bell* bell_;
  int holders_ = 0;

  std::mutex mutex_;  // guards what follows; the bell is rung under it, so never after close()
  std::vector<std::unique_ptr<Letter>> letters_;
  bool open_ = true;
};

}  // namespace virtnet
