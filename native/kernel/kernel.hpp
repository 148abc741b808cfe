// What the addon does with the kernel itself, without libvirt: the object `kernel` beside `functions`. Its
// interface is written by hand in lib/native/kernel.ts.
#pragma once

#include <napi.h>

namespace virtnet {

Napi::Object kernelObject(Napi::Env env);

}  // namespace virtnet
