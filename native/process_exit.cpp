#include "process_exit.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace virtnet {

namespace {

// A call that takes longer waits for its peer, in poll(), where it does no harm.
constexpr auto patience = std::chrono::milliseconds(100);
constexpr auto lookAgain = std::chrono::microseconds(200);

std::atomic<int> atWork = 0;
std::atomic<bool> exiting = false;

void finish() {
  exiting = true;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (atWork > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(lookAgain);
}

}  // namespace

AtWork::AtWork() noexcept {
  atWork++;
  if (!exiting) return;
  atWork--;
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

AtWork::~AtWork() { atWork--; }

void finishWorkAtExit() {
  static std::once_flag once;
  // Handlers run before the destructors of libraries.
  std::call_once(once, [] { std::atexit(finish); });
}

}  // namespace virtnet
