// Parameter<T> says what a parameter of a C function is to JavaScript: an argument (the default), or
// a place for a result. Results carry the number that the function returned, for the length of lists. Width
// is how many parameters of the C function it stands for.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "wire.hpp"

namespace virtnet {

using Session_ = std::shared_ptr<Session>;

template <class T>
struct Parameter {
  static constexpr bool isArgument = true;
  static constexpr int width = 1;
  static std::string typescript() { return Wire<T>::typescript; }

  typename Wire<T>::Held held{};
  void take(Napi::Value value, const Place& place) { held = Wire<T>::take(value, place); }
  T lend() { return Wire<T>::lend(held); }
  void release() {
    if constexpr (Handle<T>) held.releaseHere();
  }
};

struct ResultParameter {
  static constexpr bool isArgument = false;
  static constexpr int width = 1;
};

// A number that the function writes.
template <class T>
  requires SmallNumber<T> || LargeNumber<T>
struct Parameter<T*> : ResultParameter {
  static std::string typescript() { return Wire<T>::typescript; }

  T held{};
  T* lend() { return &held; }
  void keep(const Session_&, long) {}
  Napi::Value give(Napi::Env env) { return Wire<T>::give(env, held); }
};

// A buffer for a UUID as text: libvirt's networking functions have no other char* parameter.
template <>
struct Parameter<char*> : ResultParameter {
  static std::string typescript() { return "string"; }

  std::array<char, VIR_UUID_STRING_BUFLEN> held{};
  char* lend() { return held.data(); }
  void keep(const Session_&, long) {}
  Napi::Value give(Napi::Env env) { return Napi::String::New(env, held.data()); }
};

// A buffer for a UUID in its bytes.
template <>
struct Parameter<unsigned char*> : ResultParameter {
  static std::string typescript() { return "Uint8Array"; }

  std::array<unsigned char, VIR_UUID_BUFLEN> held{};
  unsigned char* lend() { return held.data(); }
  void keep(const Session_&, long) {}
  Napi::Value give(Napi::Env env) {
    auto bytes = Napi::Uint8Array::New(env, held.size());
    std::ranges::copy(held, bytes.Data());
    return bytes;
  }
};

// A list of objects that the function allocates.
template <Handle Pointer>
struct Parameter<Pointer**> : ResultParameter {
  static std::string typescript() { return std::string(HandleType<Pointer>::name) + "[]"; }

  Pointer* allocated = nullptr;
  std::vector<Ref<Pointer>> held;
  Pointer** lend() { return &allocated; }
  void keep(const Session_& session, long length) {
    held.reserve(static_cast<std::size_t>(length));
    for (long i = 0; i < length; i++) held.emplace_back(session, allocated[i]);
    std::free(allocated);
  }
  Napi::Value give(Napi::Env env) {
    auto array = Napi::Array::New(env, held.size());
    for (std::uint32_t i = 0; i < held.size(); i++) array.Set(i, held[i].give(env));
    return array;
  }
};

// Which members of a C structure JavaScript sees, and under which names: specialised beside the rows
// that use it, with `fields` (a tuple of Field and ListField) and, for lists, `Free` (what frees one).
template <class T>
struct Record;

template <class T>
concept IsRecord = requires { Record<T>::fields; };

template <IsRecord T>
std::string recordTypescript() {
  std::string text;
  std::apply([&](const auto&... field) { ((text += (text.empty() ? "" : "; ") + field.typescript()), ...); },
             Record<T>::fields);
  return "{ " + text + " }";
}

template <IsRecord T>
Napi::Object giveRecord(Napi::Env env, const T& record) {
  auto object = Napi::Object::New(env);
  std::apply([&](const auto&... field) { (field.give(object, record), ...); }, Record<T>::fields);
  return object;
}

template <class T, class Member>
struct Field {
  const char* name;
  Member T::* member;

  std::string typescript() const {
    if constexpr (std::same_as<Member, char*>) return std::string(name) + ": string | null";
    else return std::string(name) + ": " + Wire<Member>::typescript;
  }
  void give(Napi::Object object, const T& record) const {
    if constexpr (std::same_as<Member, char*>) object.Set(name, Text::give(object.Env(), record.*member));
    else object.Set(name, Wire<Member>::give(object.Env(), record.*member));
  }
};

// A member that is an array of structures, with the member that is its length.
template <class T, class Member>
struct ListField {
  const char* name;
  Member* T::* member;
  unsigned T::* length;

  std::string typescript() const { return std::string(name) + ": " + recordTypescript<Member>() + "[]"; }
  void give(Napi::Object object, const T& record) const {
    auto array = Napi::Array::New(object.Env(), record.*length);
    for (std::uint32_t i = 0; i < record.*length; i++)
      array.Set(i, giveRecord(object.Env(), (record.*member)[i]));
    object.Set(name, array);
  }
};

// A list of structures that the function allocates.
template <IsRecord T>
struct Parameter<T***> : ResultParameter {
  static std::string typescript() { return recordTypescript<T>() + "[]"; }

  T** allocated = nullptr;
  std::size_t length = 0;

  Parameter() = default;
  Parameter(const Parameter&) = delete;
  Parameter& operator=(const Parameter&) = delete;
  ~Parameter() {
    for (std::size_t i = 0; i < length; i++) Record<T>::Free::get()(allocated[i]);
    std::free(allocated);
  }
  T*** lend() { return &allocated; }
  void keep(const Session_&, long count) { length = static_cast<std::size_t>(count); }
  Napi::Value give(Napi::Env env) {
    auto array = Napi::Array::New(env, length);
    for (std::uint32_t i = 0; i < length; i++) array.Set(i, giveRecord(env, *allocated[i]));
    return array;
  }
};

// Names that the function writes into an array of ours; the next parameter is its length.
template <>
struct Parameter<char**> : ResultParameter {
  static std::string typescript() { return "string[]"; }

  std::vector<char*> allocated;
  std::vector<std::string> held;
  void makeRoom(int maxNames, Napi::Env env, const char* function) {
    constexpr int most = 65536;  // four times what a daemon sends
    if (maxNames < 0 || maxNames > most)
      throw Napi::RangeError::New(env, std::string(function) + ": room for 0 to " + std::to_string(most) +
                                           " names can be made, not for " + std::to_string(maxNames));
    allocated.resize(static_cast<std::size_t>(maxNames));
  }
  char** lend() { return allocated.data(); }
  void keep(const Session_&, long length) {
    for (long i = 0; i < length; i++) {
      held.emplace_back(allocated[static_cast<std::size_t>(i)]);
      std::free(allocated[static_cast<std::size_t>(i)]);
    }
  }
  Napi::Value give(Napi::Env env) {
    auto array = Napi::Array::New(env, held.size());
    for (std::uint32_t i = 0; i < held.size(); i++) array.Set(i, held[i]);
    return array;
  }
};

}  // namespace virtnet
