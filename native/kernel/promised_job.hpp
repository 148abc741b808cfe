// Work for an executor whose outcome settles a promise, which keeps the process alive until then.
#pragma once

#include <napi.h>

#include <cerrno>
#include <memory>
#include <optional>

#include "../environment.hpp"
#include "../executor.hpp"
#include "system_failure.hpp"

namespace virtnet {

class PromisedJob : public Job {
 public:
  // Rejected at once when the system gives no thread.
  static Napi::Promise post(const Napi::CallbackInfo& info, Executor& executor,
                            std::unique_ptr<PromisedJob> job) {
    const Napi::Env env = info.Env();
    napi_value promise = nullptr;
    if (napi_create_promise(env, &job->deferred_, &promise) != napi_ok) throw Napi::Error::New(env);
    PromisedJob& posted = *job;
    const auto mailbox = Environment::of(info).mailbox();
    mailbox->hold();
    std::unique_ptr<Job> work = std::move(job);
    if (!executor.post(work)) {
      mailbox->letGo();
      napi_reject_deferred(env, posted.deferred_, SystemFailure("clone", EAGAIN).give(env).Value());
    }
    return {env, promise};
  }

  void run() noexcept final {
    try {
      work();
    } catch (const SystemFailure& failure) {
      failure_.emplace(failure);
    } catch (const std::exception&) {
      failure_.emplace("malloc", ENOMEM);
    }
  }

  void deliver(Environment& environment) final {
    environment.mailbox()->letGo();
    const Napi::Env env = environment.env();
    try {
      if (failure_) napi_reject_deferred(env, deferred_, failure_->give(env).Value());
      else napi_resolve_deferred(env, deferred_, result(env));
    } catch (const Napi::Error& error) {  // no memory for it in JavaScript
      napi_reject_deferred(env, deferred_, error.Value());
    }
  }

 protected:
  // On a thread of the executor. What it throws rejects the promise.
  virtual void work() = 0;
  // On the JavaScript thread: what the promise resolves to.
  virtual Napi::Value result(Napi::Env env) = 0;

 private:
  napi_deferred deferred_ = nullptr;
  std::optional<SystemFailure> failure_;
};

}  // namespace virtnet
