// Closing a connection, and hearing that it was closed from the other side.
#include <libvirt/libvirt.h>

#include "events.hpp"
#include "tables/tables.hpp"

namespace virtnet {

namespace {

using Closed = Event<int>;
static_assert(std::is_same_v<virConnectCloseFunc, decltype(&Closed::fire)>);

using RegisterFunction = VIRTNET_FUNCTION(virConnectRegisterCloseCallback);
using UnregisterFunction = VIRTNET_FUNCTION(virConnectUnregisterCloseCallback);

class RegisterClose final : public Registration<virConnectPtr> {
 public:
  using Registration<virConnectPtr>::Registration;
  static Napi::Value enter(const Napi::CallbackInfo& info) {
    checkArity(info, RegisterFunction::text, 2);
    auto connection = Wire<virConnectPtr>::take(info[0], {RegisterFunction::text, 0});
    if (!info[1].IsFunction()) Place{RegisterFunction::text, 1}.wrongType(info[1], "a function");
    auto session = connection.session();
    const auto subscription = session->subscribe(info[1].As<Napi::Function>());
    return session->submit(info.Env(), std::make_unique<RegisterClose>(RegisterFunction::text,
                                                                       std::move(connection), subscription));
  }
  static Signature signature() {
    return {{{"Connect", 0}, {"(reason: number) => void", -1, "listener"}}, "Promise<number>"};
  }

 protected:
  int add(virConnectPtr connection, std::unique_ptr<EventSource>& source) override {
    const int added = RegisterFunction::get()(connection, &Closed::fire, source.get(), &EventSource::free);
    if (added >= 0) static_cast<void>(source.release());  // libvirt's now
    return added;
  }
  Remove remover() const override {
    return [](virConnectPtr connection, int) { return UnregisterFunction::get()(connection, &Closed::fire); };
  }
};

}  // namespace

Napi::Value close(const Napi::CallbackInfo& info) {
  checkArity(info, "virConnectClose", 2);
  const Session::Holder* holder = Ref<virConnectPtr>::holder(info[0]);
  if (holder == nullptr) holder = openingHolder(info[0]);
  if (holder == nullptr) Place{"virConnectClose", 0}.wrongType(info[0], "Connect");
  const Place place{"virConnectClose", 1};
  const int reason = Wire<int>::take(info[1], place);
  if (reason < VIR_CONNECT_CLOSE_REASON_ERROR || reason > VIR_CONNECT_CLOSE_REASON_CLIENT)
    place.outOfRange(info[1], "one of virConnectCloseReason");
  auto session = holder->session;
  if (session->closed()) {
    auto deferred = Napi::Promise::Deferred::New(info.Env());
    deferred.Resolve(info.Env().Undefined());
    return deferred.Promise();
  }
  return session->close(info.Env(), reason);
}

Signature closeSignature() {
  return {{{"Connect | Promise<Connect>", 0}, {"number", -1, "reason"}}, "Promise<void>"};
}

Napi::Value registerCloseCallback(const Napi::CallbackInfo& info) { return RegisterClose::enter(info); }
Signature registerCloseCallbackSignature() { return RegisterClose::signature(); }
Napi::Value unregisterCloseCallback(const Napi::CallbackInfo& info) {
  return Deregistration::enter<virConnectPtr>(info, UnregisterFunction::text);
}

}  // namespace virtnet
