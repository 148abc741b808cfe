#include "executor.hpp"

#include <exception>
#include <thread>
#include <utility>

#include "library.hpp"
#include "process_exit.hpp"

namespace virtnet {

namespace {

constexpr Executor::Threads forLibvirt = {
    .begin = [] { Library::instance().silenceParserHere(); },
    // libvirtd serves five requests of one client at a time (max_client_requests); a few more of ours are
    // on their way there meanwhile.
    .most = 8,
};
// Long enough that a busy program starts no threads, short enough that a quiet one keeps none.
constexpr auto idleThreadLife = std::chrono::seconds(5);
// How long a thread waits awake for the next job: for as long as a loop around calls takes, or where the last
// one came so soon, for as long as work on each answer takes.
constexpr auto shortLookOut = std::chrono::microseconds(50);
constexpr auto longLookOut = std::chrono::microseconds(200);

}  // namespace

Executor::Executor(std::shared_ptr<Mailbox> replies) : Executor(std::move(replies), forLibvirt) {}

Executor::Executor(std::shared_ptr<Mailbox> replies, Threads threads) : state_(std::make_shared<State>()) {
  state_->replies = std::move(replies);
  state_->limits = threads;
}

Executor::~Executor() { finish(); }

void Executor::finish() {
  const std::lock_guard lock(state_->mutex);
  state_->ending = true;
  state_->work.notify_all();
}

bool Executor::post(std::unique_ptr<Job>& job) {
  std::unique_lock lock(state_->mutex);
  state_->lookOut =
      std::chrono::steady_clock::now() - state_->lastEnd < longLookOut ? longLookOut : shortLookOut;
  state_->queue.push_back(std::move(job));
  state_->arrived.store(true, std::memory_order_relaxed);
  const std::size_t free = state_->waiting + (state_->looking ? 1 : 0);
  if (free >= state_->queue.size()) {
    // The one that is looking out finds the first by itself.
    const bool sleeperNeeded = !state_->looking || state_->queue.size() > 1;
    lock.unlock();
    if (sleeperNeeded) state_->work.notify_one();
  } else if (state_->threads < state_->limits.most) {
    try {
      std::thread([state = state_] { serve(state); }).detach();
      state_->threads++;
    } catch (const std::exception&) {
      if (state_->threads == 0) {
        // Not destroyed here: what it holds may be given back through this very executor.
        job = std::move(state_->queue.back());
        state_->queue.pop_back();
        return false;
      }
    }
  }
  return true;
}

bool Executor::idleBy(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(state_->mutex);
  return state_->idle.wait_until(
      lock, deadline, [this] { return state_->queue.empty() && state_->waiting == state_->threads; });
}

// Waits awake for a moment: a program that makes call after call has the next one here within
// microseconds, and waking a thread up takes longer than that.
void Executor::lookOut(State& state, std::unique_lock<std::mutex>& lock) {
  state.looking = true;
  const auto end = std::chrono::steady_clock::now() + state.lookOut;
  lock.unlock();
  while (!state.arrived.load(std::memory_order_relaxed) && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  lock.lock();
  state.looking = false;
}

void Executor::serve(const std::shared_ptr<State>& state) {
  {
    const AtWork atWork;
    state->limits.begin();
  }
  std::unique_lock lock(state->mutex);
  for (;;) {
    if (state->queue.empty() && !state->looking) lookOut(*state, lock);
    state->waiting++;
    if (state->queue.empty() && state->waiting == state->threads) state->idle.notify_all();
    state->work.wait_for(lock, idleThreadLife, [&] { return state->ending || state->ready(); });
    state->waiting--;
    if (!state->ready()) {
      // Either the executor ends or nothing came for long. Whoever posts next starts a new thread.
      state->threads--;
      if (state->waiting == state->threads) state->idle.notify_all();
      return;
    }
    std::unique_ptr<Job> job = std::move(state->queue.front());
    state->queue.pop_front();
    state->arrived.store(!state->queue.empty(), std::memory_order_relaxed);
    state->running++;
    lock.unlock();
    {
      const AtWork atWork;
      job->run();
    }
    const bool answers = job->answers();
    std::unique_ptr<Letter> letter = std::move(job);
    if (answers) state->replies->post(letter);
    letter.reset();  // what nobody took is destroyed before the lock is held again
    lock.lock();
    state->running--;
    state->lastEnd = std::chrono::steady_clock::now();
  }
}

}  // namespace virtnet
