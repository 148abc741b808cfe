#include "event_loop.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "library.hpp"

namespace virtnet {

namespace {

struct Translation {
  int libvirt;
  std::uint32_t epoll;
};
constexpr Translation translations[] = {
    {VIR_EVENT_HANDLE_READABLE, EPOLLIN},
    {VIR_EVENT_HANDLE_WRITABLE, EPOLLOUT},
    {VIR_EVENT_HANDLE_ERROR, EPOLLERR},
    {VIR_EVENT_HANDLE_HANGUP, EPOLLHUP},
};

std::uint32_t toEpoll(int events) {
  std::uint32_t bits = 0;
  for (const auto& [libvirt, epoll] : translations)
    if ((events & libvirt) != 0) bits |= epoll;
  return bits;
}

int fromEpoll(std::uint32_t bits) {
  int events = 0;
  for (const auto& [libvirt, epoll] : translations)
    if ((bits & epoll) != 0) events |= libvirt;
  return events;
}

// The loop lives as long as the process: libvirt cannot be told that it ends.
EventLoop* loop = nullptr;

}  // namespace

void EventLoop::start() {
  static std::once_flag once;
  std::call_once(once, [] {
    const auto registerLoop = VIRTNET_FUNCTION(virEventRegisterImpl)::get();
    if (registerLoop == nullptr) return;
    loop = new EventLoop();
    registerLoop(
        [](int fd, int events, virEventHandleCallback callback, void* opaque, virFreeCallback free) {
          return loop->addWatch(fd, events, callback, opaque, free);
        },
        [](int id, int events) { loop->updateWatch(id, events); }, [](int id) { return loop->removeWatch(id); },
        [](int interval, virEventTimeoutCallback callback, void* opaque, virFreeCallback free) {
          return loop->addTimer(interval, callback, opaque, free);
        },
        [](int id, int interval) { loop->updateTimer(id, interval); },
        [](int id) { return loop->removeTimer(id); });
    std::thread([] {
      // Signals belong to the thread that Node waits for them on.
      sigset_t all;
      sigfillset(&all);
      pthread_sigmask(SIG_BLOCK, &all, nullptr);
      loop->run();
    }).detach();
  });
}

EventLoop::EventLoop() : epoll_(epoll_create1(EPOLL_CLOEXEC)), wakeup_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{.events = EPOLLIN, .data = {.fd = wakeup_}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, wakeup_, &event);
}

void EventLoop::run() {
  std::array<epoll_event, 64> ready;
  for (;;) {
    const int count = epoll_wait(epoll_, ready.data(), ready.size(), timeout());
    for (int i = 0; i < count; i++) {
      const auto& event = ready[static_cast<std::size_t>(i)];
      if (event.data.fd == wakeup_) {
        std::uint64_t times = 0;
        while (read(wakeup_, &times, sizeof times) > 0) {
        }
      } else {
        fireWatches(event.data.fd, fromEpoll(event.events));
      }
    }
    fireTimers();
    collect();
  }
}

// Milliseconds until the next timer is due; -1 when there is none.
int EventLoop::timeout() {
  const std::lock_guard lock(mutex_);
  if (!garbage_.empty()) return 0;
  auto next = Clock::time_point::max();
  for (const auto& [id, timer] : timers_)
    if (timer.interval >= 0) next = std::min(next, timer.due);
  if (next == Clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

void EventLoop::fireWatches(int fd, int events) {
  std::vector<int> concerned;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, watch] : watches_)
      if (watch.fd == fd) concerned.push_back(id);
  }
  for (const int id : concerned) {
    std::unique_lock lock(mutex_);
    // An earlier callback, or another thread, may have removed or silenced it.
    const auto found = watches_.find(id);
    if (found == watches_.end() || found->second.events == 0) continue;
    const Watch watch = found->second;
    lock.unlock();
    const int wanted = events & (watch.events | VIR_EVENT_HANDLE_ERROR | VIR_EVENT_HANDLE_HANGUP);
    if (wanted != 0) watch.callback(id, fd, wanted, watch.opaque);
  }
}

