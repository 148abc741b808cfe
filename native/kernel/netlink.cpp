// Netlink sockets as JavaScript has them: one that asks, on a thread of its own because the kernel does the
// work within sendmsg(), under a lock that others may hold for long; and one that listens, on libuv's poll.
#include <algorithm>
#include <memory>
#include <utility>

#include "../environment.hpp"
#include "netlink_socket.hpp"
#include "options.hpp"
#include "poll.hpp"
#include "promised_job.hpp"
#include "system_failure.hpp"
#include "tables.hpp"
#include "wrapped.hpp"

namespace virtnet {

namespace {

NamespacePath namespaceOf(Napi::Value value) {
  if (value.IsNull()) return std::nullopt;
  return text(value, "netns");
}

Napi::Value copied(Napi::Env env, const Bytes& bytes) {
  auto copy = Napi::Uint8Array::New(env, bytes.size());
  std::ranges::copy(bytes, copy.Data());
  return copy;
}

class Exchange final : public PromisedJob {
 public:
  Exchange(std::shared_ptr<NetlinkSocket> socket, Bytes messages)
      : socket_(std::move(socket)), messages_(std::move(messages)) {}

 protected:
  void work() override { answers_ = std::exchange(socket_, {})->exchange(std::move(messages_)); }
  Napi::Value result(Napi::Env env) override {
    auto answers = Napi::Object::New(env);
    answers.Set("first", Napi::Number::New(env, answers_.first));
    answers.Set("bytes", copied(env, answers_.bytes));
    return answers;
  }

 private:
  std::shared_ptr<NetlinkSocket> socket_;
  Bytes messages_;
  Answers answers_;
};

// new NetlinkRequests(protocol, namespace | null): lib/native/kernel.ts.
class NetlinkRequests : public Wrapped<NetlinkRequests> {
 public:
  static constexpr const char* name = "NetlinkRequests";
  static constexpr napi_type_tag tag = {0x6f1d3c02a95b4e17, 0x9c0a77d1e2f84b36};

  explicit NetlinkRequests(const Napi::CallbackInfo& info)
      : Wrapped(info),
        mailbox_(Environment::of(info).mailbox()),
        executor_(mailbox_, {.begin = [] {}, .most = 1}) {
    const int protocol = info[0].As<Napi::Number>();
    const NamespacePath network = namespaceOf(info[1]);
    socket_ = orThrow(info.Env(), [&] { return std::make_shared<NetlinkSocket>(network, protocol, buffer); });
  }

  Napi::Value exchange(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    auto given = info[0].As<Napi::Uint8Array>();
    Bytes messages(given.Data(), given.Data() + given.ByteLength());
    if (!areMessages(messages)) throw Napi::RangeError::New(env, "these are not whole netlink messages");
    if (socket_)
      return PromisedJob::post(info, executor_, std::make_unique<Exchange>(socket_, std::move(messages)));
    const auto closed = Napi::Promise::Deferred::New(env);
    closed.Reject(SystemFailure("sendmsg", EBADF).give(env).Value());
    return closed.Promise();
  }

  // What is under way ends as usual.
  void close(const Napi::CallbackInfo&) {
    socket_.reset();
    executor_.finish();
  }

 private:
  // For the answers to many messages that fail at once.
  static constexpr int buffer = 4 * 1024 * 1024;

  std::shared_ptr<Mailbox> mailbox_;
  std::shared_ptr<NetlinkSocket> socket_;
  Executor executor_;
};

// new NetlinkEvents(protocol, namespace | null, groups, bytes of buffer, listener): lib/native/kernel.ts.
class NetlinkEvents : public Wrapped<NetlinkEvents> {
 public:
  static constexpr const char* name = "NetlinkEvents";
  static constexpr napi_type_tag tag = {0x2b8e5a4f10c74d29, 0xb1f6e03d7a92485c};

  explicit NetlinkEvents(const Napi::CallbackInfo& info)
      : Wrapped(info), listener_(Napi::Persistent(info[4].As<Napi::Function>())) {
    const int protocol = info[0].As<Napi::Number>();
    const NamespacePath network = namespaceOf(info[1]);
    std::vector<unsigned> groups;
    auto given = info[2].As<Napi::Array>();
    groups.reserve(given.Length());
    for (std::uint32_t i = 0; i < given.Length(); i++)
      groups.push_back(given.Get(i).As<Napi::Number>().Uint32Value());
    const int buffer = info[3].As<Napi::Number>();
    orThrow(info.Env(), [&] {
      NetlinkSocket socket(network, protocol, buffer);
      socket.join(groups);
      poll_ = std::make_unique<Poll>(info.Env(), "virtnet.netlink", socket.takeFd(),
                                     [this](int, int error) { read(error); });
      poll_->watch(UV_READABLE);
    });
    poll_->hold();
  }

  void close(const Napi::CallbackInfo&) { poll_->close(); }

 private:
  // Datagrams for one call of the listener: enough that a flood costs few calls, few enough that timers
  // and others get their turn meanwhile.
  static constexpr int round = 256;

  void read(int error) {
    const Napi::Env env = listener_.Env();
    bool more = true;
    Bytes arrived;
    for (int i = 0; i < round && more; i++) {
      try {
        more = reader_.receive(poll_->fd(), arrived);
      } catch (const SystemFailure&) {
        lost_ = true;
      }
    }
    // libuv looks no more at what it has seen an error of, as that some was lost.
    if (error != 0) poll_->watch(UV_READABLE);
    // As a flood, the news that some of it was lost comes after what was there before. The kernel drops what
    // comes until it sees that all was read: only then can everything be asked for anew.
    if (!arrived.empty()) listener_.Call({copied(env, arrived)});
    if (!more && std::exchange(lost_, false) && !poll_->closed()) listener_.Call({env.Null()});
  }

  Napi::FunctionReference listener_;
  DatagramReader reader_;
  bool lost_ = false;           // some of what was told, and nobody knows it yet
  std::unique_ptr<Poll> poll_;  // last: nothing calls the listener any more when it goes
};

}  // namespace

void defineNetlink(Napi::Env env, Napi::Object kernel) {
  using Requests = NetlinkRequests;
  kernel.Set(Requests::name, Requests::DefineClass(env, Requests::name,
                                                   {Requests::InstanceMethod<&Requests::exchange>("exchange"),
                                                    Requests::InstanceMethod<&Requests::close>("close")}));
  using Events = NetlinkEvents;
  kernel.Set(Events::name,
             Events::DefineClass(env, Events::name, {Events::InstanceMethod<&Events::close>("close")}));
}

}  // namespace virtnet
