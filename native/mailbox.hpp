// The way from any thread to one JavaScript thread. Letters are plain C++ data until they are
// delivered, so that one that is never delivered can be destroyed on any thread.
#pragma once

#include <napi.h>

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
  static std::shared_ptr<Mailbox> open(Environment& environment);
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // From any thread. Takes the letter, or leaves it with the caller when nobody is left to read it.
  bool post(std::unique_ptr<Letter>& letter);

  // On the JavaScript thread: what keeps the process alive while somebody waits for a letter.
  void hold();
  void letGo();

  // On the JavaScript thread, once, as the environment ends. Returns what was not delivered.
  std::vector<std::unique_ptr<Letter>> close();

 private:
  explicit Mailbox(Environment& environment) : environment_(environment) {}
  static void wake(napi_env env, napi_value, void* context, void*);
  void deliverAll(Napi::Env env);

  Environment& environment_;  // used on its own thread only, and not after close()
  napi_threadsafe_function bell_ = nullptr;
  int holders_ = 0;

  std::mutex mutex_;  // guards what follows; bell_ is rung under it, so never after close()
  std::vector<std::unique_ptr<Letter>> letters_;
  bool open_ = true;
};

}  // namespace virtnet
