// Why a call did not succeed, copied on the thread where it failed, as plain data.
#pragma once

#include <napi.h>

#include <string>

namespace virtnet {

struct Failure {
  enum class Reason {
    Libvirt,          // libvirt refused or could not do it
    LibraryMissing,   // there is no libvirt.so.0 on this machine
    FunctionMissing,  // this libvirt is older than the function
    Closed,           // the connection was closed by us
    Lost,             // it was given up after a loss
  };

  Reason reason = Reason::Libvirt;
  const char* function = "";
  std::string message;
  int number = 0;
  int domain = 0;
  int level = 0;

  // libvirt keeps its last error per thread: to be called on the thread that made the call.
  static Failure last(const char* function);
  // The function has no address: libvirt is missing, or too old.
  static Failure missing(const char* function);
  // The connection has ended, for one of virConnectCloseReason.
  static Failure ended(const char* function, int reason);
  // Of the exception being handled: what this side lacked, under libvirt's number for the like.
  static Failure caught(const char* function);

  // The reason, as JavaScript knows it.
  const char* name() const noexcept;
  // A plain object; lib/errors.ts makes the error that users see out of it.
  Napi::Object give(Napi::Env env) const;
};

}  // namespace virtnet
