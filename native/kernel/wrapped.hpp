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
  // A method for each frame or batch: to find the object behind `this`, and whether it is one, takes longer
  // than what some do. This function knows its object, and holds it.
  template <Napi::Value (T::*Method)(const Napi::CallbackInfo&)>
  void bind(const Napi::Object& self, const char* methodName) {
    auto function =
        Napi::Function::New<&Wrapped::call<Method>>(self.Env(), methodName, static_cast<T*>(this));
    function.DefineProperty(Napi::PropertyDescriptor::Value("owner", self));
    self.DefineProperty(Napi::PropertyDescriptor::Value(methodName, function, napi_enumerable));
  }
  template <Napi::Value (T::*Method)(const Napi::CallbackInfo&)>
  static Napi::Value call(const Napi::CallbackInfo& info) {
    return (static_cast<T*>(info.Data())->*Method)(info);
  }
};

}  // namespace virtnet
