// Counted, typed references to libvirt objects: Ref owns one in C++, a tagged External in JavaScript.
#pragma once

#include <libvirt/libvirt.h>
#include <napi.h>

#include <memory>
#include <utility>

#include "library.hpp"
#include "session.hpp"

namespace virtnet {

// Which functions count a type's references, and how JavaScript's handles of it are told apart.
template <class Pointer>
struct HandleType;

template <class Pointer, class RefFunction, class FreeFunction, std::uint64_t number>
struct CountedBy {
  static constexpr napi_type_tag tag{0x7669'7274'6e65'7400, number};
  static void acquire(Pointer pointer) { RefFunction::get()(pointer); }
  static void release(void* pointer) { FreeFunction::get()(static_cast<Pointer>(pointer)); }
  // For the reference that JavaScript has had.
  static void letGo(void* pointer) { release(pointer); }
};

template <>
struct HandleType<virConnectPtr>
    : CountedBy<virConnectPtr, VIRTNET_FUNCTION(virConnectRef), VIRTNET_FUNCTION(virConnectClose), 1> {
  static constexpr const char* name = "Connect";
};
template <>
struct HandleType<virNetworkPtr>
    : CountedBy<virNetworkPtr, VIRTNET_FUNCTION(virNetworkRef), VIRTNET_FUNCTION(virNetworkFree), 2> {
  static constexpr const char* name = "Network";
};
template <>
struct HandleType<virNetworkPortPtr> : CountedBy<virNetworkPortPtr, VIRTNET_FUNCTION(virNetworkPortRef),
                                                 VIRTNET_FUNCTION(virNetworkPortFree), 3> {
  static constexpr const char* name = "NetworkPort";
};
template <>
struct HandleType<virInterfacePtr>
    : CountedBy<virInterfacePtr, VIRTNET_FUNCTION(virInterfaceRef), VIRTNET_FUNCTION(virInterfaceFree), 4> {
  static constexpr const char* name = "Interface";
};
template <>
struct HandleType<virNWFilterPtr>
    : CountedBy<virNWFilterPtr, VIRTNET_FUNCTION(virNWFilterRef), VIRTNET_FUNCTION(virNWFilterFree), 5> {
  static constexpr const char* name = "NWFilter";
};
template <>
struct HandleType<virNWFilterBindingPtr>
    : CountedBy<virNWFilterBindingPtr, VIRTNET_FUNCTION(virNWFilterBindingRef),
                VIRTNET_FUNCTION(virNWFilterBindingFree), 6> {
  static constexpr const char* name = "NWFilterBinding";
};
template <>
struct HandleType<virNodeDevicePtr> : CountedBy<virNodeDevicePtr, VIRTNET_FUNCTION(virNodeDeviceRef),
                                                VIRTNET_FUNCTION(virNodeDeviceFree), 7> {
  static constexpr const char* name = "NodeDevice";
};
template <>
struct HandleType<virDomainPtr>
    : CountedBy<virDomainPtr, VIRTNET_FUNCTION(virDomainRef), VIRTNET_FUNCTION(virDomainFree), 8> {
  static constexpr const char* name = "Domain";
};
template <>
struct HandleType<virStreamPtr>
    : CountedBy<virStreamPtr, VIRTNET_FUNCTION(virStreamRef), VIRTNET_FUNCTION(virStreamFree), 9> {
  static constexpr const char* name = "Stream";
  // libvirt keeps one that is not over as long as its connection, and loses a little memory with it. One that
  // is over refuses.
  static void letGo(void* pointer) {
    VIRTNET_FUNCTION(virStreamAbort)::get()(static_cast<virStreamPtr>(pointer));
    release(pointer);
  }
};

template <class Pointer>
concept Handle = requires { HandleType<Pointer>::name; };

// One reference, given back through the session wherever it ends: the last one of a connection closes
// it, and that may block.
template <Handle Pointer>
class Ref {
 public:
  Ref() = default;
  Ref(std::shared_ptr<Session> session, Pointer adopted) : session_(std::move(session)), pointer_(adopted) {}
  static Ref share(std::shared_ptr<Session> session, Pointer pointer) {
    HandleType<Pointer>::acquire(pointer);
    return Ref(std::move(session), pointer);
  }
  Ref(Ref&& other) noexcept
      : session_(std::move(other.session_)), pointer_(std::exchange(other.pointer_, nullptr)) {}
  Ref& operator=(Ref&& other) noexcept {
    std::swap(session_, other.session_);
    std::swap(pointer_, other.pointer_);
    return *this;
  }
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  ~Ref() {
    if (pointer_ != nullptr) session_->discard(detach());
  }

  Pointer get() const noexcept { return pointer_; }
  const std::shared_ptr<Session>& session() const noexcept { return session_; }
  Reference detach() noexcept { return {std::exchange(pointer_, nullptr), &HandleType<Pointer>::release}; }
  // On a thread that may block.
  void releaseHere() {
    if (pointer_ != nullptr) HandleType<Pointer>::release(std::exchange(pointer_, nullptr));
  }

  // To JavaScript. The garbage collector's finalizer only unlinks it: the session releases.
  Napi::Value give(Napi::Env env) {
    Session::Holder* holder = session_->hold({std::exchange(pointer_, nullptr), &HandleType<Pointer>::letGo});
    Napi::External<Session::Holder> external;
    try {
      external = Napi::External<Session::Holder>::New(
          env, holder,
          [](Napi::BasicEnv, Session::Holder* forgotten) { forgotten->session->letGo(forgotten); });
    } catch (...) {  // the environment is being terminated and takes no values any more
      holder->session->letGo(holder);
      throw;
    }
    external.TypeTag(&HandleType<Pointer>::tag);
    return external;
  }

  // From JavaScript: empty when the value is no handle of this type.
  static Session::Holder* holder(Napi::Value value) {
    if (!value.IsExternal()) return nullptr;
    auto external = value.As<Napi::External<Session::Holder>>();
    return external.CheckTypeTag(&HandleType<Pointer>::tag) ? external.Data() : nullptr;
  }

 private:
  std::shared_ptr<Session> session_;
  Pointer pointer_ = nullptr;
};

// The promise of a connection: what it is opened with can be closed by it, too, before it is open.
Napi::Promise opening(const std::shared_ptr<Session>& session, Napi::Promise promise);
// From JavaScript: empty when the value is no such promise.
Session::Holder* openingHolder(Napi::Value value);

}  // namespace virtnet
