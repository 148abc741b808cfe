// libvirt's lists of named values of several types, as JavaScript has them: objects with field, type and
// value.
#pragma once

#include <libvirt/libvirt.h>
#include <napi.h>

#include <string>
#include <vector>

#include "library.hpp"
#include "wire.hpp"

namespace virtnet {

// Somebody else's list.
struct TypedParametersView {
  const virTypedParameter* data;
  int length;
};

// An owned list. The type is libvirt's number for it, so that a list can be given back as it was had.
class TypedParameters {
 public:
  static constexpr const char* typescript = "TypedParameter[]";

  TypedParameters() = default;
  TypedParameters(TypedParameters&& other) noexcept;
  TypedParameters& operator=(TypedParameters&& other) noexcept;
  TypedParameters(const TypedParameters&) = delete;
  TypedParameters& operator=(const TypedParameters&) = delete;
  ~TypedParameters() { clear(); }

  static TypedParameters take(Napi::Value value, const Place& place);
  // A copy of what is libvirt's for the length of a callback.
  static TypedParameters copy(const virTypedParameter* given, int length);
  static Napi::Value give(Napi::Env env, const virTypedParameter* given, int length);
  Napi::Value give(Napi::Env env) const { return give(env, data_, length_); }

  virTypedParameterPtr data() const noexcept { return data_; }
  int length() const noexcept { return length_; }
  // For functions that write into an array of ours.
  void makeRoom(int length);
  void shorten(int length) noexcept { length_ = length; }
  // For functions that allocate.
  virTypedParameterPtr* allocated() noexcept { return &data_; }
  int* allocatedLength() noexcept { return &length_; }

 private:
  void clear() noexcept;

  virTypedParameterPtr data_ = nullptr;
  int length_ = 0;
};

}  // namespace virtnet
