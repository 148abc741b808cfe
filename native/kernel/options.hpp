// Numbers that the facade gives in an object.
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

}  // namespace virtnet
