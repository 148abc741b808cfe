// What JavaScript gives as a typed array.
#pragma once

#include <napi.h>

#include <cstddef>
#include <span>

namespace virtnet {

// The elements of a typed array of a type, wherever their memory is; none when it was transferred or has
// shrunk.
template <class T>
std::span<T> elements(const Napi::CallbackInfo& info, std::size_t position, napi_typedarray_type type,
                      const char* refusal) {
  napi_typedarray_type found{};
  std::size_t length = 0;
  void* data = nullptr;
  const napi_status is =
      napi_get_typedarray_info(info.Env(), info[position], &found, &length, &data, nullptr, nullptr);
  if (is != napi_ok || found != type) throw Napi::TypeError::New(info.Env(), refusal);
  return {static_cast<T*>(data), length};
}

}  // namespace virtnet
