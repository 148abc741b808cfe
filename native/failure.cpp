#include "failure.hpp"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "library.hpp"

namespace virtnet {

Failure Failure::last(const char* function) {
  Failure failure{.function = function, .message = "libvirt gave no reason"};
  using GetLastError = VIRTNET_FUNCTION(virGetLastError);
  using ResetLastError = VIRTNET_FUNCTION(virResetLastError);
  if (GetLastError::get() == nullptr || ResetLastError::get() == nullptr) return failure;
  if (const virError* error = GetLastError::get()()) {
    failure.number = error->code;
    failure.domain = error->domain;
    failure.level = error->level;
    if (error->message != nullptr) failure.message = error->message;
  }
  ResetLastError::get()();
  return failure;
}

Failure Failure::missing(const char* function) {
  const Library& library = Library::instance();
  if (!library.present())
    return {.reason = Reason::LibraryMissing, .function = function, .message = library.complaint()};
  return {.reason = Reason::FunctionMissing, .function = function, .message = "not in this libvirt"};
}

Failure Failure::closed(const char* function) {
  return {.reason = Reason::Closed, .function = function, .message = "the connection is closed"};
}

Napi::Object Failure::give(Napi::Env env) const {
  static constexpr const char* names[] = {"libvirt", "libraryMissing", "functionMissing", "closed"};
  auto object = Napi::Object::New(env);
  object.Set("reason", names[static_cast<int>(reason)]);
  object.Set("function", function);
  object.Set("message", message);
  object.Set("number", number);
  object.Set("domain", domain);
  object.Set("level", level);
  return object;
}

}  // namespace virtnet
