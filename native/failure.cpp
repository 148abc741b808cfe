#include "failure.hpp"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include <new>
#include <system_error>

#include "library.hpp"

namespace virtnet {

Failure Failure::last(const char* function) {
  Failure failure{
      .function = function, .message = "libvirt gave no reason", .number = VIR_ERR_INTERNAL_ERROR};
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
  if (std::string complaint = Library::instance().complaint(); !complaint.empty())
    return {.reason = Reason::LibraryMissing, .function = function, .message = std::move(complaint)};
  return {.reason = Reason::FunctionMissing, .function = function, .message = "not in this libvirt"};
}

Failure Failure::ended(const char* function, int reason) {
  if (reason == VIR_CONNECT_CLOSE_REASON_CLIENT)
    return {.reason = Reason::Closed, .function = function, .message = "the connection is closed"};
  return {.reason = Reason::Lost, .function = function, .message = "the connection was lost"};
}

Failure Failure::caught(const char* function) {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return {.function = function, .message = "out of memory", .number = VIR_ERR_NO_MEMORY};
  } catch (const std::system_error& error) {
    return {.function = function, .message = error.what(), .number = VIR_ERR_SYSTEM_ERROR};
  } catch (const std::exception& error) {
    return {.function = function, .message = error.what(), .number = VIR_ERR_INTERNAL_ERROR};
  }
}

const char* Failure::name() const noexcept {
  static constexpr const char* names[] = {"libvirt", "libraryMissing", "functionMissing", "closed", "lost"};
  return names[static_cast<int>(reason)];
}

Napi::Object Failure::give(Napi::Env env) const {
  auto object = Napi::Object::New(env);
  object.Set("reason", name());
  object.Set("function", function);
  object.Set("message", message);
  object.Set("number", number);
  object.Set("domain", domain);
  object.Set("level", level);
  return object;
}

}  // namespace virtnet
