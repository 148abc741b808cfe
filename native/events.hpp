// libvirt's event callbacks, as rows: what one brings is copied into a letter on the event loop's
// thread, and handed to a JavaScript listener on its own.
#pragma once

#include <libvirt/libvirt.h>

#include <optional>
#include <tuple>

#include "call.hpp"
#include "environment.hpp"
#include "parameter.hpp"
#include "row.hpp"
#include "typed_parameters.hpp"

namespace virtnet {

// What libvirt carries for us from the registration to the callbacks, and frees.
struct EventSource {
  std::shared_ptr<Session> session;
  std::uint32_t subscription;
  static void free(void* source) { delete static_cast<EventSource*>(source); }
};

// How one argument of a callback, valid only during it, is kept until JavaScript sees it.
template <class T>
struct Kept {
  static std::string typescript() { return Wire<T>::typescript; }
  T value;
  Kept(const std::shared_ptr<Session>&, T given) : value(given) {}
  Napi::Value give(Napi::Env env) { return Wire<T>::give(env, value); }
};
template <>
struct Kept<const char*> {
  static std::string typescript() { return "string | null"; }
  std::optional<std::string> value;
  Kept(const std::shared_ptr<Session>&, const char* given) {
    if (given != nullptr) value = given;
  }
  Napi::Value give(Napi::Env env) { return Text::give(env, value ? value->c_str() : nullptr); }
};
template <Handle Pointer>
struct Kept<Pointer> {
  static std::string typescript() { return HandleType<Pointer>::name; }
  Ref<Pointer> value;
  Kept(const std::shared_ptr<Session>& session, Pointer given) : value(Ref<Pointer>::share(session, given)) {}
  Napi::Value give(Napi::Env env) { return value.give(env); }
};

template <>
struct Kept<TypedParametersView> {
  static std::string typescript() { return TypedParameters::typescript; }
  TypedParameters value;
  Kept(const std::shared_ptr<Session>&, TypedParametersView given)
      : value(TypedParameters::copy(given.data, given.length)) {}
  Napi::Value give(Napi::Env env) { return value.give(env); }
};

// A callback with the arguments A between the connection and the opaque pointer.
template <class... A>
class Event {
 public:
  static void fire(virConnectPtr, A... arguments, void* opaque) {
    const auto& source = *static_cast<EventSource*>(opaque);
    try {
      source.session->send(std::make_unique<Occurrence>(source, arguments...));
    } catch (const std::exception&) {  // no memory: it is lost, because libvirt's C cannot be thrown through
    }
  }
  // For callbacks whose result libvirt does not look at.
  static int fireAndReturn(virConnectPtr connection, A... arguments, void* opaque) {
    fire(connection, arguments..., opaque);
    return 0;
  }
  static std::vector<std::string> signature() { return {Kept<A>::typescript()...}; }

 private:
  struct Occurrence final : Letter {
    Occurrence(const EventSource& origin, A... arguments)
        : source(origin), kept(Kept<A>(origin.session, arguments)...) {}
    void deliver(Environment& environment) override {
      const Napi::Function listener = source.session->listener(source.subscription);
      if (listener.IsEmpty()) return;
      std::apply([&](auto&... one) { listener.Call({one.give(environment.env())...}); }, kept);
    }
    EventSource source;
    std::tuple<Kept<A>...> kept;
  };
};

struct EventRow {
  int id;
  const char* name;
  void (*callback)();  // cast: libvirt, too, takes callbacks of all events as one type
  std::vector<std::string> (*signature)();
};
using EventTable = std::span<const EventRow>;

// Callback is libvirt's own type for it: a mismatch does not compile.
template <class Callback, class... A>
EventRow eventRow(int id, const char* name) {
  using Its = Event<A...>;
  if constexpr (std::is_same_v<Callback, decltype(&Its::fireAndReturn)>) {
    return {id, name, reinterpret_cast<void (*)()>(&Its::fireAndReturn), &Its::signature};
  } else {
    static_assert(std::is_same_v<Callback, decltype(&Its::fire)>);
    return {id, name, reinterpret_cast<void (*)()>(&Its::fire), &Its::signature};
  }
}

// A call that registers a callback with its owner, a connection or a stream. Until libvirt has taken it the
// source is ours.
template <Handle Owner>
class Registration : public Call {
 public:
  Registration(const char* function, Ref<Owner> owner, std::uint32_t subscription)
      : Call(function), owner_(std::move(owner)), subscription_(subscription) {}

 protected:
  using Remove = int (*)(Owner owner, int added);
  // Both return libvirt's status. What `add` returns is handed to what `remover` returns; it keeps the source
  // when that is no failure.
  virtual int add(Owner owner, std::unique_ptr<EventSource>& source) = 0;
  virtual Remove remover() const = 0;

  void invoke() final {
    if (remover() == nullptr) return fail(Failure::missing(function()));
    auto source = std::make_unique<EventSource>(session(), subscription_);
    const int added = add(owner_.get(), source);
    if (added < 0) return fail(Failure::last(function()));
    // A reference of its own: the subscription may end after the last handle of the owner.
    Deregister deregister = [owner = owner_.get(), added, remove = remover()] {
      const int status = remove(owner, added);
      HandleType<Owner>::release(owner);
      return status;
    };
    HandleType<Owner>::acquire(owner_.get());
    if (!session()->confirm(subscription_, deregister)) deregister();
  }
  void releaseArguments() override { owner_.releaseHere(); }
  Napi::Value result(Napi::Env env) final { return Napi::Number::New(env, subscription_); }
  void failed() final { session()->unsubscribe(subscription_); }

