// The event loop as libvirt uses it, through libvirt's own functions (virEventAddHandle and its like), one
// case a run: https://libvirt.org/html/libvirt-libvirt-event.html. Ends with 0 when all holds.
#include "../../../native/event_loop.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <random>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "../../../native/library.hpp"
#include "cases.hpp"

namespace {

using virtnet::EventLoop;

const auto addHandle = VIRTNET_FUNCTION(virEventAddHandle)::get();
const auto updateHandle = VIRTNET_FUNCTION(virEventUpdateHandle)::get();
const auto removeHandle = VIRTNET_FUNCTION(virEventRemoveHandle)::get();
const auto addTimeout = VIRTNET_FUNCTION(virEventAddTimeout)::get();
const auto updateTimeout = VIRTNET_FUNCTION(virEventUpdateTimeout)::get();
const auto removeTimeout = VIRTNET_FUNCTION(virEventRemoveTimeout)::get();

// Something that another thread makes true.
class Signal {
 public:
  void raise() {
    const std::lock_guard lock(mutex_);
    count_++;
    raised_.notify_all();
  }
  void await(int times = 1) {
    std::unique_lock lock(mutex_);
    check(raised_.wait_for(lock, std::chrono::seconds(20), [&] { return count_ >= times; }),
          "came in 20 seconds");
  }
  int count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable raised_;
  int count_ = 0;
};

// What a watch or a timer carries: what to do when it is called, and what became of it.
struct Watched {
  std::function<void(int id, int fd, int events)> called;
  Signal calls;
  Signal frees;
  std::thread::id freedBy;
  std::atomic<bool> inside = false;

