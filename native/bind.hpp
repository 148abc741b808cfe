// From the type of a C function to its row: arguments, call, result and TypeScript signature.
#pragma once

#include <tuple>
#include <utility>

#include "call.hpp"
#include "environment.hpp"
#include "event_loop.hpp"
#include "parameter.hpp"
#include "returned.hpp"
#include "row.hpp"

namespace virtnet {

// Where the C function is called.
enum class Runs {
  OnExecutor,  // it may block: JavaScript gets a promise
  Here,        // it only reads what the handle holds: JavaScript gets the value
};

template <class F, Means means, Runs runs, class CSignature = typename F::Type>
class BoundCall;

template <class F, Means means, Runs runs, class R, class... A>
class BoundCall<F, means, runs, R (*)(A...)> final : public Call {
  using Parameters = std::tuple<Parameter<A>...>;
  using Result = Returned<R, means>;
  static constexpr std::size_t arity = (std::size_t{0} + ... + Parameter<A>::isArgument);
  static constexpr bool opensConnection = std::is_same_v<R, virConnectPtr>;
  static constexpr bool givesReturned = requires { Result::typescript; };

  static_assert(!(std::is_same_v<A, char*> || ...) || F::nameContains("UUIDString"),
                "a char* that is not the buffer of a UUID needs a Parameter of its own");

 public:
  BoundCall() : Call(F::text) {}

  static Napi::Value enter(const Napi::CallbackInfo& info) {
    checkArity(info, F::text, arity);
    auto call = std::make_unique<BoundCall>();
    std::size_t position = 0;
    call->forEachArgument([&](auto& argument) {
      argument.take(info[position], {F::text, position});
      position++;
    });
    call->makeRoom(info.Env(), std::index_sequence_for<A...>());
    auto session = call->sessionFor(Environment::of(info));
    if constexpr (opensConnection) return opening(session, session->submit(info.Env(), std::move(call)));
    else if constexpr (runs == Runs::OnExecutor) return session->submit(info.Env(), std::move(call));
    else return call->runHere(info.Env(), std::move(session));
  }

  static Signature signature() {
    Signature signature;
    std::vector<std::string> results;
    int position = 0;
    const auto add = [&]<class P>(const P*) {
      if constexpr (!P::isArgument) results.push_back(P::typescript());
      else if constexpr (requires { P::name; }) signature.arguments.push_back({P::typescript(), -1, P::name});
      else signature.arguments.push_back({P::typescript(), position});
      position += P::width;
    };
    (add(static_cast<const Parameter<A>*>(nullptr)), ...);
    if constexpr (givesReturned) results = {Result::typescript};
    if (results.empty()) signature.result = "void";
    else if (results.size() == 1) signature.result = results.front();
    else {
      for (const std::string& one : results)
        signature.result += (signature.result.empty() ? "[" : ", ") + one;
      signature.result += "]";
    }
    if constexpr (runs == Runs::OnExecutor) signature.result = "Promise<" + signature.result + ">";
    return signature;
  }

 protected:
  void invoke() override {
    if (F::get() == nullptr) return fail(Failure::missing(F::text));
    std::optional<EventLoop::Opening> its;
    if constexpr (opensConnection) {
      its.emplace(session()->id());
      // Whoever closes it cuts off what has begun: that has not, when it was closed a moment ago.
      if (session()->closed()) return fail(session()->ended(F::text));
    }
    const R returned =
        std::apply([](auto&... parameter) { return F::get()(parameter.lend()...); }, parameters_);
    if (Result::failure(returned)) return fail(Failure::last(F::text));
    result_.keep(session(), returned);
    if constexpr (std::is_same_v<R, int>)
      forEachResult([&](auto& parameter) { parameter.keep(session(), returned); });
  }

  void releaseArguments() override {
    forEachArgument([](auto& argument) { argument.release(); });
  }

  Napi::Value result(Napi::Env env) override {
    if constexpr (givesReturned) {
      return result_.give(env);
    } else {
      std::vector<Napi::Value> results;
      forEachResult([&](auto& parameter) { results.push_back(parameter.give(env)); });
      if (results.empty()) return env.Undefined();
      if (results.size() == 1) return results.front();
      auto array = Napi::Array::New(env, results.size());
      for (std::uint32_t i = 0; i < results.size(); i++) array.Set(i, results[i]);
      return array;
    }
  }

 private:
  template <class Visit>
  void forEachArgument(Visit visit) {
    const auto one = [&](auto& parameter) {
      if constexpr (std::decay_t<decltype(parameter)>::isArgument) visit(parameter);
    };
    std::apply([&](auto&... parameter) { (one(parameter), ...); }, parameters_);
  }

  template <class Visit>
  void forEachResult(Visit visit) {
    const auto one = [&](auto& parameter) {
      if constexpr (!std::decay_t<decltype(parameter)>::isArgument) visit(parameter);
    };
    std::apply([&](auto&... parameter) { (one(parameter), ...); }, parameters_);
  }

  // An array for names is as long as the argument behind it says.
  template <std::size_t... i>
  void makeRoom(Napi::Env env, std::index_sequence<i...>) {
    const auto one = [&]<std::size_t n>(std::integral_constant<std::size_t, n>) {
      if constexpr (std::is_same_v<std::tuple_element_t<n, Parameters>, Parameter<char**>>)
        std::get<n>(parameters_).makeRoom(std::get<n + 1>(parameters_).held, env, F::text);
    };
    (one(std::integral_constant<std::size_t, i>()), ...);
  }

  // The session of the object that the call is about; a connection that is being opened gets its own.
  std::shared_ptr<Session> sessionFor(Environment& environment) {
    if constexpr (opensConnection) {
      return environment.openSession();
    } else {
      std::shared_ptr<Session> found;
      forEachArgument([&](auto& argument) {
        if constexpr (requires { argument.held.session(); })
          if (!found) found = argument.held.session();
      });
      return found ? found : environment.localSession();
    }
  }

  Parameters parameters_;
  Result result_;
};

template <class F, Means means = Means::Status>
constexpr Row row() {
  using Bound = BoundCall<F, means, Runs::OnExecutor>;
  return {F::text, &Bound::enter, &Bound::signature};
}
template <class F, Runs runs>
constexpr Row row() {
  using Bound = BoundCall<F, Means::Status, runs>;
  return {F::text, &Bound::enter, &Bound::signature};
}

#define ROW(name, ...) ::virtnet::row<VIRTNET_FUNCTION(name) __VA_OPT__(, ) __VA_ARGS__>()

}  // namespace virtnet
