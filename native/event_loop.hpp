// libvirt's event loop: one for the whole process, on a thread of its own, because libvirt takes only
// one registration in a process and has no way back from it.
//
// It is ours and on epoll. libvirt switches the watch of its socket off and on around every call; its
// default loop, on poll(), has to be woken up for that each time, which makes a call half as slow again.
#pragma once

#include <libvirt/libvirt.h>

#include <chrono>
#include <map>
#include <mutex>
#include <vector>

namespace virtnet {

class EventLoop {
 public:
  // Must have happened before the first connection is opened: connections opened without an event
  // loop have neither events nor keepalive. From any thread, any number of times.
  static void start();

 private:
  using Clock = std::chrono::steady_clock;

  struct Watch {
    int fd;
    int events;  // virEventHandleType
    virEventHandleCallback callback;
    void* opaque;
    virFreeCallback free;
  };
  struct Timer {
    int interval;  // milliseconds; below 0 when it is off
    Clock::time_point due;
    virEventTimeoutCallback callback;
    void* opaque;
    virFreeCallback free;
  };
  // What is to be freed once no callback can be using it: on the loop's thread, between callbacks.
  struct Garbage {
    virFreeCallback free;
    void* opaque;
  };

  EventLoop();
  [[noreturn]] void run();
  int timeout();
  void fireWatches(int fd, int events);
  void fireTimers();
  void collect();
  void wake() const;
  void poll(int fd);  // tells epoll what the watches of a descriptor wait for

  int addWatch(int fd, int events, virEventHandleCallback callback, void* opaque, virFreeCallback free);
  void updateWatch(int id, int events);
  int removeWatch(int id);
  int addTimer(int interval, virEventTimeoutCallback callback, void* opaque, virFreeCallback free);
  void updateTimer(int id, int interval);
  int removeTimer(int id);

  const int epoll_;
  const int wakeup_;

  std::mutex mutex_;  // guards what follows; never held while a callback runs
  int lastId_ = 0;
  std::map<int, Watch> watches_;
  std::map<int, Timer> timers_;
  std::map<int, int> polled_;  // what epoll knows: events by descriptor
  std::vector<Garbage> garbage_;
};

}  // namespace virtnet
