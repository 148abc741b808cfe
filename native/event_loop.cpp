#include "event_loop.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "library.hpp"
#include "process_exit.hpp"

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

// What epoll carries for us: a descriptor and its generation.
std::uint64_t keyOf(int fd, std::uint32_t generation) {
  return std::uint64_t{generation} << 32 | static_cast<std::uint32_t>(fd);
}
int fdOf(std::uint64_t key) { return static_cast<int>(key & 0xffff'ffff); }
std::uint32_t generationOf(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 32); }

// What libvirt calls must not throw: it is C. -1 is its failure.
template <class Do>
int orFailure(Do work) noexcept {
  try {
    return work();
  } catch (const std::exception&) {
    return -1;
  }
}

// The value of a system call without which there is no loop.
int needed(int value) {
  if (value < 0) throw std::system_error(errno, std::generic_category(), "libvirt's event loop cannot start");
  return value;
}

// How long a descriptor stays unpolled after it was switched on: longer than the time between the calls
// of a busy program, and shorter than anybody notices who waits for an event.
constexpr auto restTime = std::chrono::milliseconds(1);
// How long the loop's thread goes on looking by itself after that.
constexpr auto tickingTime = std::chrono::milliseconds(20);

// Callbacks take no longer, unless they hang.
constexpr auto patienceWithCallbacks = std::chrono::milliseconds(300);

// The connection that this thread is opening, or 0.
thread_local std::uint64_t openedHere = 0;

}  // namespace

std::atomic<EventLoop*> EventLoop::instance_ = nullptr;

EventLoop::Opening::Opening(std::uint64_t connection) {
  start();
  openedHere = connection;
  EventLoop* const loop = instance_;
  if (loop == nullptr) return;
  const std::lock_guard lock(loop->mutex_);
  loop->opening_.emplace(connection, false);
}

EventLoop::Opening::~Opening() {
  EventLoop* const loop = instance_;
  if (loop != nullptr) {
    const std::lock_guard lock(loop->mutex_);
    loop->opening_.erase(openedHere);
    for (const auto& [id, watch] : loop->watches_)
      if (watch.connection == openedHere) loop->pollLater(watch.fd);
  }
  openedHere = 0;
}

void EventLoop::start() {
  static std::once_flag once;
  // When it throws, the next one tries again.
  std::call_once(once, [] {
    const auto addTimeout = VIRTNET_FUNCTION(virEventAddTimeout)::get();
    const auto removeTimeout = VIRTNET_FUNCTION(virEventRemoveTimeout)::get();
    if (addTimeout == nullptr || removeTimeout == nullptr)
      throw std::runtime_error("libvirt has no event loop");
    // Another binding, or another copy of this one, may have registered a loop: libvirt keeps that one,
    // and would say so on stderr.
    const int timer = addTimeout(-1, [](int, void*) {}, nullptr, nullptr);
    if (timer >= 0) {
      removeTimeout(timer);
      return;
    }
    const std::shared_ptr<EventLoop> loop(new EventLoop());
    std::thread([loop] {
      // Signals belong to the thread that Node waits for them on.
      sigset_t all;
      sigfillset(&all);
      pthread_sigmask(SIG_BLOCK, &all, nullptr);
      loop->run();
    }).detach();
    instance_ = loop.get();
    registerWithLibvirt();
  });
}

void EventLoop::registerWithLibvirt() {
  VIRTNET_FUNCTION(virEventRegisterImpl)::get()(
      [](int fd, int events, virEventHandleCallback callback, void* opaque, virFreeCallback free) {
        return orFailure([&] { return instance_.load()->addWatch(fd, events, callback, opaque, free); });
      },
      [](int id, int events) { orFailure([&] { return instance_.load()->updateWatch(id, events); }); },
      [](int id) { return orFailure([&] { return instance_.load()->removeWatch(id); }); },
      [](int interval, virEventTimeoutCallback callback, void* opaque, virFreeCallback free) {
        return orFailure([&] { return instance_.load()->addTimer(interval, callback, opaque, free); });
      },
      [](int id, int interval) { orFailure([&] { return instance_.load()->updateTimer(id, interval); }); },
      [](int id) { return orFailure([&] { return instance_.load()->removeTimer(id); }); });
}

