// virConnectOpenAuth: libvirt asks for credentials in the middle of the call, on the thread that makes
// it, and JavaScript answers in its own time.
#include <libvirt/libvirt.h>

#include <condition_variable>
#include <cstring>
#include <optional>
#include <span>

#include "call.hpp"
#include "environment.hpp"
#include "event_loop.hpp"
#include "tables/tables.hpp"

namespace virtnet {

namespace {

using Open = VIRTNET_FUNCTION(virConnectOpenAuth);
using Answers = std::vector<std::optional<std::string>>;

struct Credential {
  int type;
  std::string prompt;
  std::string challenge;
  std::string preset;
};

// Where the thread of the call waits for JavaScript.
class Conversation {
 public:
  // Nothing when there is no answer: the call is then given up.
  std::optional<Answers> listen() {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [this] { return answered_ || ended_; });
    answered_ = false;
    return std::exchange(answers_, {});
  }
  void answer(std::optional<Answers> answers) {
    const std::lock_guard lock(mutex_);
    answered_ = true;
    answers_ = std::move(answers);
    turn_.notify_one();
  }
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    turn_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable turn_;
  bool answered_ = false;
  bool ended_ = false;
  std::optional<Answers> answers_;
};

// What one question is answered with, once. Dropping it unanswered is a refusal.
class Reply {
 public:
  explicit Reply(std::shared_ptr<Conversation> conversation) : conversation_(std::move(conversation)) {}
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;
  ~Reply() { give(std::nullopt); }
  void give(std::optional<Answers> answers) {
    if (const auto conversation = std::exchange(conversation_, {})) conversation->answer(std::move(answers));
  }

 private:
  std::shared_ptr<Conversation> conversation_;
};

// One text or null for each that was asked; anything else is a refusal.
std::optional<Answers> readAnswers(Napi::Value value, std::size_t asked) {
  if (!value.IsArray()) return std::nullopt;
  auto array = value.As<Napi::Array>();
  if (array.Length() != asked) return std::nullopt;
  Answers answers;
  for (std::uint32_t i = 0; i < asked; i++) {
    const Napi::Value one = array[i];
    if (!one.IsString()) {
      answers.emplace_back(std::nullopt);
      continue;
    }
    std::string text = one.As<Napi::String>();
    // In C the text would end there, and be another one.
    if (text.find('\0') != std::string::npos) return std::nullopt;
    answers.emplace_back(std::move(text));
  }
  return answers;
}

// What libvirt asks, on its way to the listener. One that never gets there is refused.
class Question final : public Letter {
 public:
  Question(std::shared_ptr<Session> session, std::uint32_t listener,
           std::shared_ptr<Conversation> conversation, std::vector<Credential> credentials)
      : session_(std::move(session)),
        listener_(listener),
        reply_(std::make_shared<Reply>(std::move(conversation))),
        credentials_(std::move(credentials)) {}
  void deliver(Environment& environment) override {
    const Napi::Function listener = session_->listener(listener_);
    if (listener.IsEmpty()) return;
    const Napi::Env env = environment.env();
    auto asked = Napi::Array::New(env, credentials_.size());
    for (std::uint32_t i = 0; i < credentials_.size(); i++) {
      auto one = Napi::Object::New(env);
      one.Set("type", credentials_[i].type);
      one.Set("prompt", credentials_[i].prompt);
      one.Set("challenge", credentials_[i].challenge);
      one.Set("preset", credentials_[i].preset);
      asked.Set(i, one);
    }
    // The reply is the function's from now on: when JavaScript forgets that unanswered, it is collected.
    const std::shared_ptr<Reply> reply = std::move(reply_);
    auto answer =
        Napi::Function::New(env, [reply, count = credentials_.size()](const Napi::CallbackInfo& info) {
          reply->give(readAnswers(info[0], count));
        });
    try {
      listener.Call({asked, answer});
    } catch (const std::exception&) {
      reply->give(std::nullopt);
      throw;
    }
  }

 private:
  std::shared_ptr<Session> session_;
  std::uint32_t listener_;
  std::shared_ptr<Reply> reply_;
  std::vector<Credential> credentials_;
};

class OpenAuth final : public Call {
 public:
  OpenAuth(std::optional<std::string> name, std::vector<int> types, unsigned flags, std::uint32_t listener,
           std::shared_ptr<Conversation> conversation)
      : Call(Open::text),
        name_(std::move(name)),
        types_(std::move(types)),
        flags_(flags),
        listener_(listener),
        conversation_(std::move(conversation)) {}

