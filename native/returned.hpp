// Returned<R> says what the return value of a C function is to JavaScript. A function whose int is a
// mere status gives what it wrote into its result parameters instead.
#pragma once

#include <libvirt/virterror.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "wire.hpp"

namespace virtnet {

// What the int that a function returns means, when its type cannot tell. Negative is failure always.
enum class Means {
  Status,  // 0, or the length of a list that is the result: nothing to give by itself
  Truth,
  Count,
  Maybe,  // text, or nothing: the device at the top has no parent
};

template <class R, Means means>
struct Returned;

template <Handle Pointer>
struct Returned<Pointer, Means::Status> {
  static constexpr const char* typescript = HandleType<Pointer>::name;
  static bool failure(Pointer returned) { return returned == nullptr; }

  Ref<Pointer> held;
  void keep(const std::shared_ptr<Session>& session, Pointer returned) {
    held = Ref<Pointer>(session, returned);
  }
  Napi::Value give(Napi::Env env) { return held.give(env); }
};

// Text: the caller's to free when it is not const.
template <class Pointer>
  requires std::same_as<Pointer, char*> || std::same_as<Pointer, const char*>
struct Returned<Pointer, Means::Status> {
  static constexpr const char* typescript = "string";
  static bool failure(Pointer returned) { return returned == nullptr; }

  std::string held;
  void keep(const std::shared_ptr<Session>&, Pointer returned) {
    held = returned;
    if constexpr (std::same_as<Pointer, char*>) std::free(returned);
  }
  Napi::Value give(Napi::Env env) { return Napi::String::New(env, held); }
};

template <>
struct Returned<const char*, Means::Maybe> {
  static constexpr const char* typescript = "string | null";
  // Both come as NULL; libvirt forgets the last error as a call begins.
  static bool failure(const char* returned) {
    return returned == nullptr && VIRTNET_FUNCTION(virGetLastErrorCode)::get()() != VIR_ERR_OK;
  }

  std::optional<std::string> held;
  void keep(const std::shared_ptr<Session>&, const char* returned) {
    if (returned != nullptr) held = returned;
  }
  Napi::Value give(Napi::Env env) { return Text::give(env, held ? held->c_str() : nullptr); }
};

template <>
struct Returned<int, Means::Status> {
  static bool failure(int returned) { return returned < 0; }
  void keep(const std::shared_ptr<Session>&, int) {}
};

template <>
struct Returned<int, Means::Truth> {
  static constexpr const char* typescript = "boolean";
  static bool failure(int returned) { return returned < 0; }

  bool held = false;
  void keep(const std::shared_ptr<Session>&, int returned) { held = returned != 0; }
  Napi::Value give(Napi::Env env) { return Napi::Boolean::New(env, held); }
};

template <>
struct Returned<int, Means::Count> {
  static constexpr const char* typescript = "number";
  static bool failure(int returned) { return returned < 0; }

  int held = 0;
  void keep(const std::shared_ptr<Session>&, int returned) { held = returned; }
  Napi::Value give(Napi::Env env) { return Napi::Number::New(env, held); }
};

// A domain's number while it runs.
template <>
struct Returned<unsigned, Means::Status> {
  static constexpr const char* typescript = "number | null";
  static bool failure(unsigned) { return false; }

  unsigned held = 0;
  void keep(const std::shared_ptr<Session>&, unsigned returned) { held = returned; }
  Napi::Value give(Napi::Env env) {
    return held == static_cast<unsigned>(-1) ? env.Null() : Napi::Value(Napi::Number::New(env, held));
  }
};

}  // namespace virtnet
