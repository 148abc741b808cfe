#include "call.hpp"

#include <exception>

#include "environment.hpp"

namespace virtnet {

void Call::run() noexcept {
  if (cancelled()) {
    fail(Failure::closed(function_));
  } else {
    try {
      invoke();
    } catch (const std::exception& error) {  // out of memory: libvirt itself does not throw
      fail({.function = function_, .message = error.what()});
    }
  }
  releaseArguments();
}

void Call::deliver(Environment& environment) {
  const Napi::Env env = environment.env();
  napi_deferred deferred = nullptr;
  if (!session_->settle(id_, deferred)) return;
  if (failure_) {
    failed();
    napi_reject_deferred(env, deferred, failure_->give(env));
  } else {
    napi_resolve_deferred(env, deferred, result(env));
  }
}

Napi::Value Call::runHere(Napi::Env env, std::shared_ptr<Session> session) {
  session_ = std::move(session);
  run();
  if (failure_) {
    napi_throw(env, failure_->give(env));
    throw Napi::Error::New(env);
  }
  return result(env);
}

}  // namespace virtnet
