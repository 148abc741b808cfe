#include "library.hpp"

#include <dlfcn.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

namespace virtnet {

Library::Library() {
  libvirt_ = dlopen("libvirt.so.0", RTLD_NOW | RTLD_LOCAL);
  if (libvirt_ == nullptr) {
    const char* reason = dlerror();
    complaint_ = reason != nullptr ? reason : "libvirt.so.0 cannot be opened";
    return;
  }
  // Absent on machines without QEMU support; its functions are then reported as missing.
  qemu_ = dlopen("libvirt-qemu.so.0", RTLD_NOW | RTLD_LOCAL);

  if (auto* initialize = reinterpret_cast<decltype(&virInitialize)>(symbol("virInitialize"))) initialize();
  // Errors are values that the caller gets, never text on stderr.
  if (auto* setErrorFunc = reinterpret_cast<decltype(&virSetErrorFunc)>(symbol("virSetErrorFunc")))
    setErrorFunc(nullptr, [](void*, virErrorPtr) {});
}

const Library& Library::instance() {
  static const auto* library = new Library();
  return *library;
}

void* Library::symbol(const char* name) const noexcept {
  void* address = libvirt_ != nullptr ? dlsym(libvirt_, name) : nullptr;
  if (address == nullptr && qemu_ != nullptr) address = dlsym(qemu_, name);
  return address;
}

}  // namespace virtnet
