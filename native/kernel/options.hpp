// What the facade gives: numbers in an object, and texts.
#pragma once

#include <napi.h>

#include <cstdint>
#include <string>

namespace virtnet {

inline std::uint32_t number(const Napi::Object& options, const char* key, std::uint32_t least,
                            std::uint32_t most) {
  const Napi::Value value = options.Get(key);
  const double given = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  if (!(given >= least && given <= most) || given != static_cast<std::uint32_t>(given))
    throw Napi::RangeError::New(options.Env(), std::string(key) + " is not a whole number from " +
                                                   std::to_string(least) + " to " + std::to_string(most));
  return static_cast<std::uint32_t>(given);
}

// One that a C string can be: of what stands behind a NUL the kernel would not hear.
inline std::string text(const Napi::Value& value, const char* name) {
  std::string given = value.ToString();
  if (given.find('\0') != std::string::npos)
    throw Napi::TypeError::New(value.Env(), std::string(name) + " has a NUL in it");
  return given;
}

}  // namespace virtnet
