#include "events.hpp"

namespace virtnet {

void Registration::invoke() {
  if (remover() == nullptr) return fail(Failure::missing(function()));
  auto source = std::make_unique<EventSource>(session(), subscription_);
  const int added = add(connection_.get(), source.get());
  if (added < 0) return fail(Failure::last(function()));
  static_cast<void>(source.release());  // libvirt's now
  // A reference of its own: the subscription may end after the last handle of the connection.
  Deregister deregister = [connection = connection_.get(), added, remove = remover()] {
    const int status = remove(connection, added);
    HandleType<virConnectPtr>::release(connection);
    return status;
  };
  HandleType<virConnectPtr>::acquire(connection_.get());
  if (!session()->confirm(subscription_, deregister)) deregister();
}

Napi::Value Deregistration::enter(const Napi::CallbackInfo& info, const char* function) {
  checkArity(info, function, 2);
  auto connection = Wire<virConnectPtr>::take(info[0], {function, 0});
  const auto subscription = Wire<unsigned>::take(info[1], {function, 1});
  const auto& session = connection.session();
  return session->submit(info.Env(), std::make_unique<Deregistration>(function, subscription,
                                                                      session->unsubscribe(subscription)));
}

}  // namespace virtnet
