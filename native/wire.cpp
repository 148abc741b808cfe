#include "wire.hpp"

#include <algorithm>

namespace virtnet {

namespace {

std::string describe(Napi::Value value) {
  if (value.IsNull()) return "null";
  switch (value.Type()) {
    case napi_undefined: return "undefined";
    case napi_boolean: return "a boolean";
    case napi_number: return value.ToString().Utf8Value();
    case napi_bigint: return value.ToString().Utf8Value() + "n";
    case napi_string: return "a string";
    case napi_symbol: return "a symbol";
    case napi_function: return "a function";
    case napi_external: return "another handle";
    default: return "an object";
  }
}

}  // namespace

void Place::wrongType(Napi::Value value, const char* expected) const {
  throw Napi::TypeError::New(value.Env(), text() + ": expected " + expected + ", got " + describe(value));
}

void Place::outOfRange(Napi::Value value, const std::string& expected) const {
  throw Napi::RangeError::New(value.Env(), text() + ": expected " + expected + ", got " + describe(value));
}

void checkArity(const Napi::CallbackInfo& info, const char* function, std::size_t arity) {
  if (info.Length() == arity) return;
  throw Napi::TypeError::New(info.Env(), std::string(function) + " takes " + std::to_string(arity) +
                                             (arity == 1 ? " argument" : " arguments") + ", got " +
                                             std::to_string(info.Length()));
}

Wire<const char*>::Held Wire<const char*>::take(Napi::Value value, const Place& place) {
  if (value.IsNull()) return std::nullopt;
  if (!value.IsString()) place.wrongType(value, "a string or null");
  std::string text = value.As<Napi::String>();
  // C would see the text end there, and act on another name than the one given.
  if (text.find('\0') != std::string::npos) place.wrongType(value, "a string without a NUL character");
  return text;
}

Wire<const unsigned char*>::Held Wire<const unsigned char*>::take(Napi::Value value, const Place& place) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
    place.wrongType(value, "a Uint8Array of 16 bytes");
  auto bytes = value.As<Napi::Uint8Array>();
  Held held;
  if (bytes.ByteLength() != held.size()) place.outOfRange(value, "a Uint8Array of 16 bytes");
  std::copy_n(bytes.Data(), held.size(), held.begin());
  return held;
}

}  // namespace virtnet
