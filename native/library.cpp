#include "library.hpp"

#include <dlfcn.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

namespace virtnet {

namespace {

void printNothing(void*, const char*, ...) {}

}  // namespace

// Under the mutex.
bool Library::open() {
  if (libvirt_ != nullptr) return true;
  libvirt_ = dlopen("libvirt.so.0", RTLD_NOW | RTLD_LOCAL);
  if (libvirt_ == nullptr) {
    const char* reason = dlerror();
    complaint_ = reason != nullptr ? reason : "libvirt.so.0 cannot be opened";
    return false;
  }
  complaint_.clear();
  // Absent on machines without QEMU support; its functions are then reported as missing.
  qemu_ = dlopen("libvirt-qemu.so.0", RTLD_NOW | RTLD_LOCAL);

  if (auto* initialize = reinterpret_cast<decltype(&virInitialize)>(dlsym(libvirt_, "virInitialize")))
    initialize();
  // libxml2 would do it at first use, and threads that are first together race.
  if (auto* initializeParser = reinterpret_cast<void (*)()>(dlsym(libvirt_, "xmlInitParser")))
    initializeParser();
  // Errors are values that the caller gets, never text on stderr.
  if (auto* setErrorFunc = reinterpret_cast<decltype(&virSetErrorFunc)>(dlsym(libvirt_, "virSetErrorFunc")))
    setErrorFunc(nullptr, [](void*, virErrorPtr) {});
  return true;
}

Library& Library::instance() {
  static auto* library = new Library();
  return *library;
}

void* Library::symbol(const char* name) noexcept {
  const std::lock_guard lock(mutex_);
  if (!open()) return nullptr;
  void* address = dlsym(libvirt_, name);
  return address == nullptr && qemu_ != nullptr ? dlsym(qemu_, name) : address;
}

void Library::silenceParserHere() noexcept {
  using SetPrint = void (*)(void*, decltype(&printNothing));
  // libvirt's own dependency, hence found through its handle. No header: nothing else of it is used.
  if (auto* setPrint = reinterpret_cast<SetPrint>(symbol("xmlSetGenericErrorFunc")))
    setPrint(nullptr, printNothing);
}

std::string Library::complaint() {
  const std::lock_guard lock(mutex_);
  return complaint_;
}

}  // namespace virtnet
