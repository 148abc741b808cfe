// Writes and reads of a pipe that keeps each write apart (O_DIRECT, pipe(2)), one case a run. Ends with 0
// when all holds.
#include "../../../native/kernel/frame_ring.hpp"
#include "../../../native/kernel/ring_trial.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "cases.hpp"

namespace {

using virtnet::Fd;
using virtnet::FrameRing;
using Bytes = std::span<const std::uint8_t>;

std::unique_ptr<FrameRing> opened() {
  auto ring = FrameRing::open();
  CHECK(ring != nullptr);
  return ring;
}

// Takes `room` writes.
struct Pipe {
  static constexpr std::size_t room = 256;
  Fd in;
  Fd out;

  explicit Pipe(int more = O_NONBLOCK) {
    std::array<int, 2> ends{};
    CHECK(pipe2(ends.data(), O_DIRECT | O_CLOEXEC | more) == 0);
    out = Fd(ends[0]);
    in = Fd(ends[1]);
    CHECK(fcntl(in.get(), F_SETPIPE_SZ, static_cast<int>(room) * 4096) == static_cast<int>(room) * 4096);
  }

  // The number of the next, or why there is none; 0 at the end.
  int next() const {
    std::array<std::uint8_t, 4096> bytes{};
    const ssize_t length = read(out.get(), bytes.data(), bytes.size());
    if (length <= 0) return length == 0 ? 0 : -errno;
    int number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    CHECK(length == 4 + number % 100);
    return number;
  }
};

// Numbered from `first` on, and of many lengths.
class Writes {
 public:
  explicit Writes(int count, int first = 1) {
    for (int i = first; i < first + count; i++) {
      auto& bytes = memory_.emplace_back(4 + i % 100);
      std::memcpy(bytes.data(), &i, sizeof i);
    }
    all_.assign(memory_.begin(), memory_.end());
  }
  // It is in no memory of this process.
  void spoil(std::size_t which) {
    all_[which] = {reinterpret_cast<const std::uint8_t*>(8), all_[which].size()};
  }
  std::span<const Bytes> operator*() const { return all_; }

 private:
  std::vector<std::vector<std::uint8_t>> memory_;
  std::vector<Bytes> all_;
};

// Those of Writes, as they come back.
class Reads {
 public:
  static constexpr std::uint32_t room = 4096;

  explicit Reads(std::size_t slots) : memory_(slots * room, 0xee), lengths_(slots, 0xeeee) {}

  FrameRing::Done from(const std::unique_ptr<FrameRing>& ring, int fd) {
    return ring->read(fd, memory_, lengths_);
  }
  // The number of what came into a slot; 0 where nothing did.
  int in(std::size_t slot) const {
    if (lengths_[slot] == 0) return 0;
    int number = 0;
    std::memcpy(&number, memory_.data() + slot * room, sizeof number);
    CHECK(lengths_[slot] == 4U + static_cast<unsigned>(number) % 100);
    return number;
  }

