// One call of a C function: converted arguments on the way there, a result or a failure on the way back.
#pragma once

#include <optional>

#include "session.hpp"

namespace virtnet {

class Call : public Job {
 public:
  explicit Call(const char* function) : function_(function) {}

  void run() noexcept final;
  void deliver(Environment& environment) override;

 protected:
  // Instead of being submitted: calls on the JavaScript thread, and returns or throws at once.
  Napi::Value runHere(Napi::Env env, std::shared_ptr<Session> session);

  // On the executor's thread: makes the C call, and takes its failure there.
  virtual void invoke() = 0;
  // On the executor's thread, after the call: gives up the references that the arguments held.
  virtual void releaseArguments() {}
  // On the JavaScript thread: one of the two. failed() also when the call could not be made at all.
  virtual Napi::Value result(Napi::Env env) = 0;
  virtual void failed() {}

  void fail(Failure failure) { failure_ = std::move(failure); }
  const char* function() const noexcept { return function_; }
  // Nobody waits for the result any more. A call still queued is not made.
  virtual bool cancelled() const noexcept { return session_->closed(); }
  const std::shared_ptr<Session>& session() const noexcept { return session_; }

 private:
  friend class Session;
  const char* function_;
  std::uint64_t id_ = 0;
  std::shared_ptr<Session> session_;
  std::optional<Failure> failure_;
};

}  // namespace virtnet
