#include "stream_events.hpp"

namespace virtnet {

namespace {

using AddFunction = VIRTNET_FUNCTION(virStreamEventAddCallback);
using UpdateFunction = VIRTNET_FUNCTION(virStreamEventUpdateCallback);
using RemoveFunction = VIRTNET_FUNCTION(virStreamEventRemoveCallback);

void ready(virStreamPtr stream, int events, void* opaque) {
  UpdateFunction::get()(stream, 0);
  Event<int>::fire(nullptr, events, opaque);
}
static_assert(std::is_same_v<virStreamEventCallback, decltype(&ready)>);

class AddCallback final : public Registration<virStreamPtr> {
 public:
  AddCallback(Ref<virStreamPtr> stream, std::uint32_t subscription, int events)
      : Registration<virStreamPtr>(AddFunction::text, std::move(stream), subscription), events_(events) {}

 protected:
  int add(virStreamPtr stream, EventSource* source) override {
    return AddFunction::get()(stream, events_, &ready, source, &EventSource::free);
  }
  Remove remover() const override {
    return [](virStreamPtr stream, int) { return RemoveFunction::get()(stream); };
  }

 private:
  int events_;
};

}  // namespace

Napi::Value streamEventAddCallback(const Napi::CallbackInfo& info) {
  checkArity(info, AddFunction::text, 3);
  auto stream = Wire<virStreamPtr>::take(info[0], {AddFunction::text, 0});
  const int events = Wire<int>::take(info[1], {AddFunction::text, 1});
  if (!info[2].IsFunction()) Place{AddFunction::text, 2}.wrongType(info[2], "a function");
  auto session = stream.session();
  const auto subscription = session->subscribe(info[2].As<Napi::Function>());
  return session->submit(info.Env(), std::make_unique<AddCallback>(std::move(stream), subscription, events));
}

Signature streamEventAddCallbackSignature() {
  return {{{"Stream", 0}, {"number", 1}, {"(events: number) => void", -1, "listener"}}, "Promise<number>"};
}

Napi::Value streamEventRemoveCallback(const Napi::CallbackInfo& info) {
  return Deregistration::enter<virStreamPtr>(info, RemoveFunction::text);
}

}  // namespace virtnet
