// Threads for calls that block. Each connection has its own few, so that a peer that hangs stalls
// neither another connection nor the thread pool that Node uses for files and names.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "mailbox.hpp"

namespace virtnet {

// Work for an executor, delivered to JavaScript when it has run and has something to say.
struct Job : Letter {
  virtual void run() noexcept = 0;
  virtual bool answers() const noexcept { return true; }
  // Whether it waits until all that was posted before it has run.
  virtual bool comesLast() const noexcept { return false; }
};

class Executor {
 public:
  // What is done first on each thread, and how many threads there are at most.
  struct Threads {
    void (*begin)();
    std::size_t most;
  };
  // For calls to libvirt.
  explicit Executor(std::shared_ptr<Mailbox> replies);
  Executor(std::shared_ptr<Mailbox> replies, Threads threads);
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  // As finish(). Nobody waits for the threads: one may hang in a call.
  ~Executor();

  // Takes the job. Starts a thread when all are busy and there are fewer than the limit; when there is
  // none and the system gives none, the job is left with the caller.
  bool post(std::unique_ptr<Job>& job);

  // No thread waits for more any longer: they finish the queue and leave. What is posted even then gets
  // a thread of its own.
  void finish();

  // Whether everything posted so far has run by the deadline.
  bool idleBy(std::chrono::steady_clock::time_point deadline);

 private:
  // Outlives the executor for as long as one of its threads does.
  struct State {
    std::mutex mutex;
    std::condition_variable work;  // a job was queued, or the executor ends
    std::condition_variable idle;  // the last job has run
    std::deque<std::unique_ptr<Job>> queue;
    std::size_t threads = 0;
    std::size_t waiting = 0;
    std::size_t running = 0;  // jobs
    bool ending = false;
    bool looking = false;                           // one thread at most waits awake
    std::chrono::microseconds lookOut{};            // and for no longer than this
    std::chrono::steady_clock::time_point lastEnd;  // of a job
    std::atomic<bool> arrived = false;              // what that one looks at: whether the queue has anything
    std::shared_ptr<Mailbox> replies;
    Threads limits;

    bool ready() const noexcept { return !queue.empty() && (running == 0 || !queue.front()->comesLast()); }
  };
  static void lookOut(State& state, std::unique_lock<std::mutex>& lock);
  static void serve(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
};

}  // namespace virtnet
