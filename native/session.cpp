#include "session.hpp"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include <utility>

#include "call.hpp"

namespace virtnet {

// Releases what was discarded since the last sweep.
class Session::Sweep : public Job {
 public:
  explicit Sweep(std::shared_ptr<Session> session) : session_(std::move(session)) {}
  void run() noexcept override {
    for (const Reference& reference : session_->takeDiscarded()) reference.release(reference.pointer);
  }
  bool answers() const noexcept override { return false; }
  void deliver(Environment&) override {}

 private:
  std::shared_ptr<Session> session_;
};

// Comes after everything that was to be released, and says that the connection has ended: its socket, too,
// which the event loop's thread closes.
class Session::End : public Call {
 public:
  End() : Call("virConnectClose") {}

 protected:
  void invoke() override { EventLoop::awaitFreed(); }
  Napi::Value result(Napi::Env env) override { return env.Undefined(); }
  bool cancelled() const noexcept override { return false; }
  bool comesLast() const noexcept override { return true; }
};

// Releases everything that a session had when it was closed: first the subscriptions, which hold the
// connection inside libvirt, then the objects, and with the last one the connection itself.
class Session::Release : public Call {
 public:
  Release() : Call("virConnectClose") {}
  std::vector<Deregister> deregistrations;
  std::vector<Reference> references;

  // What calls brought when nobody waited any more has been discarded meanwhile, and holds the connection.
  void deliver(Environment& environment) override {
    auto end = std::make_unique<End>();
    end->id_ = id_;
    end->session_ = session_;
    std::unique_ptr<Job> job = std::move(end);
    if (failure_ || !session_->executor_.post(job)) Call::deliver(environment);
  }

 protected:
  void invoke() override {
    for (const auto& deregister : std::exchange(deregistrations, {})) deregister();
    for (const Reference& reference : std::exchange(references, {})) reference.release(reference.pointer);
  }
  // No thread to do it: done here, and made sure that it does not block.
  void failed() override {
    session()->cutOff();
    invoke();
  }
  Napi::Value result(Napi::Env env) override { return env.Undefined(); }
  bool cancelled() const noexcept override { return false; }
  // A call under way has references of its own, and the last one ends the connection.
  bool comesLast() const noexcept override { return true; }
};

namespace {

// A healthy peer has answered by then, and nobody waits for what calls still bring.
constexpr auto patienceAtClose = std::chrono::milliseconds(700);

std::uint64_t nextId() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

}  // namespace

Session::Session(std::shared_ptr<Mailbox> mailbox)
    : id_(nextId()), mailbox_(std::move(mailbox)), executor_(mailbox_) {}

void Session::discard(Reference reference) {
  if (reference.pointer == nullptr) return;
  {
    const std::lock_guard lock(mutex_);
    discarded_.push_back(reference);
    if (discarded_.size() > 1) return;  // a sweep is on its way
  }
  std::unique_ptr<Job> sweep = std::make_unique<Sweep>(shared_from_this());
  // Without a thread to be had, releasing here is better than never.
  if (!executor_.post(sweep)) sweep->run();
}

std::vector<Reference> Session::takeDiscarded() {
  const std::lock_guard lock(mutex_);
  return std::exchange(discarded_, {});
}

Napi::Promise Session::submit(Napi::Env env, std::unique_ptr<Call> call) {
  return submit(env, std::move(call), true);
}

Napi::Promise Session::submit(Napi::Env env, std::unique_ptr<Call> call, bool holds) {
  napi_deferred deferred = nullptr;
  napi_value promise = nullptr;
  if (napi_create_promise(env, &deferred, &promise) != napi_ok) throw Napi::Error::New(env);
  const std::uint64_t id = ++lastCall_;
  call->id_ = id;
  call->session_ = shared_from_this();
  const char* function = call->function();
  Call& posted = *call;
  std::unique_ptr<Job> job = std::move(call);
  if (executor_.post(job)) {
    pending_.emplace(id, Pending{deferred, function, holds});
    if (holds) mailbox_->hold();
  } else {
    posted.failed();
    const Failure noThread{.function = function,
                           .message = "the system gives no thread to make the call",
                           .number = VIR_ERR_SYSTEM_ERROR};
    napi_reject_deferred(env, deferred, noThread.give(env));
  }
  return Napi::Promise(env, promise);
}

bool Session::settle(std::uint64_t call, napi_deferred& deferred) {
  const auto found = pending_.find(call);
  if (found == pending_.end()) return false;
  deferred = found->second.deferred;
  if (found->second.holds) mailbox_->letGo();
  pending_.erase(found);
  return true;
}

Session::Holder* Session::hold(Reference reference) {
  auto* holder = new Holder{reference, shared_from_this(), nullptr, holders_};
  if (holders_ != nullptr) holders_->previous = holder;
  holders_ = holder;
  return holder;
}

void Session::letGo(Holder* holder) {
  (holder->previous != nullptr ? holder->previous->next : holders_) = holder->next;
  if (holder->next != nullptr) holder->next->previous = holder->previous;
  discard(holder->reference);
  delete holder;  // and with it, perhaps, this session
}

std::uint32_t Session::subscribe(Napi::Function listener) {
  const std::uint32_t id = ++lastSubscription_;
  listeners_.emplace(id, Napi::Persistent(listener));
  mailbox_->hold();
  return id;
}

bool Session::confirm(std::uint32_t subscription, Deregister deregister) {
  const std::lock_guard lock(mutex_);
  if (closed()) return false;
  registrations_.emplace(subscription, std::move(deregister));
  return true;
}

Deregister Session::unsubscribe(std::uint32_t subscription) {
  if (listeners_.erase(subscription) != 0) mailbox_->letGo();
  const std::lock_guard lock(mutex_);
  auto registration = registrations_.extract(subscription);
  return registration ? std::move(registration.mapped()) : Deregister();
}

Napi::Function Session::listener(std::uint32_t subscription) const {
  const auto found = listeners_.find(subscription);
  return found == listeners_.end() ? Napi::Function() : found->second.Value();
}

std::unique_ptr<Session::Release> Session::takeEverything(int reason) {
  ended_.store(reason, std::memory_order_release);
  if (whenClosing_) std::exchange(whenClosing_, {})();
  listeners_.clear();
  auto release = std::make_unique<Release>();
  for (Holder* holder = holders_; holder != nullptr; holder = holder->next)
    if (holder->reference.pointer != nullptr)
      release->references.push_back(std::exchange(holder->reference, {}));
  const std::lock_guard lock(mutex_);
  for (auto& [id, deregister] : std::exchange(registrations_, {}))
    release->deregistrations.push_back(std::move(deregister));
  return release;
}

Napi::Promise Session::close(Napi::Env env, int reason) {
  for (const auto& [id, pending] : std::exchange(pending_, {})) {
    if (pending.holds) mailbox_->letGo();
    napi_reject_deferred(env, pending.deferred, Failure::ended(pending.function, reason).give(env));
  }
  for (std::size_t held = listeners_.size(); held > 0; held--) mailbox_->letGo();
  auto release = takeEverything(reason);
  EventLoop::cutIn(patienceAtClose, id_);
  Napi::Promise closed = submit(env, std::move(release), false);
  executor_.finish();
  return closed;
}

void Session::abandon() {
  pending_.clear();
  auto release = takeEverything(VIR_CONNECT_CLOSE_REASON_CLIENT);
  release->session_ = shared_from_this();
  std::unique_ptr<Job> job = std::move(release);
  if (!executor_.post(job)) {
    cutOff();
    job->run();
  }
  executor_.finish();
}

}  // namespace virtnet
