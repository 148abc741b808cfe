// libvirt's event loop: one for the whole process, on a thread of its own, because libvirt takes only
// one registration in a process and has no way back from it.
//
// It is ours and on epoll. libvirt switches the watch of its socket off and on around every call; its
// default loop, on poll(), has to be woken up for that each time, which makes a call half as slow again.
// Here switching on takes effect a moment later, so that between two calls nothing happens at all.
#pragma once

#include <libvirt/libvirt.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "fd.hpp"

namespace virtnet {

class EventLoop {
 public:
  // On the thread that opens a connection, while it does. Starts the loop, without which a connection
  // has neither events nor keepalive, and learns which socket is the connection's.
  class Opening {
   public:
    explicit Opening(std::uint64_t connection);
    Opening(const Opening&) = delete;
    Opening& operator=(const Opening&) = delete;
    ~Opening();
  };

  // Shuts down the socket of a connection, also of one that is being opened: calls that wait for an
  // answer fail. libvirt itself has no way to stop a call. From any thread; so is the next.
  static void cut(std::uint64_t connection);
  static void cutIn(std::chrono::milliseconds delay, std::uint64_t connection);

  // Waits until what libvirt has removed by now is freed, the socket of a connection among it; not for ever,
  // for a callback may hang. On any thread but the loop's.
  static void awaitFreed();

 private:
  using Clock = std::chrono::steady_clock;

  struct Watch {
    int fd;
    int events;  // virEventHandleType
    virEventHandleCallback callback;
    void* opaque;
    virFreeCallback free;
    std::uint64_t connection;  // whose socket it is; 0 when it is no connection's
  };
  struct Timer {
    int interval;  // milliseconds; below 0 when it is off
    Clock::time_point due;
    virEventTimeoutCallback callback;
    void* opaque;
    virFreeCallback free;
  };
  // What epoll knows of a descriptor. The generation tells an event from one of an earlier socket that
  // had the same number.
  struct Polled {
    int events;
    std::uint32_t generation;
  };
  // What is to be freed once no callback can be using it: on the loop's thread, between callbacks.
  struct Garbage {
    virFreeCallback free;
    void* opaque;
  };

  EventLoop();
  static void start();
  static void registerWithLibvirt();
  [[noreturn]] void run();
  int timeout();
  void fireWatches(std::uint64_t key, int events);
  void fireTimers();
  void discard(virFreeCallback free, void* opaque);
  void collect();
  void wake() const;
  void wakeFor(const Timer& timer) const;
  void cutNow(std::uint64_t connection);
  // What the watches of a descriptor wait for.
  int wanted(int fd) const;
  // Tells epoll. False when the descriptor cannot be waited for.
  bool poll(int fd);
  // The same once the descriptor has rested, when it was switched on.
  bool pollLater(int fd);
  void pollRested();

  int addWatch(int fd, int events, virEventHandleCallback callback, void* opaque, virFreeCallback free);
  int updateWatch(int id, int events);
  int removeWatch(int id);
  int addTimer(int interval, virEventTimeoutCallback callback, void* opaque, virFreeCallback free);
  int updateTimer(int id, int interval);
  int removeTimer(int id);

  // Set once: the loop lives as long as the process, because libvirt cannot be told that it ends.
  static std::atomic<EventLoop*> instance_;

  const Fd epoll_;
  const Fd wakeup_;

  std::mutex mutex_;  // guards what follows; never held while a callback runs
  int lastId_ = 0;
  std::map<int, Watch> watches_;
  std::map<int, Timer> timers_;
  std::uint32_t lastGeneration_ = 0;
  std::map<int, Polled> polled_;              // by descriptor
  std::map<int, Clock::time_point> resting_;  // descriptors switched on and not polled yet, and since when
  Clock::time_point lastRest_;
  bool ticking_ = false;  // the loop's thread looks at resting_ every millisecond, without being woken
  Clock::time_point wakes_ = Clock::time_point::max();  // when the loop's thread wakes by itself
  std::vector<Garbage> garbage_;
  std::uint64_t lastGarbage_ = 0;  // how many there have been
  std::uint64_t freed_ = 0;        // of those
  std::condition_variable freedMore_;
  std::map<std::uint64_t, bool> opening_;  // connections, and whether they were cut before they had a socket
};

}  // namespace virtnet
