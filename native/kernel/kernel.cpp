#include "kernel.hpp"

#include "tables.hpp"

namespace virtnet {

Napi::Object kernelObject(Napi::Env env) {
  auto kernel = Napi::Object::New(env);
  for (const auto define : {&defineNamespaces, &defineNamedNamespaces, &defineNetlink, &defineTunTap})
    define(env, kernel);
  return kernel;
}

}  // namespace virtnet
