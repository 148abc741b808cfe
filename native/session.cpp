#include "session.hpp"

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

// Releases everything that a session had when it was closed: first the subscriptions, which hold the
// connection inside libvirt, then the objects, and with the last one the connection itself.
class Session::Release : public Call {
 public:
  Release() : Call("virConnectClose") {}
  std::vector<Deregister> deregistrations;
  std::vector<Reference> references;

 protected:
  void invoke() override {
    for (const auto& deregister : deregistrations) deregister();
    for (const Reference& reference : references) reference.release(reference.pointer);
  }
  Napi::Value result(Napi::Env env) override { return env.Undefined(); }
  bool cancelled() const noexcept override { return false; }
};

Session::Session(std::shared_ptr<Mailbox> mailbox)
    : mailbox_(std::move(mailbox)), executor_(mailbox_) {}

void Session::discard(Reference reference) {
  if (reference.pointer == nullptr) return;
  {
    const std::lock_guard lock(mutex_);
    discarded_.push_back(reference);
    if (discarded_.size() > 1) return;  // a sweep is on its way
  }
  auto sweep = std::make_unique<Sweep>(shared_from_this());
  // Without a thread to be had, releasing here is better than never.
  if (!executor_.post(std::move(sweep))) Sweep(shared_from_this()).run();
}

std::vector<Reference> Session::takeDiscarded() {
  const std::lock_guard lock(mutex_);
  return std::exchange(discarded_, {});
}

Napi::Promise Session::submit(Napi::Env env, std::unique_ptr<Call> call) {
  napi_deferred deferred = nullptr;
  napi_value promise = nullptr;
  if (napi_create_promise(env, &deferred, &promise) != napi_ok) throw Napi::Error::New(env);
  const std::uint64_t id = ++lastCall_;
  call->id_ = id;
  call->session_ = shared_from_this();
  const char* function = call->function();
  if (!executor_.post(std::move(call)))
    throw Napi::Error::New(env, std::string(function) + ": the system gives no thread to make the call");
  pending_.emplace(id, Pending{deferred, function});
  mailbox_->hold();
  return Napi::Promise(env, promise);
}

bool Session::settle(std::uint64_t call, napi_deferred& deferred) {
  const auto found = pending_.find(call);
  if (found == pending_.end()) return false;
  deferred = found->second.deferred;
  pending_.erase(found);
  mailbox_->letGo();
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
  if (listeners_.erase(subscription) == 0) return {};
  mailbox_->letGo();
  const std::lock_guard lock(mutex_);
  auto registration = registrations_.extract(subscription);
  return registration ? std::move(registration.mapped()) : Deregister();
}

Napi::Function Session::listener(std::uint32_t subscription) const {
  const auto found = listeners_.find(subscription);
  return found == listeners_.end() ? Napi::Function() : found->second.Value();
}

std::unique_ptr<Session::Release> Session::takeEverything() {
  closed_.store(true, std::memory_order_release);
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

Napi::Promise Session::close(Napi::Env env) {
  for (const auto& [id, pending] : std::exchange(pending_, {})) {
    napi_reject_deferred(env, pending.deferred, Failure::closed(pending.function).give(env));
    mailbox_->letGo();
  }
  for (std::size_t held = listeners_.size(); held > 0; held--) mailbox_->letGo();
  return submit(env, takeEverything());
}

void Session::abandon() {
  pending_.clear();
  auto release = takeEverything();
  release->session_ = shared_from_this();
  executor_.post(std::move(release));
}

}  // namespace virtnet
