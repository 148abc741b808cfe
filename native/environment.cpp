#include "environment.hpp"

namespace virtnet {

namespace {

// Releasing a healthy connection takes about a millisecond; a silent peer must not hold up an exit.
constexpr auto graceAtEnd = std::chrono::milliseconds(300);
// What waited for that peer fails within a moment when it is cut off.
constexpr auto graceAfterCut = std::chrono::milliseconds(200);

}  // namespace

Environment::Environment(Napi::Env env) : env_(env), mailbox_(std::make_shared<Mailbox>(*this)) {
  // An asynchronous one: the event loop must turn once more to let go of the mailbox's handle.
  napi_add_async_cleanup_hook(
      env,
      [](napi_async_cleanup_hook_handle hook, void* environment) {
        static_cast<Environment*>(environment)->end(hook);
      },
      this, nullptr);
}

std::shared_ptr<Session> Environment::openSession() {
  std::erase_if(sessions_, [](const auto& session) { return session.expired(); });
  auto session = std::make_shared<Session>(mailbox_);
  sessions_.push_back(session);
  return session;
}

const std::shared_ptr<Session>& Environment::localSession() {
  if (!local_) local_ = openSession();
  return local_;
}

void Environment::end(napi_async_cleanup_hook_handle hook) {
  const auto unhook = [](void* handle) {
    napi_remove_async_cleanup_hook(static_cast<napi_async_cleanup_hook_handle>(handle));
  };
  mailbox_->close(unhook, hook).clear();
  local_.reset();
  std::vector<std::shared_ptr<Session>> ending;
  for (const auto& weak : sessions_)
    if (auto session = weak.lock()) ending.push_back(std::move(session));
  for (const auto& session : ending) session->abandon();
  const auto deadline = std::chrono::steady_clock::now() + graceAtEnd;
  std::erase_if(ending, [&](const auto& session) { return session->idleBy(deadline); });
  for (const auto& session : ending) session->cutOff();
  for (const auto& session : ending) session->idleBy(deadline + graceAfterCut);
}

}  // namespace virtnet
