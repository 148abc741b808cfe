#include "stream_events.hpp"

#include <limits>
#include <mutex>
#include <unordered_map>

namespace virtnet {

namespace {

using AddFunction = VIRTNET_FUNCTION(virStreamEventAddCallback);
using UpdateFunction = VIRTNET_FUNCTION(virStreamEventUpdateCallback);
using RemoveFunction = VIRTNET_FUNCTION(virStreamEventRemoveCallback);

// The sources of callbacks that libvirt has. libvirt (11.3) never frees what a remote stream's callback was
// given, and may be in the callback as it is removed: so it gets a number, and what that stands for is looked
// up.
class Sources {
 public:
  int add(EventSource source) {
    const std::lock_guard lock(mutex_);
    last_ = last_ == std::numeric_limits<int>::max() ? 1 : last_ + 1;
    sources_.insert_or_assign(last_, std::move(source));
    return last_;
  }
  std::optional<EventSource> find(int number) {
    const std::lock_guard lock(mutex_);
    const auto found = sources_.find(number);
    if (found == sources_.end()) return std::nullopt;
    return found->second;
  }
  // The session of it may end here, and must not do so under the lock.
  void remove(int number) {
    std::unordered_map<int, EventSource>::node_type gone;
    const std::lock_guard lock(mutex_);
    gone = sources_.extract(number);
  }

 private:
  std::mutex mutex_;
  std::unordered_map<int, EventSource> sources_;
  int last_ = 0;
};

Sources& sources() {
  static auto* const all = new Sources;  // never destroyed: libvirt's thread may be in a callback at exit
  return *all;
}

void ready(virStreamPtr stream, int events, void* opaque) {
  UpdateFunction::get()(stream, 0);
  auto source = sources().find(static_cast<int>(reinterpret_cast<std::intptr_t>(opaque)));
  if (source) Event<int>::fire(nullptr, events, &*source);
}
static_assert(std::is_same_v<virStreamEventCallback, decltype(&ready)>);

class AddCallback final : public Registration<virStreamPtr> {
 public:
  AddCallback(Ref<virStreamPtr> stream, std::uint32_t subscription, int events)
      : Registration<virStreamPtr>(AddFunction::text, std::move(stream), subscription), events_(events) {}

 protected:
  int add(virStreamPtr stream, std::unique_ptr<EventSource>& source) override {
    const int number = sources().add(std::move(*source));
    // NOLINTNEXTLINE(performance-no-int-to-ptr): libvirt carries a pointer, which nobody follows
    auto* const opaque = reinterpret_cast<void*>(static_cast<std::intptr_t>(number));
    const int status = AddFunction::get()(stream, events_, &ready, opaque, nullptr);
    if (status == 0) return number;
    sources().remove(number);
    return status;
  }
  Remove remover() const override {
    return [](virStreamPtr stream, int number) {
      const int status = RemoveFunction::get()(stream);
      sources().remove(number);
      return status;
    };
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