  static Napi::Value enter(const Napi::CallbackInfo& info) {
    checkArity(info, Open::text, 4);
    auto name = Wire<const char*>::take(info[0], {Open::text, 0});
    if (!info[1].IsArray()) Place{Open::text, 1}.wrongType(info[1], "an array of credential types");
    auto array = info[1].As<Napi::Array>();
    std::vector<int> types;
    types.reserve(array.Length());
    for (std::uint32_t i = 0; i < array.Length(); i++)
      types.push_back(Wire<int>::take(array[i], {Open::text, 1}));
    if (!info[2].IsFunction()) Place{Open::text, 2}.wrongType(info[2], "a function");
    const auto flags = Wire<unsigned>::take(info[3], {Open::text, 3});

    auto session = Environment::of(info).openSession();
    auto conversation = std::make_shared<Conversation>();
    session->whenClosing([conversation] { conversation->end(); });
    const auto listener = session->subscribe(info[2].As<Napi::Function>());
    auto call = std::make_unique<OpenAuth>(std::move(name), std::move(types), flags, listener,
                                           std::move(conversation));
    return opening(session, session->submit(info.Env(), std::move(call)));
  }

  static Signature signature() {
    return {{{"string | null", 0},
             {"number[]", -1, "credentialTypes"},
             {"(asked: { type: number; prompt: string; challenge: string; preset: string }[], "
              "answer: (answers: (string | null)[] | null) => void) => void",
              -1, "listener"},
             {"number", 2}},
            "Promise<Connect>"};
  }

 protected:
  void invoke() override {
    if (Open::get() == nullptr) return fail(Failure::missing(Open::text));
    const EventLoop::Opening its(session()->id());
    // As in bind.hpp.
    if (session()->closed()) return fail(session()->ended(Open::text));
    virConnectAuth auth{types_.data(), static_cast<unsigned>(types_.size()), &OpenAuth::ask, this};
    const virConnectPtr opened = Open::get()(name_ ? name_->c_str() : nullptr, &auth, flags_);
    if (opened == nullptr) return fail(Failure::last(Open::text));
    connection_ = Ref<virConnectPtr>(session(), opened);
  }
  Napi::Value result(Napi::Env env) override {
    session()->unsubscribe(listener_);
    return connection_.give(env);
  }
  void failed() override { session()->unsubscribe(listener_); }

 private:
  static std::string text(const char* given) { return given != nullptr ? given : ""; }

  // 0 when all is answered. -1 gives the call up.
  static int ask(virConnectCredentialPtr asked, unsigned count, void* self) {
    try {
      return static_cast<OpenAuth*>(self)->ask(std::span(asked, count));
    } catch (const std::exception&) {  // no memory; libvirt's C cannot be thrown through
      return -1;
    }
  }

  int ask(std::span<virConnectCredential> credentials) {
    std::vector<Credential> copies;
    for (const virConnectCredential& one : credentials)
      copies.push_back({one.type, text(one.prompt), text(one.challenge), text(one.defresult)});
    session()->send(std::make_unique<Question>(session(), listener_, conversation_, std::move(copies)));
    const auto answers = conversation_->listen();
    if (!answers) return -1;
    for (std::size_t i = 0; i < credentials.size(); i++) {
      const auto& answer = (*answers)[i];
      if (!answer) continue;
      credentials[i].result = strdup(answer->c_str());  // freed by libvirt
      if (credentials[i].result == nullptr) return -1;
      credentials[i].resultlen = static_cast<unsigned>(answer->size());
    }
    return 0;
  }

  std::optional<std::string> name_;
  std::vector<int> types_;
  unsigned flags_;
  std::uint32_t listener_;
  std::shared_ptr<Conversation> conversation_;
  Ref<virConnectPtr> connection_;
};

}  // namespace

Napi::Value openAuth(const Napi::CallbackInfo& info) { return OpenAuth::enter(info); }
Signature openAuthSignature() { return OpenAuth::signature(); }

}  // namespace virtnet
