// What the files of this folder put into the object `kernel`: a line for each, named in kernel.cpp.
#pragma once

#include <napi.h>

namespace virtnet {

// namespaces.cpp
void defineNamespaces(Napi::Env env, Napi::Object kernel);
// named_namespaces.cpp
void defineNamedNamespaces(Napi::Env env, Napi::Object kernel);
// open_tun.cpp
void defineTunTap(Napi::Env env, Napi::Object kernel);
// netlink.cpp
void defineNetlink(Napi::Env env, Napi::Object kernel);

}  // namespace virtnet
