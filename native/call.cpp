#include "call.hpp"

#include <exception>

#include "environment.hpp"

namespace virtnet {

void Call::run() noexcept {
  try {
    if (cancelled()) fail(session_->ended(function_));
    else invoke();
  } catch (const std::exception&) {  // no memory, no thread, no descriptor: libvirt does not throw
    fail(Failure::caught(function_));
  }
  releaseArguments();
}

void Call::deliver(Environment& environment) {
  const Napi::Env env = environment.env();
  napi_deferred deferred = nullptr;
  if (!session_->settle(id_, deferred)) return;
  try {
    if (!failure_) {
      napi_resolve_deferred(env, deferred, result(env));
      return;
    }
    failed();
    napi_reject_deferred(env, deferred, failure_->give(env));
  } catch (const Napi::Error& error) {  // longer than JavaScript's strings can be, for one
    napi_reject_deferred(env, deferred, error.Value());
  } catch (const std::exception&) {
    napi_reject_deferred(env, deferred, Failure::caught(function_).give(env));
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