EventLoop::EventLoop()
    : epoll_(needed(epoll_create1(EPOLL_CLOEXEC))), wakeup_(needed(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))) {
  epoll_event event{.events = EPOLLIN, .data = {.u64 = keyOf(wakeup_.get(), 0)}};
  needed(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wakeup_.get(), &event));
}

void EventLoop::run() {
  std::array<epoll_event, 64> ready;
  for (;;) {
    const int count = epoll_wait(epoll_.get(), ready.data(), ready.size(), timeout());
    const AtWork inLibvirt;
    for (int i = 0; i < count; i++) {
      const auto& event = ready[static_cast<std::size_t>(i)];
      if (fdOf(event.data.u64) == wakeup_.get()) {
        std::uint64_t times = 0;
        while (read(wakeup_.get(), &times, sizeof times) > 0) {
        }
      } else {
        fireWatches(event.data.u64, fromEpoll(event.events));
      }
    }
    pollRested();
    fireTimers();
    collect();
  }
}

// Milliseconds until there is something to do; -1 when nothing is to come.
int EventLoop::timeout() {
  const std::lock_guard lock(mutex_);
  if (!garbage_.empty()) return 0;
  const auto now = Clock::now();
  ticking_ = !resting_.empty() || now - lastRest_ < tickingTime;
  auto next = ticking_ ? now + restTime : Clock::time_point::max();
  for (const auto& [id, timer] : timers_)
    if (timer.interval >= 0) next = std::min(next, timer.due);
  wakes_ = next;
  if (next == Clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

void EventLoop::fireWatches(std::uint64_t key, int events) {
  const int fd = fdOf(key);
  std::vector<int> concerned;
  {
    const std::lock_guard lock(mutex_);
    const auto polled = polled_.find(fd);
    // Switched off since epoll spoke, or the number of another socket now. Who is still ready is told of
    // again.
    if (polled == polled_.end() || polled->second.generation != generationOf(key)) return;
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

void EventLoop::discard(virFreeCallback free, void* opaque) {
  if (free == nullptr) return;
  garbage_.push_back({free, opaque});
  lastGarbage_++;
  wake();
}

void EventLoop::collect() {
  std::vector<Garbage> garbage;
  {
    const std::lock_guard lock(mutex_);
    garbage.swap(garbage_);
  }
  for (const auto& [free, opaque] : garbage) free(opaque);
  if (garbage.empty()) return;
  const std::lock_guard lock(mutex_);
  freed_ += garbage.size();
  freedMore_.notify_all();
}

void EventLoop::awaitFreed() {
  EventLoop* const loop = instance_;
  if (loop == nullptr) return;
  std::unique_lock lock(loop->mutex_);
  const std::uint64_t now = loop->lastGarbage_;
  loop->freedMore_.wait_for(lock, patienceWithCallbacks, [&] { return loop->freed_ >= now; });
}

void EventLoop::wake() const {
  const std::uint64_t once = 1;
  // Full only when the loop has not even seen the last wake-up.
  [[maybe_unused]] const auto written = write(wakeup_.get(), &once, sizeof once);
}

// Keepalive puts its timer off with every message: the loop's thread finds that out when it wakes anyway.
void EventLoop::wakeFor(const Timer& timer) const {
  if (timer.interval >= 0 && timer.due < wakes_) wake();
}

void EventLoop::cut(std::uint64_t connection) {
  if (EventLoop* const loop = instance_) loop->cutNow(connection);
}

void EventLoop::cutIn(std::chrono::milliseconds delay, std::uint64_t connection) {
  EventLoop* const loop = instance_;
  if (loop == nullptr) return;
  loop->addTimer(
      static_cast<int>(delay.count()),
      [](int timer, void* which) {
        EventLoop* const own = instance_;
        own->removeTimer(timer);
        own->cutNow(*static_cast<const std::uint64_t*>(which));
      },
      new std::uint64_t(connection), [](void* which) { delete static_cast<std::uint64_t*>(which); });
}

void EventLoop::cutNow(std::uint64_t connection) {
  const std::lock_guard lock(mutex_);
  if (const auto found = opening_.find(connection); found != opening_.end()) found->second = true;
  // libvirt closes a socket only after it has removed the watch: what is watched is open.
  for (const auto& [id, watch] : watches_)
    if (watch.connection == connection) ::shutdown(watch.fd, SHUT_RDWR);
}

// Nothing of a connection that is being opened: the thread that opens it reads what comes. libvirt
// (9.0, 11.3) never frees a connection whose end it hears of before it has set the connection's keepalive up.
int EventLoop::wanted(int fd) const {
  int events = 0;
  for (const auto& [id, watch] : watches_)
    if (watch.fd == fd && !opening_.contains(watch.connection)) events |= watch.events;
  return events;
}

bool EventLoop::poll(int fd) {
  resting_.erase(fd);
  const int events = wanted(fd);
  const auto known = polled_.find(fd);
  if (events == 0) {
    // Not merely without events: epoll tells of errors and hang-ups unasked, and libvirt wants silence.
    if (known == polled_.end()) return true;
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    polled_.erase(known);
    return true;
  }
  if (known != polled_.end()) {
    if (known->second.events == events) return true;
    epoll_event event{.events = toEpoll(events), .data = {.u64 = keyOf(fd, known->second.generation)}};
    known->second.events = events;
    return epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0;
  }
  const std::uint32_t generation = ++lastGeneration_;
  epoll_event event{.events = toEpoll(events), .data = {.u64 = keyOf(fd, generation)}};
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return false;
  polled_.emplace(fd, Polled{events, generation});
  return true;
}

bool EventLoop::pollLater(int fd) {
  if (wanted(fd) == 0 || polled_.contains(fd)) return poll(fd);
  lastRest_ = Clock::now();
  resting_.emplace(fd, lastRest_);
  if (!std::exchange(ticking_, true)) wake();
  return true;
}

void EventLoop::pollRested() {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  std::vector<int> rested;
  for (const auto& [fd, since] : resting_)
    if (now - since >= restTime) rested.push_back(fd);
  for (const int fd : rested) poll(fd);
}

int EventLoop::addWatch(int fd, int events, virEventHandleCallback callback, void* opaque,
                        virFreeCallback free) {
  const std::lock_guard lock(mutex_);
  const int id = ++lastId_;
  watches_.emplace(id, Watch{fd, events, callback, opaque, free, openedHere});
  if (!poll(fd)) {
    watches_.erase(id);
    return -1;
  }
  if (const auto found = opening_.find(openedHere); found != opening_.end() && found->second)
    ::shutdown(fd, SHUT_RDWR);
  return id;
}

int EventLoop::updateWatch(int id, int events) {
  const std::lock_guard lock(mutex_);
  const auto found = watches_.find(id);
  if (found == watches_.end()) return -1;
  found->second.events = events;
  return pollLater(found->second.fd) ? 0 : -1;
}

int EventLoop::removeWatch(int id) {
  const std::lock_guard lock(mutex_);
  const auto removed = watches_.extract(id);
  if (!removed) return -1;
  const Watch& watch = removed.mapped();
  poll(watch.fd);
  // libvirt is done with this connection. When keepalive found the peer dead, libvirt 9.0 fails one of
  // the calls under way and lets the others wait on the socket for ever: this wakes them.
  if (watch.connection != 0) ::shutdown(watch.fd, SHUT_RDWR);
  discard(watch.free, watch.opaque);
  return 0;
}

int EventLoop::addTimer(int interval, virEventTimeoutCallback callback, void* opaque, virFreeCallback free) {
  const std::lock_guard lock(mutex_);
  const int id = ++lastId_;
  timers_.emplace(
      id, Timer{interval, Clock::now() + std::chrono::milliseconds(interval), callback, opaque, free});
  wakeFor(timers_.at(id));
  return id;
}

int EventLoop::updateTimer(int id, int interval) {
  const std::lock_guard lock(mutex_);
  const auto found = timers_.find(id);
  if (found == timers_.end()) return -1;
  found->second.interval = interval;
  found->second.due = Clock::now() + std::chrono::milliseconds(interval);
  wakeFor(found->second);
  return 0;
}

int EventLoop::removeTimer(int id) {
  const std::lock_guard lock(mutex_);
  const auto removed = timers_.extract(id);
  if (!removed) return -1;
  const Timer& timer = removed.mapped();
  discard(timer.free, timer.opaque);
  return 0;
}

}  // namespace virtnet
