// Memory that both sides see: what JavaScript gives as a typed array, and what it is given as an ArrayBuffer.
#pragma once

#include <napi.h>

#include <cstddef>
#include <memory>
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

// The memory stays until both this side and the last ArrayBuffer have let go of it.
template <class T>
Napi::ArrayBuffer shared(Napi::Env env, const std::shared_ptr<T>& memory, void* data, std::size_t size) {
  auto owner = std::make_unique<std::shared_ptr<T>>(memory);
  auto buffer = Napi::ArrayBuffer::New(
      env, data, size, [](Napi::BasicEnv, void*, std::shared_ptr<T>* held) { delete held; }, owner.get());
  static_cast<void>(owner.release());
  return buffer;
}

}  // namespace virtnet
