#include "device_fd.hpp"

#include <fcntl.h>

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdlib>
#include <deque>
#include <exception>
#include <mutex>
#include <set>
#include <thread>

namespace virtnet {

namespace {

constexpr std::size_t mostThreads = 16;

// Closes descriptors on threads that live as long as there is something to close.
class Closer {
 public:
  // Never destroyed: its threads, and those that read devices, may outlive main().
  static Closer& instance() {
    static auto* const closer = new Closer;
    return *closer;
  }

  void add(int fd) {
    const std::lock_guard lock(mutex_);
    open_.insert(fd);
  }

  // Before it is closed: its number may be somebody else's then. False when the end of the process has it
  // already.
  bool remove(int fd) noexcept {
    const std::lock_guard lock(mutex_);
    std::erase(leaving_, fd);
    return open_.erase(fd) > 0;
  }

  // False when there is no thread to do it.
  bool take(int fd) noexcept {
    const std::lock_guard lock(mutex_);
    try {
      leaving_.push_back(fd);
    } catch (const std::exception&) {
      return false;
    }
    if (threads_ >= mostThreads || startThread() || threads_ > 0) return true;
    leaving_.pop_back();
    return false;
  }

 private:
  Closer() {
    std::atexit([] { instance().closeAll(); });
  }

  bool startThread() noexcept {
    try {
      std::thread([this] { run(); }).detach();
    } catch (const std::exception&) {
      return false;
    }
    threads_++;
    return true;
  }

  void run() noexcept {
    std::unique_lock lock(mutex_);
    while (!leaving_.empty()) {
      const int fd = leaving_.front();
      leaving_.pop_front();
      open_.erase(fd);
      const int replacement = replacement_;
      lock.unlock();
      if (replacement < 0) Fd(fd).reset();
      else dup3(replacement, fd, O_CLOEXEC);
      lock.lock();
    }
    if (--threads_ == 0) idle_.notify_all();
  }

  // Threads that read a device still have its number, which must not become another file's: it becomes that
  // of a file which never has anything.
  void closeAll() noexcept {
    const Fd nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!nothing.valid()) return;
    std::unique_lock lock(mutex_);
    replacement_ = nothing.get();
    try {
      leaving_.assign(open_.begin(), open_.end());
    } catch (const std::exception&) {
      return;
    }
    while (threads_ < std::min(mostThreads, leaving_.size()) && startThread()) continue;
    idle_.wait(lock, [this] { return threads_ == 0; });
  }

  std::mutex mutex_;              // guards what follows
  std::condition_variable idle_;  // the last thread has ended
  std::set<int> open_;
  std::deque<int> leaving_;
  std::size_t threads_ = 0;
  int replacement_ = -1;
};

}  // namespace

DeviceFd::DeviceFd(Fd fd) : fd_(std::move(fd)) { Closer::instance().add(fd_.get()); }

void DeviceFd::reset() noexcept {
  if (!fd_.valid()) return;
  if (Closer::instance().remove(fd_.get())) fd_.reset();
  else fd_.release();
}

void DeviceFd::closeAway() noexcept {
  if (!fd_.valid()) return;
  if (Closer::instance().take(fd_.get())) fd_.release();
  else reset();
}

}  // namespace virtnet
