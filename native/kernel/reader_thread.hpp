// A thread that reads frames while JavaScript is busy with those before. It holds no JavaScript: what it has
// read waits here, and a descriptor says that there is something.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "../fd.hpp"
#include "frames.hpp"

namespace virtnet {

class ReaderThread {
 public:
  struct Filled {
    std::uint32_t batch;
    std::uint32_t count;
    Counters counters;
  };

  // The descriptor and the batches outlive the thread. Throws a SystemFailure.
  ReaderThread(int fd, FrameReader reader, std::span<Batch> batches);
  ReaderThread(const ReaderThread&) = delete;
  ReaderThread& operator=(const ReaderThread&) = delete;
  // Waits for it: it is woken, and a burst is bounded.
  ~ReaderThread();

  // Readable when something has come to be taken since it was silenced, and when the thread has ended.
  int bell() const noexcept { return bell_.get(); }
  // Silences the bell. To be called before what waits is taken.
  void hear() noexcept;
  // Rings it again, for what is left to be taken later.
  void ring() noexcept;
  std::optional<Filled> take();
  // Why it has ended, once all has been taken; 0 as long as more may come.
  int ended();
  // The batch may be filled anew.
  void giveBack(std::uint32_t batch);

 private:
  void run();
  std::optional<std::uint32_t> awaitFree();
  void awaitFrames() const;

  const int fd_;
  FrameReader reader_;
  std::span<Batch> batches_;
  Fd bell_;
  Fd stop_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable freed_;
  // With room for all batches: this thread has nobody who would handle a want of memory.
  std::vector<std::uint32_t> free_;
  std::vector<Filled> filled_;
  int error_ = 0;
  bool ending_ = false;

  std::thread thread_;  // last: it uses everything above
};

}  // namespace virtnet