 private:
  Ref<Owner> owner_;
  std::uint32_t subscription_;
};

// A call that takes a subscription back. It does nothing for one that is gone already.
class Deregistration final : public Call {
 public:
  Deregistration(const char* function, std::uint32_t subscription, Deregister deregister)
      : Call(function), subscription_(subscription), deregister_(std::move(deregister)) {}
  // Arguments (owner, subscription), for every function that deregisters.
  template <Handle Owner>
  static Napi::Value enter(const Napi::CallbackInfo& info, const char* function) {
    checkArity(info, function, 2);
    auto owner = Wire<Owner>::take(info[0], {function, 0});
    const auto subscription = Wire<unsigned>::take(info[1], {function, 1});
    const auto& session = owner.session();
    return session->submit(info.Env(), std::make_unique<Deregistration>(function, subscription,
                                                                        session->unsubscribe(subscription)));
  }
  template <Handle Owner>
  static Signature signature() {
    return {{{HandleType<Owner>::name, 0}, {"number", -1, "subscription"}}, "Promise<void>"};
  }

 protected:
  void invoke() override {
    if (const auto deregister = std::exchange(deregister_, {}); deregister && deregister() < 0)
      fail(Failure::last(function()));
  }
  Napi::Value result(Napi::Env env) override { return env.Undefined(); }
  // Not made, for want of a thread: it is taken back when the session is closed.
  void failed() override {
    if (deregister_) session()->confirm(subscription_, std::move(deregister_));
  }
  // The session has given it up to this call already, also when it is closed before the call is made.
  bool cancelled() const noexcept override { return false; }

 private:
  std::uint32_t subscription_;
  Deregister deregister_;
};

// The rows of one family of events: its register and deregister functions, and its table.
template <Handle Object, class RegisterFunction, class DeregisterFunction, const EventTable& events>
class EventFamily {
 public:
  static constexpr Row registerRow() { return {RegisterFunction::text, &enter, &signature}; }
  static constexpr Row deregisterRow() {
    return {DeregisterFunction::text,
            [](const Napi::CallbackInfo& info) {
              return Deregistration::enter<virConnectPtr>(info, DeregisterFunction::text);
            },
            &Deregistration::signature<virConnectPtr>};
  }

 private:
  class Register final : public Registration<virConnectPtr> {
   public:
    Register(Ref<virConnectPtr> connection, std::uint32_t subscription, Ref<Object> object,
             const EventRow& event)
        : Registration<virConnectPtr>(RegisterFunction::text, std::move(connection), subscription),
          object_(std::move(object)),
          event_(event) {}

   protected:
    int add(virConnectPtr connection, std::unique_ptr<EventSource>& source) override {
      const auto call = RegisterFunction::get();
      using Callback = std::tuple_element_t<3, ParametersOf<typename RegisterFunction::Type>>;
      const int added = call(connection, object_.get(), event_.id,
                             reinterpret_cast<Callback>(event_.callback), source.get(), &EventSource::free);
      if (added >= 0) static_cast<void>(source.release());  // libvirt's now
      return added;
    }
    Remove remover() const override {
      return [](virConnectPtr connection, int added) { return DeregisterFunction::get()(connection, added); };
    }
    void releaseArguments() override {
      Registration<virConnectPtr>::releaseArguments();
      object_.releaseHere();
    }

   private:
    Ref<Object> object_;
    const EventRow& event_;
  };

  template <class F>
  struct Parameters_;
  template <class R, class... A>
  struct Parameters_<R (*)(A...)> {
    using Type = std::tuple<A...>;
  };
  template <class F>
  using ParametersOf = typename Parameters_<F>::Type;

  static Napi::Value enter(const Napi::CallbackInfo& info) {
    constexpr const char* function = RegisterFunction::text;
    checkArity(info, function, 4);
    auto connection = Wire<virConnectPtr>::take(info[0], {function, 0});
    Ref<Object> object;
    if (!info[1].IsNull()) object = Wire<Object>::take(info[1], {function, 1});
    const int id = Wire<int>::take(info[2], {function, 2});
    if (!info[3].IsFunction()) Place{function, 3}.wrongType(info[3], "a function");
    for (const EventRow& event : events) {
      if (event.id != id) continue;
      auto session = connection.session();
      const std::uint32_t subscription = session->subscribe(info[3].template As<Napi::Function>());
      return session->submit(info.Env(), std::make_unique<Register>(std::move(connection), subscription,
                                                                    std::move(object), event));
    }
    Place{function, 2}.outOfRange(info[2], "the number of an event");
  }

  static Signature signature() {
    std::string listener;
    for (const EventRow& event : events) {
      std::string arguments;
      int n = 0;
      for (const std::string& type : event.signature()) {
        n++;
        arguments.append(n > 1 ? ", " : "").append("a").append(std::to_string(n)).append(": ").append(type);
      }
      listener.append(listener.empty() ? "" : " | ").append("((").append(arguments).append(") => void)");
    }
    return {{{"Connect", 0},
             {std::string(HandleType<Object>::name) + " | null", 1},
             {"number", 2},
             {listener, -1, "listener"}},
            "Promise<number>"};
  }
};

}  // namespace virtnet