 private:
  std::vector<std::uint8_t> memory_;
  std::vector<std::uint32_t> lengths_;
};

void inTheirOrder() {
  const auto ring = opened();
  const Pipe pipe;
  for (const int count : {1, 2, 63, 64, 65, 128, 200, 256}) {
    const auto [went, error] = ring->write(pipe.in.get(), *Writes(count));
    CHECK(went == static_cast<std::size_t>(count) && error == 0);
    for (int i = 1; i <= count; i++) CHECK(pipe.next() == i);
    CHECK(pipe.next() == -EAGAIN);
  }
  const auto [none, error] = ring->write(pipe.in.get(), {});
  CHECK(none == 0 && error == 0);
}

void upToTheOneThatIsRefused() {
  const auto ring = opened();
  const Pipe pipe;
  for (const int bad : {0, 1, 40, 63, 64, 99}) {
    Writes writes(100);
    writes.spoil(static_cast<std::size_t>(bad));
    const auto [went, error] = ring->write(pipe.in.get(), *writes);
    CHECK(went == static_cast<std::size_t>(bad) && error == EFAULT);
    for (int i = 1; i <= bad; i++) CHECK(pipe.next() == i);
    CHECK(pipe.next() == -EAGAIN);
  }
}

void asManyAsThereIsRoomFor() {
  const auto ring = opened();
  const Pipe pipe;
  const auto [went, error] = ring->write(pipe.in.get(), *Writes(300));
  CHECK(went == Pipe::room && error == EAGAIN);
  for (int i = 1; i <= 100; i++) CHECK(pipe.next() == i);
  const auto [more, again] = ring->write(pipe.in.get(), *Writes(200, Pipe::room + 1));
  CHECK(more == 100 && again == EAGAIN);
  for (int i = 101; i <= static_cast<int>(Pipe::room) + 100; i++) CHECK(pipe.next() == i);
  CHECK(pipe.next() == -EAGAIN);
}

void lettingGoOfTheFile() {
  const auto ring = opened();
  Pipe pipe;
  CHECK(ring->write(pipe.in.get(), *Writes(50)).count == 50);
  pipe.in.reset();
  for (int i = 1; i <= 50; i++) CHECK(pipe.next() == i);
  CHECK(pipe.next() == 0);
}

void ofNoFile() {
  const auto ring = opened();
  const auto [went, error] = ring->write(1000, *Writes(20));
  CHECK(went == 0 && error == EBADF);
  const Pipe pipe;
  CHECK(ring->write(pipe.in.get(), *Writes(20)).count == 20);
}

void readInTheirOrder() {
  const auto ring = opened();
  const Pipe pipe;
  for (const std::size_t count : {1, 2, 63, 64, 65, 128, 200, 256}) {
    CHECK(ring->write(pipe.in.get(), *Writes(static_cast<int>(count))).count == count);
    Reads reads(count);
    const auto [used, error] = reads.from(ring, pipe.out.get());
    CHECK(used == count && error == 0);
    for (std::size_t i = 0; i < count; i++) CHECK(reads.in(i) == static_cast<int>(i) + 1);
  }
  CHECK(pipe.next() == -EAGAIN);
}

void asManyAsThereAre() {
  const auto ring = opened();
  const Pipe pipe;
  for (const std::size_t count : {0, 1, 63, 64, 65, 150}) {
    CHECK(ring->write(pipe.in.get(), *Writes(static_cast<int>(count))).count == count);
    Reads reads(200);
    const auto [used, error] = reads.from(ring, pipe.out.get());
    CHECK(used > count && used <= 200 && error == EAGAIN);
    for (std::size_t i = 0; i < used; i++) CHECK(reads.in(i) == (i < count ? static_cast<int>(i) + 1 : 0));
  }
}

void readOfWhatHasEnded() {
  const auto ring = opened();
  Pipe pipe;
  CHECK(ring->write(pipe.in.get(), *Writes(20)).count == 20);
  pipe.in.reset();
  Reads reads(30);
  const auto [used, error] = reads.from(ring, pipe.out.get());
  CHECK(used == 30 && error == EAGAIN);
  for (std::size_t i = 0; i < used; i++) CHECK(reads.in(i) == (i < 20 ? static_cast<int>(i) + 1 : 0));
  // From the end that is written to.
  Pipe other;
  const auto [some, why] = Reads(30).from(ring, other.in.get());
  CHECK(some == 30 && why == EBADF);
  const auto [none, no] = Reads(30).from(ring, 1000);
  CHECK(none == 30 && no == EBADF);
}

void lettingGoOfWhatIsRead() {
  const auto ring = opened();
  Pipe pipe;
  CHECK(ring->write(pipe.in.get(), *Writes(40)).count == 40);
  CHECK(Reads(40).from(ring, pipe.out.get()).count == 40);
  pipe.out.reset();
  std::signal(SIGPIPE, SIG_IGN);
  CHECK(ring->write(pipe.in.get(), *Writes(40)).error == EPIPE);
}

// Does `work` among many signals to this thread, while another thread does the other's.
template <class Work, class Other>
void among(const Work& work, const Other& other) {
  static std::atomic<int> alarms = 0;
  struct sigaction action{};
  action.sa_handler = [](int) { alarms++; };
  sigaction(SIGALRM, &action, nullptr);
  // For this thread alone: the other begins with what is blocked here.
  sigset_t blocked{};
  sigaddset(&blocked, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  std::thread thread(other);
  pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
  const itimerval often{.it_interval = {.tv_sec = 0, .tv_usec = 50},
                        .it_value = {.tv_sec = 0, .tv_usec = 50}};
  setitimer(ITIMER_REAL, &often, nullptr);
  work();
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  thread.join();
  CHECK(alarms > 0);
}

void amongSignals() {
  constexpr int all = 200'000;
  const auto ring = opened();
  const Pipe pipe(0);
  fcntl(pipe.in.get(), F_SETFL, fcntl(pipe.in.get(), F_GETFL) | O_NONBLOCK);
  among(
      [&] {
        for (int done = 0; done < all;) {
          const Writes writes(std::min(200, all - done), done + 1);
          const auto [went, error] = ring->write(pipe.in.get(), *writes);
          CHECK(error == 0 || error == EAGAIN);
          done += static_cast<int>(went);
          if (error == EAGAIN) std::this_thread::yield();
        }
      },
      [&] {
        for (int i = 1; i <= all; i++) CHECK(pipe.next() == i);
      });
}

void readingAmongSignals() {
  constexpr int all = 50'000;
  const auto ring = opened();
  const Pipe pipe(0);
  fcntl(pipe.out.get(), F_SETFL, fcntl(pipe.out.get(), F_GETFL) | O_NONBLOCK);
  among(
      [&] {
        for (int seen = 0; seen < all;) {
          Reads reads(100);
          const auto [used, error] = reads.from(ring, pipe.out.get());
          CHECK(error == 0 || error == EAGAIN);
          for (std::size_t i = 0; i < used; i++) {
            const int number = reads.in(i);
            CHECK(number == 0 || number == ++seen);
          }
          if (error == EAGAIN) std::this_thread::yield();
        }
      },
      [&] {
        for (int i = 1; i <= all; i++) {
          const Writes one(1, i);
          const Bytes bytes = (*one)[0];
          CHECK(write(pipe.in.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
        }
      });
}

std::size_t descriptors() {
  std::size_t count = 0;
  DIR* const folder = opendir("/proc/self/fd");
  CHECK(folder != nullptr);
  while (readdir(folder) != nullptr) count++;
  closedir(folder);
  return count;
}

void manyRings() {
  const Pipe pipe;
  const std::size_t before = descriptors();
  for (int i = 0; i < 300; i++) {
    CHECK(opened()->write(pipe.in.get(), *Writes(20)).count == 20);
    for (int k = 1; k <= 20; k++) CHECK(pipe.next() == k);
  }
  CHECK(descriptors() == before);
}

void triedByManyThreads() {
  const std::size_t before = descriptors();
  std::array<std::array<std::size_t, 2>, 8> answers{};
  std::vector<std::thread> threads;
  for (auto& answer : answers)
    threads.emplace_back([&answer] { answer = {virtnet::ringReadsFrom(), virtnet::ringWritesFrom()}; });
  for (std::thread& thread : threads) thread.join();
  for (const auto& answer : answers) CHECK(answer == answers[0]);
  CHECK(descriptors() == before);
}

constexpr Case cases[] = {
    {"in their order", inTheirOrder},
    {"up to the one that is refused", upToTheOneThatIsRefused},
    {"as many as there is room for", asManyAsThereIsRoomFor},
    {"letting go of the file", lettingGoOfTheFile},
    {"of no file", ofNoFile},
    {"read in their order", readInTheirOrder},
    {"as many as there are", asManyAsThereAre},
    {"read of what has ended", readOfWhatHasEnded},
    {"letting go of what is read", lettingGoOfWhatIsRead},
    {"among signals", amongSignals},
    {"reading among signals", readingAmongSignals},
    {"many rings", manyRings},
    {"tried by many threads", triedByManyThreads},
};

}  // namespace

int main(int count, char** arguments) { return runCase(cases, count, arguments); }