void EventLoop::fireTimers() {
  const auto now = Clock::now();
  std::vector<int> concerned;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, timer] : timers_)
      if (timer.interval >= 0 && timer.due <= now) concerned.push_back(id);
  }
  for (const int id : concerned) {
    std::unique_lock lock(mutex_);
    const auto found = timers_.find(id);
    if (found == timers_.end() || found->second.interval < 0 || found->second.due > now) continue;
    found->second.due = now + std::chrono::milliseconds(found->second.interval);
    const Timer timer = found->second;
    lock.unlock();
    timer.callback(id, timer.opaque);
  }
}

void EventLoop::collect() {
  std::vector<Garbage> garbage;
  {
    const std::lock_guard lock(mutex_);
    garbage.swap(garbage_);
  }
  for (const auto& [free, opaque] : garbage) free(opaque);
}

void EventLoop::wake() const {
  const std::uint64_t once = 1;
  // Full only when the loop has not even seen the last wake-up.
  [[maybe_unused]] const auto written = write(wakeup_, &once, sizeof once);
}

void EventLoop::poll(int fd) {
  int events = 0;
  for (const auto& [id, watch] : watches_)
    if (watch.fd == fd) events |= watch.events;
  const auto known = polled_.find(fd);
  if (known != polled_.end() && known->second == events) return;
  epoll_event event{.events = toEpoll(events), .data = {.fd = fd}};
  if (events == 0) {
    // Not merely without events: epoll tells of errors and hang-ups unasked, and libvirt wants silence.
    if (known == polled_.end()) return;
    epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
    polled_.erase(known);
  } else {
    epoll_ctl(epoll_, known == polled_.end() ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
    polled_[fd] = events;
  }
}

int EventLoop::addWatch(int fd, int events, virEventHandleCallback callback, void* opaque, virFreeCallback free) {
  const std::lock_guard lock(mutex_);
  const int id = ++lastId_;
  watches_.emplace(id, Watch{fd, events, callback, opaque, free});
  poll(fd);
  return id;
}

void EventLoop::updateWatch(int id, int events) {
  const std::lock_guard lock(mutex_);
  const auto found = watches_.find(id);
  if (found == watches_.end()) return;
  found->second.events = events;
  poll(found->second.fd);
}

int EventLoop::removeWatch(int id) {
  const std::lock_guard lock(mutex_);
  const auto removed = watches_.extract(id);
  if (!removed) return -1;
  const Watch& watch = removed.mapped();
  poll(watch.fd);
  if (watch.free != nullptr) {
    garbage_.push_back({watch.free, watch.opaque});
    wake();
  }
  return 0;
}

int EventLoop::addTimer(int interval, virEventTimeoutCallback callback, void* opaque, virFreeCallback free) {
  const std::lock_guard lock(mutex_);
  const int id = ++lastId_;
  timers_.emplace(id, Timer{interval, Clock::now() + std::chrono::milliseconds(interval), callback, opaque, free});
  if (interval >= 0) wake();
  return id;
}

void EventLoop::updateTimer(int id, int interval) {
  const std::lock_guard lock(mutex_);
  const auto found = timers_.find(id);
  if (found == timers_.end()) return;
  found->second.interval = interval;
  found->second.due = Clock::now() + std::chrono::milliseconds(interval);
  if (interval >= 0) wake();
}

int EventLoop::removeTimer(int id) {
  const std::lock_guard lock(mutex_);
  const auto removed = timers_.extract(id);
  if (!removed) return -1;
  const Timer& timer = removed.mapped();
  if (timer.free != nullptr) {
    garbage_.push_back({timer.free, timer.opaque});
    wake();
  }
  return 0;
}

}  // namespace virtnet
