#include "reader_thread.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "system_failure.hpp"

namespace virtnet {

namespace {

Fd eventDescriptor() { return Fd(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")); }

}  // namespace

ReaderThread::ReaderThread(int fd, FrameReader reader, std::span<Batch> batches)
    : fd_(fd),
      reader_(std::move(reader)),
      batches_(batches),
      bell_(eventDescriptor()),
      stop_(eventDescriptor()) {
  free_.reserve(batches.size());
  filled_.reserve(batches.size());
  for (std::uint32_t i = 0; i < batches.size(); i++) free_.push_back(i);
  // Signals belong to Node's threads.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw SystemFailure("clone", error.code().value());
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ReaderThread::~ReaderThread() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  freed_.notify_one();
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

void ReaderThread::hear() noexcept {
  eventfd_t rung = 0;
  eventfd_read(bell_.get(), &rung);
}

void ReaderThread::ring() noexcept { eventfd_write(bell_.get(), 1); }

std::optional<ReaderThread::Filled> ReaderThread::take() {
  const std::lock_guard lock(mutex_);
  if (filled_.empty()) return std::nullopt;
  const Filled first = filled_.front();
  filled_.erase(filled_.begin());
  return first;
}

int ReaderThread::ended() {
  const std::lock_guard lock(mutex_);
  return filled_.empty() ? error_ : 0;
}

void ReaderThread::giveBack(std::uint32_t batch) {
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(batch);
  }
  freed_.notify_one();
}

std::optional<std::uint32_t> ReaderThread::awaitFree() {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [this] { return ending_ || !free_.empty(); });
  if (ending_) return std::nullopt;
  const std::uint32_t first = free_.front();
  free_.erase(free_.begin());
  return first;
}

void ReaderThread::awaitFrames() const {
  std::array<pollfd, 2> watched{{{fd_, POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
  poll(watched.data(), watched.size(), -1);
}

void ReaderThread::run() {
  for (;;) {
    const auto batch = awaitFree();
    if (!batch) return;
    Filled filled{.batch = *batch, .count = 0, .counters = {}};
    Batch& target = batches_[*batch];
    int error = 0;
    filled.count = reader_.burst(target, target.frames(), filled.counters, error);
    const bool last = error != 0 && error != EAGAIN;
    if (filled.count == 0 && !last) {
      giveBack(*batch);
      awaitFrames();
      continue;
    }
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      first = filled_.empty();
      if (filled.count > 0) filled_.push_back(filled);
      if (last) error_ = error;
    }
    if (first) ring();
    if (last) return;
  }
}

}  // namespace virtnet
