// Functions whose C signature says in several parameters what is one thing: an array and its length, a buffer
// and its size. Each has an adapter with a signature that rows are made of, called in place of the function.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "bind.hpp"
#include "typed_parameters.hpp"

namespace virtnet {

// A libvirt function by another signature.
template <class F, auto adapter>
struct Adapted {
  using Type = decltype(adapter);
  static constexpr const char* text = F::text;
  template <std::size_t M>
  static constexpr bool nameContains(const char (&part)[M]) {
    return F::nameContains(part);
  }
  static Type get() noexcept { return F::get() == nullptr ? nullptr : adapter; }
};

#define ADAPTED_ROW(name, adapter, ...) \
  ::virtnet::row<::virtnet::Adapted<VIRTNET_FUNCTION(name), &(adapter)> __VA_OPT__(, ) __VA_ARGS__>()

// The array that a function reads.
template <>
struct Parameter<const TypedParameters&> {
  static constexpr bool isArgument = true;
  static constexpr int width = 2;
  static std::string typescript() { return TypedParameters::typescript; }

  TypedParameters held;
  void take(Napi::Value value, const Place& place) { held = TypedParameters::take(value, place); }
  const TypedParameters& lend() { return held; }
  void release() {}
};

// The array that a function writes or allocates.
template <>
struct Parameter<TypedParameters&> : ResultParameter {
  static constexpr int width = 2;
  static std::string typescript() { return TypedParameters::typescript; }

  TypedParameters held;
  TypedParameters& lend() { return held; }
  void keep(const Session_&, long) {}
  Napi::Value give(Napi::Env env) { return held.give(env); }
};

// A structure that a function writes, and its size.
template <IsRecord T>
struct Parameter<T&> : ResultParameter {
  static constexpr int width = 2;
  static std::string typescript() { return recordTypescript<T>(); }

  T held{};
  T& lend() { return held; }
  void keep(const Session_&, long) {}
  Napi::Value give(Napi::Env env) { return giveRecord(env, held); }
};

// Bytes that a function reads.
template <>
struct Parameter<const std::vector<std::uint8_t>&> {
  static constexpr bool isArgument = true;
  static constexpr int width = 2;
  static std::string typescript() { return "Uint8Array"; }

  std::vector<std::uint8_t> held;
  void take(Napi::Value value, const Place& place) {
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
      place.wrongType(value, "a Uint8Array");
    const auto bytes = value.As<Napi::Uint8Array>();
    held.assign(bytes.Data(), bytes.Data() + bytes.ByteLength());
  }
  const std::vector<std::uint8_t>& lend() { return held; }
  void release() {}
};

// The size of a buffer for bytes that a function gives.
struct Room {
  unsigned bytes;
};
template <>
struct Parameter<Room> {
  static constexpr bool isArgument = true;
  static constexpr int width = 2;
  static constexpr const char* name = "nbytes";
  static std::string typescript() { return Wire<unsigned>::typescript; }

  unsigned held = 0;
  void take(Napi::Value value, const Place& place) { held = Wire<unsigned>::take(value, place); }
  Room lend() { return {held}; }
  void release() {}
};

// Bytes that a function gives: none of them at the end, null while there are none yet.
struct Received {
  int status;
  std::vector<std::uint8_t> bytes;
};
template <>
struct Returned<Received, Means::Status> {
  static constexpr const char* typescript = "Uint8Array | null";
  static bool failure(const Received& returned) { return returned.status == -1; }

  Received held;
  void keep(const std::shared_ptr<Session>&, Received returned) { held = std::move(returned); }
  Napi::Value give(Napi::Env env) {
    if (held.status < 0) return env.Null();
    auto bytes = Napi::Uint8Array::New(env, held.bytes.size());
    std::ranges::copy(held.bytes, bytes.Data());
    return bytes;
  }
};

// Several objects of one connection.
template <Handle Pointer>
struct Parameter<const std::vector<Pointer>&> {
  static constexpr bool isArgument = true;
  static constexpr int width = 1;
  static std::string typescript() { return std::string(HandleType<Pointer>::name) + "[]"; }

  // As the other arguments hold one: the session of the first is that of all.
  struct Held {
    std::vector<Ref<Pointer>> refs;
    std::shared_ptr<Session> session() const { return refs.empty() ? nullptr : refs.front().session(); }
  };
  Held held;
  std::vector<Pointer> pointers;
  void take(Napi::Value value, const Place& place) {
    const std::string expected = "a list of " + std::string(HandleType<Pointer>::name);
    if (!value.IsArray()) place.wrongType(value, expected.c_str());
    const auto array = value.As<Napi::Array>();
    for (std::uint32_t i = 0; i < array.Length(); i++) {
      held.refs.push_back(Wire<Pointer>::take(array[i], place));
      pointers.push_back(held.refs.back().get());
    }
  }
  const std::vector<Pointer>& lend() { return pointers; }
  void release() {
    for (auto& ref : held.refs) ref.releaseHere();
  }
};

}  // namespace virtnet
