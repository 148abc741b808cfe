#include "namespaces.hpp"

#include <fcntl.h>
#include <napi.h>
#include <sched.h>
#include <sys/stat.h>

#include <csignal>
#include <exception>
#include <thread>

#include "options.hpp"
#include "system_failure.hpp"
#include "tables.hpp"

namespace virtnet {

namespace {

// Signals belong to Node's threads.
class WithoutSignals {
 public:
  WithoutSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  WithoutSignals(const WithoutSignals&) = delete;
  WithoutSignals& operator=(const WithoutSignals&) = delete;
  ~WithoutSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

// On a thread that ends with it.
void visit(const std::function<void()>& work) {
  std::exception_ptr thrown;
  const auto catching = [&] {
    try {
      work();
    } catch (...) {
      thrown = std::current_exception();
    }
  };
  std::thread visitor;
  try {
    const WithoutSignals blocked;
    visitor = std::thread(catching);
  } catch (const std::system_error& error) {
    throw SystemFailure("clone", error.code().value());
  }
  visitor.join();
  if (thrown) std::rethrow_exception(thrown);
}

void enter(const Fd& file) { checked(setns(file.get(), CLONE_NEWNET), "setns"); }

}  // namespace

void inNamespace(const NamespacePath& path, const std::function<void()>& work) {
  if (!path) return work();
  visit([&] {
    // A path may lead to anything, such as a FIFO, of which opening waits for whoever writes to it.
    enter(Fd(checked(open(path->c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK), "open")));
    work();
  });
}

void inNamespace(const Fd& file, const std::function<void()>& work) {
  visit([&] {
    enter(file);
    work();
  });
}

void inNewNamespace(const std::function<void()>& work) {
  visit([&] {
    checked(unshare(CLONE_NEWNET), "unshare");
    work();
  });
}

void defineNamespaces(Napi::Env env, Napi::Object kernel) {
  // Enters and leaves: throws when that is impossible.
  kernel.Set("tryNamespace", Napi::Function::New(
                                 env,
                                 [](const Napi::CallbackInfo& info) {
                                   const std::string path = text(info[0], "path");
                                   orThrow(info.Env(), [&] { inNamespace(path, [] {}); });
                                 },
                                 "tryNamespace"));
}

}  // namespace virtnet
