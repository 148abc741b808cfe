#include "event_loop.hpp"

#include <libvirt/libvirt.h>
#include <pthread.h>
#include <signal.h>

#include <mutex>
#include <thread>

#include "library.hpp"

namespace virtnet {

namespace {

void run() {
  // Signals belong to the thread that Node waits for them on.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  const auto runOnce = VIRTNET_FUNCTION(virEventRunDefaultImpl)::get();
  // Ends with the process. It fails only when poll() does, which leaves no events to wait for.
  while (runOnce() == 0) {
  }
}

}  // namespace

void EventLoop::start() {
  static std::once_flag once;
  std::call_once(once, [] {
    const auto registerLoop = VIRTNET_FUNCTION(virEventRegisterDefaultImpl)::get();
    if (registerLoop != nullptr && registerLoop() == 0) std::thread(run).detach();
  });
}

}  // namespace virtnet