  static void onHandle(int id, int fd, int events, void* self) {
    auto& own = *static_cast<Watched*>(self);
    own.inside = true;
    if (own.called) own.called(id, fd, events);
    own.inside = false;
    own.calls.raise();
  }
  static void onTimeout(int id, void* self) { onHandle(id, -1, 0, self); }
  static void onFree(void* self) {
    auto& own = *static_cast<Watched*>(self);
    CHECK(!own.inside);
    own.freedBy = std::this_thread::get_id();
    own.frees.raise();
  }
  int watch(int fd, int events) { return addHandle(fd, events, &onHandle, this, &onFree); }
  int time(int interval) { return addTimeout(interval, &onTimeout, this, &onFree); }
};

struct Pair {
  int mine;
  int other;
  Pair() {
    std::array<int, 2> ends{};
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0);
    std::tie(mine, other) = std::tuple(ends[0], ends[1]);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  ~Pair() {
    close(mine);
    hangUp();
  }
  void hangUp() {
    if (other >= 0) close(std::exchange(other, -1));
  }
  void say() const { CHECK(write(other, "x", 1) == 1); }
  void hear() const {
    char said = 0;
    CHECK(read(mine, &said, 1) == 1);
  }
  // Whether the peer was told that this end is shut down.
  bool ended() const {
    char said = 0;
    return read(other, &said, 1) == 0;
  }
};

// A round of the loop: whatever it was to do before has been done.
void round() {
  Watched once;
  once.called = [](int id, int, int) { removeTimeout(id); };
  once.time(0);
  once.frees.await();
}

void readable() {
  const Pair pair;
  Watched watched;
  int events = 0;
  watched.called = [&](int, int fd, int happened) {
    CHECK(fd == pair.mine);
    events = happened;
    pair.hear();
  };
  const int id = watched.watch(pair.mine, VIR_EVENT_HANDLE_READABLE);
  CHECK(id > 0);
  round();
  CHECK(watched.calls.count() == 0);
  pair.say();
  watched.calls.await();
  CHECK(events == VIR_EVENT_HANDLE_READABLE);
  CHECK(removeHandle(id) == 0);
  CHECK(removeHandle(id) == -1);
  watched.frees.await();
}

void twoWatchesOfOneDescriptor() {
  const Pair pair;
  Watched reads;
  Watched writes;
  reads.called = [&](int, int, int events) {
    CHECK(events == VIR_EVENT_HANDLE_READABLE);
    pair.hear();
  };
  writes.called = [&](int id, int, int events) {
    CHECK(events == VIR_EVENT_HANDLE_WRITABLE);
    removeHandle(id);
  };
  const int id = reads.watch(pair.mine, VIR_EVENT_HANDLE_READABLE);
  writes.watch(pair.mine, VIR_EVENT_HANDLE_WRITABLE);
  writes.frees.await();
  pair.say();
  reads.calls.await();
  removeHandle(id);
  reads.frees.await();
  CHECK(writes.calls.count() == 1);
}

void removalInACallback() {
  const Pair pair;
  Watched first;
  Watched second;
  std::atomic<int> firstId = 0;
  std::atomic<int> secondId = 0;
  std::thread::id loop;
  // Whichever is called removes both; nobody has read, so either would be called again.
  const auto removeBoth = [&](int, int, int) {
    loop = std::this_thread::get_id();
    removeHandle(firstId);
    removeHandle(secondId);
    CHECK(first.frees.count() == 0 && second.frees.count() == 0);
  };
  first.called = second.called = removeBoth;
  firstId = first.watch(pair.mine, VIR_EVENT_HANDLE_READABLE);
  secondId = second.watch(pair.mine, VIR_EVENT_HANDLE_READABLE);
  pair.say();
  first.frees.await();
  second.frees.await();
  round();
  CHECK(first.calls.count() + second.calls.count() == 1);
  CHECK(first.freedBy == loop && second.freedBy == loop);
}

void removalDuringACallback() {
  const Pair pair;
  Watched watched;
  Signal entered;
  Signal removed;
  watched.called = [&](int, int, int) {
    entered.raise();
    removed.await();  // and is not freed while this waits: onFree checks
  };
  const int id = watched.watch(pair.mine, VIR_EVENT_HANDLE_READABLE);
  pair.say();
  entered.await();
  removeHandle(id);
  CHECK(watched.frees.count() == 0);
  removed.raise();
  watched.frees.await();
  CHECK(watched.calls.count() == 1);
}

void offAndOn() {
  Pair pair;
  Watched watched;
  int events = 0;
  watched.called = [&](int id, int, int happened) {
    events = happened;
    updateHandle(id, 0);
  };
  const int id = watched.watch(pair.mine, VIR_EVENT_HANDLE_READABLE);
  updateHandle(id, 0);
  pair.say();
  round();
  CHECK(watched.calls.count() == 0);
  updateHandle(id, VIR_EVENT_HANDLE_READABLE);
  watched.calls.await();
  pair.hear();
  // Off, it hears not even that the other end has gone; on, it does without having asked.
  pair.hangUp();
  round();
  CHECK(watched.calls.count() == 1);
  updateHandle(id, VIR_EVENT_HANDLE_WRITABLE);
  watched.calls.await(2);
  CHECK((events & VIR_EVENT_HANDLE_HANGUP) != 0);
  removeHandle(id);
  watched.frees.await();
}

void aNumberUsedAgain() {
  for (int i = 0; i < 100; i++) {
    int number = 0;
    Watched old;
    {
      const Pair pair;
      number = pair.mine;
      old.called = [&](int, int, int) { pair.hear(); };
      const int id = old.watch(pair.mine, VIR_EVENT_HANDLE_READABLE);
      pair.say();
      old.calls.await();
      removeHandle(id);
    }
    const Pair pair;
    CHECK(pair.mine == number);
    Watched fresh;
    fresh.called = [&](int, int, int) { pair.hear(); };
    const int id = fresh.watch(pair.mine, VIR_EVENT_HANDLE_READABLE);
    pair.say();
    fresh.calls.await();
    removeHandle(id);
    fresh.frees.await();
    old.frees.await();
    CHECK(old.calls.count() == 1 && fresh.calls.count() == 1);
  }
}

void whatCannotBeWatched() {
  Watched watched;
  const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  CHECK(watched.watch(file, VIR_EVENT_HANDLE_READABLE) == -1);
  CHECK(watched.watch(-1, VIR_EVENT_HANDLE_READABLE) == -1);
  close(file);
  round();
  CHECK(watched.frees.count() == 0);
}

void timers() {
  Watched repeated;
  Watched off;
  Watched self;
  const int id = repeated.time(1);
  const int offId = off.time(-1);
  self.called = [](int own, int, int) { removeTimeout(own); };
  self.time(0);
  repeated.calls.await(5);
  self.frees.await();
  CHECK(self.calls.count() == 1);
  CHECK(off.calls.count() == 0);
  updateTimeout(offId, 0);
  off.calls.await(3);
  updateTimeout(offId, -1);
  round();
  const int calls = off.calls.count();
  round();
  CHECK(off.calls.count() == calls);
  CHECK(removeTimeout(id) == 0 && removeTimeout(offId) == 0);
  CHECK(removeTimeout(id) == -1);
  repeated.frees.await();
  off.frees.await();
}

void sockets() {
  constexpr std::uint64_t connection = 7;
  Watched watched;
  const Pair open;
  const Pair late;
  const Pair stranger;
  {
    const EventLoop::Opening its(connection);
    watched.watch(open.mine, VIR_EVENT_HANDLE_READABLE);
  }
  const int strangerId = watched.watch(stranger.mine, VIR_EVENT_HANDLE_READABLE);
  watched.called = [](int id, int, int) { removeHandle(id); };
  EventLoop::cut(connection);
  CHECK(open.ended());
  watched.frees.await();
  {
    // Cut before it has a socket.
    const EventLoop::Opening its(connection);
    EventLoop::cut(connection);
    watched.watch(late.mine, VIR_EVENT_HANDLE_READABLE);
  }
  CHECK(late.ended());
  watched.frees.await(2);
  {
    // Done with by libvirt: whoever still waits on it is woken.
    const Pair left;
    int id = 0;
    {
      const EventLoop::Opening its(connection);
      id = watched.watch(left.mine, 0);
    }
    CHECK(!left.ended());
    removeHandle(id);
    CHECK(left.ended());
  }
  watched.frees.await(3);
  {
    const Pair soon;
    {
      const EventLoop::Opening its(connection);
      watched.watch(soon.mine, VIR_EVENT_HANDLE_READABLE);
    }
    EventLoop::cutIn(std::chrono::milliseconds(1), connection);
    watched.frees.await(4);
    CHECK(soon.ended());
  }
  CHECK(!stranger.ended());
  removeHandle(strangerId);
  watched.frees.await(5);
  CHECK(!stranger.ended());
}

// Four threads that do what they please with watches and timers: everything is freed, once.
void manyThreads() {
  constexpr int rounds = 2000;
  const auto play = [](unsigned seed) {
    std::minstd_rand random(seed);
    Watched watched;
    int added = 0;
    const Pair pair;
    pair.say();
    for (int i = 0; i < rounds; i++) {
      const bool timer = random() % 2 == 0;
      const int id = timer ? watched.time(static_cast<int>(random() % 3) - 1)
                           : watched.watch(pair.mine, random() % 2 == 0 ? VIR_EVENT_HANDLE_READABLE : 0);
      CHECK(id > 0);
      added++;
      for (unsigned n = random() % 4; n > 0; n--) {
        if (timer) updateTimeout(id, static_cast<int>(random() % 2) - 1);
        else updateHandle(id, random() % 2 == 0 ? VIR_EVENT_HANDLE_READABLE : 0);
      }
      CHECK((timer ? removeTimeout(id) : removeHandle(id)) == 0);
    }
    watched.frees.await(added);
    CHECK(watched.frees.count() == added);
  };
  std::vector<std::thread> threads;
  for (unsigned seed = 1; seed <= 4; seed++) threads.emplace_back(play, seed);
  for (std::thread& thread : threads) thread.join();
}

constexpr Case cases[] = {
    {"readable", readable},
    {"two watches of one descriptor", twoWatchesOfOneDescriptor},
    {"removal in a callback", removalInACallback},
    {"removal during a callback", removalDuringACallback},
    {"off and on", offAndOn},
    {"a number used again", aNumberUsedAgain},
    {"what cannot be watched", whatCannotBeWatched},
    {"timers", timers},
    {"sockets", sockets},
    {"many threads", manyThreads},
};

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) {
    const EventLoop::Opening starts(1);
  }
  return runCase(cases, count, arguments);
}
