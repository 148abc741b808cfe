// What one connection owns on this side of libvirt: its threads, the references given out, the calls
// under way and the event subscriptions. It exists before the connection is open (opening is a call,
// too) and until the last reference of the connection is gone.
#pragma once

#include <napi.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "event_loop.hpp"
#include "executor.hpp"
#include "failure.hpp"
#include "mailbox.hpp"

namespace virtnet {

class Call;

// One counted reference to a libvirt object, whatever its type.
struct Reference {
  void* pointer = nullptr;
  void (*release)(void*) = nullptr;
};

// Takes an event subscription back from libvirt: 0, or -1 with libvirt's error. It may block.
using Deregister = std::function<int()>;

class Session : public std::enable_shared_from_this<Session> {
 public:
  // What a JavaScript handle points to. Empty once the connection is closed.
  struct Holder {
    Reference reference;
    std::shared_ptr<Session> session;
    Holder* previous = nullptr;
    Holder* next = nullptr;
  };

  explicit Session(std::shared_ptr<Mailbox> mailbox);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // On any thread.

  bool closed() const noexcept { return ended_.load(std::memory_order_acquire) != open; }
  // What a call of this function is told once the session is closed.
  Failure ended(const char* function) const {
    return Failure::ended(function, ended_.load(std::memory_order_acquire));
  }
  // Releases a reference on a thread of the executor: the last one of a connection closes it, which
  // may block.
  void discard(Reference reference);
  // Sends to the JavaScript thread.
  void send(std::unique_ptr<Letter> letter) { mailbox_->post(letter); }
  // libvirt has taken a subscription. False when the session was closed meanwhile: then it is the
  // caller's to take back.
  bool confirm(std::uint32_t subscription, Deregister deregister);

  // On the JavaScript thread.

  // Queues a call and returns its promise, which keeps the process alive until it is settled.
  Napi::Promise submit(Napi::Env env, std::unique_ptr<Call> call);
  // Forgets a call that has run. Nothing to settle when the connection was closed meanwhile.
  bool settle(std::uint64_t call, napi_deferred& deferred);

  Holder* hold(Reference reference);
  void letGo(Holder* holder);

  // The listener is kept, and the process alive, until the subscription is dropped.
  std::uint32_t subscribe(Napi::Function listener);
  // Drops one; how to take it back from libvirt is empty when there is nothing to take back.
  Deregister unsubscribe(std::uint32_t subscription);
  // Empty when it was dropped while the event was on its way.
  Napi::Function listener(std::uint32_t subscription) const;

  // What else must happen, at once, when the session is closed or abandoned.
  void whenClosing(std::function<void()> action) { whenClosing_ = std::move(action); }

  // Rejects what is under way, and what is still asked, with this reason (of virConnectCloseReason);
  // empties all handles, and releases everything on a thread of the executor. The promise resolves when that
  // is done and the connection has ended; when its peer does not answer it is cut off after a moment. It does
  // not keep the process alive: what libvirt does without a socket cannot be cut off, and whoever waits for
  // it is to set a limit.
  Napi::Promise close(Napi::Env env, int reason);
  // The same as the environment ends, when there is no JavaScript any more.
  void abandon();
  bool idleBy(std::chrono::steady_clock::time_point deadline) { return executor_.idleBy(deadline); }
  // Calls that wait for the peer fail at once.
  void cutOff() { EventLoop::cut(id_); }

  // To the event loop, whose the socket of this connection is.
  std::uint64_t id() const noexcept { return id_; }

 private:
  struct Pending {
    napi_deferred deferred;
    const char* function;
    bool holds;  // the process
  };
  class Sweep;
  class End;
  class Release;

  Napi::Promise submit(Napi::Env env, std::unique_ptr<Call> call, bool holds);
  std::unique_ptr<Release> takeEverything(int reason);
  std::vector<Reference> takeDiscarded();

  const std::uint64_t id_;
  std::shared_ptr<Mailbox> mailbox_;
  static constexpr int open = -1;
  std::atomic<int> ended_ = open;  // or one of virConnectCloseReason

  std::uint64_t lastCall_ = 0;
  std::unordered_map<std::uint64_t, Pending> pending_;
  std::uint32_t lastSubscription_ = 0;
  std::unordered_map<std::uint32_t, Napi::FunctionReference> listeners_;
  Holder* holders_ = nullptr;
  std::function<void()> whenClosing_;

  std::mutex mutex_;  // guards the next two
  std::unordered_map<std::uint32_t, Deregister> registrations_;
  std::vector<Reference> discarded_;

  Executor executor_;  // last: its threads are told to leave first
};

}  // namespace virtnet
