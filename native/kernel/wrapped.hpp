// A C++ object behind a JavaScript one, tagged with its type: a method called on an object of another class
// is a TypeError and not a wild pointer.
#pragma once

#include <napi.h>

namespace virtnet {

// T has a `static constexpr napi_type_tag tag` and a `static constexpr const char* name`.
template <class T>
class Wrapped : public Napi::ObjectWrap<T> {
 public:
  // Napi::ObjectWrap calls this one for each method.
  static T* Unwrap(Napi::Object object) {
    if (!object.CheckTypeTag(&T::tag))
      throw Napi::TypeError::New(object.Env(), std::string("this is not a ") + T::name);
    return Napi::ObjectWrap<T>::Unwrap(object);
  }

 private:
  friend T;
  explicit Wrapped(const Napi::CallbackInfo& info) : Napi::ObjectWrap<T>(info) {
    info.This().As<Napi::Object>().TypeTag(&T::tag);
  }
};

}  // namespace virtnet
