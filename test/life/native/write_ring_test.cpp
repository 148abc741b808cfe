// Chains of writes into a pipe that keeps each apart (O_DIRECT, pipe(2)), one case a run. Ends with 0 when
// all holds.
#include "../../../native/kernel/write_ring.hpp"

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
using virtnet::WriteRing;
using Bytes = std::span<const std::uint8_t>;

std::unique_ptr<WriteRing> opened() {
  auto ring = WriteRing::open();
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
  CHECK(went == 0 && error == 0);
  const Pipe pipe;
  CHECK(ring->write(pipe.in.get(), *Writes(20)).count == 20);
}

void amongSignals() {
  constexpr int all = 200'000;
  const auto ring = opened();
  const Pipe pipe(0);
  fcntl(pipe.in.get(), F_SETFL, fcntl(pipe.in.get(), F_GETFL) | O_NONBLOCK);
  static std::atomic<int> alarms = 0;
  struct sigaction action{};
  action.sa_handler = [](int) { alarms++; };
  sigaction(SIGALRM, &action, nullptr);
  // For this thread alone: the other begins with what is blocked here.
  sigset_t blocked{};
  sigaddset(&blocked, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  std::thread reader([&] {
    for (int i = 1; i <= all; i++) CHECK(pipe.next() == i);
  });
  pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
  const itimerval often{.it_interval = {.tv_sec = 0, .tv_usec = 50},
                        .it_value = {.tv_sec = 0, .tv_usec = 50}};
  setitimer(ITIMER_REAL, &often, nullptr);
  for (int done = 0; done < all;) {
    const Writes writes(std::min(200, all - done), done + 1);
    const auto [went, error] = ring->write(pipe.in.get(), *writes);
    CHECK(error == 0 || error == EAGAIN);
    done += static_cast<int>(went);
    if (error == EAGAIN) std::this_thread::yield();
  }
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  reader.join();
  CHECK(alarms > 0);
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

constexpr Case cases[] = {
    {"in their order", inTheirOrder},
    {"up to the one that is refused", upToTheOneThatIsRefused},
    {"as many as there is room for", asManyAsThereIsRoomFor},
    {"letting go of the file", lettingGoOfTheFile},
    {"of no file", ofNoFile},
    {"among signals", amongSignals},
    {"many rings", manyRings},
};

}  // namespace

int main(int count, char** arguments) { return runCase(cases, count, arguments); }
