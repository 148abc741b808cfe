// Wire<T> says how one C type crosses the boundary. The primary template is left undefined on
// purpose: a libvirt function with an unknown type does not compile.
#pragma once

#include <napi.h>

#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "handle.hpp"

namespace virtnet {

// Which argument of which function is being read, for the error.
struct Place {
  const char* function;
  std::size_t position;

  std::string text() const { return std::string(function) + ", argument " + std::to_string(position + 1); }
  [[noreturn]] void wrongType(Napi::Value value, const char* expected) const;
  [[noreturn]] void outOfRange(Napi::Value value, const std::string& expected) const;
};

void checkArity(const Napi::CallbackInfo& info, const char* function, std::size_t arity);

template <class T>
struct Wire;

// Numbers that a JavaScript number holds without loss. unsigned long is libvirt's type for versions.
template <class T>
concept SmallNumber = std::same_as<T, int> || std::same_as<T, unsigned> || std::same_as<T, unsigned long>;

template <SmallNumber T>
struct Wire<T> {
  using Held = T;
  static constexpr const char* typescript = "number";
  static Held take(Napi::Value value, const Place& place) {
    if (!value.IsNumber()) place.wrongType(value, "a number");
    const double number = value.As<Napi::Number>().DoubleValue();
    constexpr double safe = 9007199254740991.0;
    constexpr double least = std::is_signed_v<T> ? static_cast<double>(std::numeric_limits<T>::min()) : 0.0;
    const double most = std::min(safe, static_cast<double>(std::numeric_limits<T>::max()));
    if (!(number >= least && number <= most) || std::trunc(number) != number)
      place.outOfRange(value, "a whole number from " + std::to_string(static_cast<std::int64_t>(least)) +
                                  " to " + std::to_string(static_cast<std::int64_t>(most)));
    return static_cast<T>(number);
  }
  static T lend(Held& held) { return held; }
  static Napi::Value give(Napi::Env env, T number) {
    return Napi::Number::New(env, static_cast<double>(number));
  }
};

template <class T>
concept LargeNumber = std::same_as<T, long long> || std::same_as<T, unsigned long long>;

template <LargeNumber T>
struct Wire<T> {
  using Held = T;
  static constexpr const char* typescript = "bigint";
  static Held take(Napi::Value value, const Place& place) {
    if (!value.IsBigInt()) place.wrongType(value, "a bigint");
    bool lossless = false;
    T number;
    if constexpr (std::is_signed_v<T>) {
      number = value.As<Napi::BigInt>().Int64Value(&lossless);
    } else {
      number = value.As<Napi::BigInt>().Uint64Value(&lossless);
    }
    if (!lossless) place.outOfRange(value, "a 64-bit number");
    return number;
  }
  static T lend(Held& held) { return held; }
  static Napi::Value give(Napi::Env env, T number) {
    if constexpr (std::is_signed_v<T>) return Napi::BigInt::New(env, static_cast<std::int64_t>(number));
    else return Napi::BigInt::New(env, static_cast<std::uint64_t>(number));
  }
};

// Text in. null is C's NULL: libvirt itself refuses it where it must not be.
template <>
struct Wire<const char*> {
  using Held = std::optional<std::string>;
  static constexpr const char* typescript = "string | null";
  static Held take(Napi::Value value, const Place& place);
  static const char* lend(Held& held) { return held ? held->c_str() : nullptr; }
};

// Text that libvirt gives: a copy of ours, or nothing.
struct Text {
  static Napi::Value give(Napi::Env env, const char* text) {
    return text == nullptr ? env.Null() : Napi::Value(Napi::String::New(env, text));
  }
};

// A UUID in its sixteen bytes.
template <>
struct Wire<const unsigned char*> {
  using Held = std::array<unsigned char, VIR_UUID_BUFLEN>;
  static constexpr const char* typescript = "Uint8Array";
  static Held take(Napi::Value value, const Place& place);
  static const unsigned char* lend(Held& held) { return held.data(); }
};

template <Handle Pointer>
struct Wire<Pointer> {
  using Held = Ref<Pointer>;
  static constexpr const char* typescript = HandleType<Pointer>::name;
  static Held take(Napi::Value value, const Place& place) {
    Session::Holder* holder = Ref<Pointer>::holder(value);
    if (holder == nullptr) place.wrongType(value, typescript);
    if (holder->reference.pointer == nullptr) {
      const Failure ended = holder->session->ended(place.function);
      auto error = Napi::Error::New(value.Env(), ended.message);
      error.Set("reason", ended.name());
      error.Set("function", place.function);
      throw error;
    }
    return Held::share(holder->session, static_cast<Pointer>(holder->reference.pointer));
  }
  static Pointer lend(Held& held) { return held.get(); }
};

}  // namespace virtnet
