// A system call that failed: plain data that any thread may throw, and that becomes a JavaScript error with
// the properties `errno`, `call` and perhaps `detail`, of which lib/host/error.ts makes the error that users
// see.
#pragma once

#include <napi.h>

#include <cerrno>
#include <exception>
#include <string>
#include <system_error>
#include <utility>

namespace virtnet {

class SystemFailure : public std::exception {
 public:
  // Of the call that has just failed on this thread.
  explicit SystemFailure(const char* call) : SystemFailure(call, errno) {}
  // `detail`: the kernel's own words, where it has any.
  SystemFailure(const char* call, int number, std::string detail = {})
      : call_(call),
        number_(number),
        message_(std::generic_category().message(number)),
        detail_(std::move(detail)) {}

  const char* what() const noexcept override { return message_.c_str(); }
  int number() const noexcept { return number_; }

  Napi::Error give(Napi::Env env) const {
    auto error = Napi::Error::New(env, message_);
    error.Set("errno", Napi::Number::New(env, number_));
    error.Set("call", Napi::String::New(env, call_));
    if (!detail_.empty()) error.Set("detail", Napi::String::New(env, detail_));
    return error;
  }

 private:
  const char* call_;
  int number_;
  std::string message_;
  std::string detail_;
};

// The value of a call that returns -1 when it fails.
template <class Result>
Result checked(Result result, const char* call) {
  if (result < 0) throw SystemFailure(call);
  return result;
}

// Runs on the JavaScript thread what may throw one.
template <class Work>
auto orThrow(Napi::Env env, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const SystemFailure& failure) {
    throw failure.give(env);
  }
}

}  // namespace virtnet
