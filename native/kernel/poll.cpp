#include "poll.hpp"

#include <memory>
#include <utility>

#include "system_failure.hpp"

namespace virtnet {

// Lives until libuv has let go of it, which may be after the Poll.
struct Poll::Handle {
  Handle(Napi::Env of, int fd, Fd owned, Ready listener, Poll* poller)
      : watched(fd), own(std::move(owned)), ready(std::move(listener)), env(of), owner(poller) {}

  uv_poll_t poll{};
  int watched;
  Fd own;  // the same, unless it is lent
  Ready ready;
  Napi::Env env;
  napi_async_context context = nullptr;
  napi_async_cleanup_hook_handle hook = nullptr;
  Poll* owner;

  void on(int events, int error) {
    // A worker that is being terminated takes no values any more.
    try {
      const Napi::HandleScope scope(env);
      const Napi::CallbackScope callbacks(env, context);
      ready(events, error);
    } catch (const std::exception&) {  // Napi::Error is one
    }
  }
};

Poll::Poll(Napi::Env env, const char* name, Fd fd, Ready ready)
    : Poll(env, name, std::make_unique<Handle>(env, fd.get(), std::move(fd), std::move(ready), this)) {}

Poll::Poll(Napi::Env env, const char* name, int lent, Ready ready)
    : Poll(env, name, std::make_unique<Handle>(env, lent, Fd(), std::move(ready), this)) {}

Poll::Poll(Napi::Env env, const char* name, std::unique_ptr<Handle> handle) {
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) throw SystemFailure("napi_get_uv_event_loop", EINVAL);
  const int failed = uv_poll_init(loop, &handle->poll, handle->watched);
  if (failed != 0) throw SystemFailure("uv_poll_init", -failed);
  handle->poll.data = handle.get();
  uv_unref(reinterpret_cast<uv_handle_t*>(&handle->poll));
  napi_async_init(env, nullptr, Napi::String::New(env, name), &handle->context);
  napi_add_async_cleanup_hook(
      env,
      [](napi_async_cleanup_hook_handle, void* argument) {
        auto* ending = static_cast<Handle*>(argument);
        // Without an owner it is being closed already, and its end removes the hook.
        if (ending->owner != nullptr) ending->owner->close();
      },
      handle.get(), &handle->hook);
  handle_ = handle.release();
}

int Poll::fd() const noexcept { return handle_ == nullptr ? -1 : handle_->watched; }

void Poll::watch(int events) {
  if (handle_ == nullptr) return;
  if (events == 0) {
    uv_poll_stop(&handle_->poll);
    return;
  }
  const int failed = uv_poll_start(&handle_->poll, events, [](uv_poll_t* poll, int status, int ready) {
    static_cast<Handle*>(poll->data)->on(ready, -status);
  });
  if (failed != 0) throw SystemFailure("uv_poll_start", -failed);
}

void Poll::hold() noexcept {
  if (handle_ != nullptr) uv_ref(reinterpret_cast<uv_handle_t*>(&handle_->poll));
}

void Poll::letGo() noexcept {
  if (handle_ != nullptr) uv_unref(reinterpret_cast<uv_handle_t*>(&handle_->poll));
}

void Poll::close() noexcept {
  Handle* handle = std::exchange(handle_, nullptr);
  if (handle == nullptr) return;
  handle->owner = nullptr;
  finish(handle);
}

void Poll::finish(Handle* handle) noexcept {
  napi_async_destroy(handle->env, handle->context);
  uv_close(reinterpret_cast<uv_handle_t*>(&handle->poll), [](uv_handle_t* closed) {
    const std::unique_ptr<Handle> gone(static_cast<Handle*>(closed->data));
    napi_remove_async_cleanup_hook(gone->hook);
  });
  handle->own.reset();  // after uv_close, which stops watching it
}

}  // namespace virtnet
