#include "environment.hpp"

namespace virtnet {

namespace {

// Releasing a healthy connection takes about a millisecond; a silent peer must not hold up an exit.
constexpr auto graceAtEnd = std::chrono::milliseconds(300);

}  // namespace

Environment::Environment(Napi::Env env) : env_(env), mailbox_(Mailbox::open(*this)) {
  // Registered after the mailbox's own hooks, so it runs before them.
  napi_add_env_cleanup_hook(
      env, [](void* environment) { static_cast<Environment*>(environment)->end(); }, this);
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

void Environment::end() {
  mailbox_->close().clear();
  local_.reset();
  std::vector<std::shared_ptr<Session>> ending;
  for (const auto& weak : sessions_)
    if (auto session = weak.lock()) ending.push_back(std::move(session));
  for (const auto& session : ending) session->abandon();
  const auto deadline = std::chrono::steady_clock::now() + graceAtEnd;
  for (const auto& session : ending) session->idleBy(deadline);
}

}  // namespace virtnet
