// What one JavaScript environment (the main thread, or a worker) owns.
#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "mailbox.hpp"
#include "session.hpp"

namespace virtnet {

class Environment {
 public:
  explicit Environment(Napi::Env env);
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  static Environment& of(const Napi::CallbackInfo& info) {
    return *info.Env().GetInstanceData<Environment>();
  }

  Napi::Env env() const { return env_; }
  const std::shared_ptr<Mailbox>& mailbox() const noexcept { return mailbox_; }

  std::shared_ptr<Session> openSession();
  // For calls that are made on no connection.
  const std::shared_ptr<Session>& localSession();

 private:
  // As the environment ends, in this order: nothing is delivered any more, so no JavaScript value is
  // touched by what follows; every session hands its references to its executor; the executors get a
  // moment to release them, and another one after their connections were cut. A thread that hangs even
  // then is left behind: it holds no JavaScript.
  void end(napi_async_cleanup_hook_handle hook);

  Napi::Env env_;
  std::shared_ptr<Mailbox> mailbox_;
  std::vector<std::weak_ptr<Session>> sessions_;
  std::shared_ptr<Session> local_;
};

}  // namespace virtnet
