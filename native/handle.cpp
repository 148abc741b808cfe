#include "handle.hpp"

namespace virtnet {

namespace {

constexpr napi_type_tag openingTag{0x7669'7274'6e65'7400, 0};

}  // namespace

Napi::Promise opening(const std::shared_ptr<Session>& session, Napi::Promise promise) {
  const Napi::Env env = promise.Env();
  Session::Holder* holder = session->hold({});
  const auto finalize = [](napi_env, void* forgotten, void*) {
    auto* own = static_cast<Session::Holder*>(forgotten);
    own->session->letGo(own);
  };
  if (napi_wrap(env, promise, holder, finalize, nullptr, nullptr) != napi_ok) {
    session->letGo(holder);
    throw Napi::Error::New(env);
  }
  promise.TypeTag(&openingTag);
  return promise;
}

Session::Holder* openingHolder(Napi::Value value) {
  if (!value.IsPromise() || !value.As<Napi::Object>().CheckTypeTag(&openingTag)) return nullptr;
  void* holder = nullptr;
  return napi_unwrap(value.Env(), value, &holder) == napi_ok ? static_cast<Session::Holder*>(holder)
                                                             : nullptr;
}

}  // namespace virtnet
