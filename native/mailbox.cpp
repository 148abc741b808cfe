#include "mailbox.hpp"

#include <utility>

#include "environment.hpp"

namespace virtnet {

Mailbox::Mailbox(Environment& environment) : environment_(environment), bell_(new Bell{}) {
  const Napi::Env env = environment.env();
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok ||
      napi_async_init(env, nullptr, Napi::String::New(env, "virtnet"), &context_) != napi_ok ||
      uv_async_init(loop, &bell_->async,
                    [](uv_async_t* async) { static_cast<Mailbox*>(async->data)->deliverAll(); }) != 0) {
    delete bell_;
    throw Napi::Error::New(env, "virtnet cannot attach to this JavaScript environment");
  }
  bell_->async.data = this;
  uv_unref(reinterpret_cast<uv_handle_t*>(&bell_->async));
}

bool Mailbox::post(std::unique_ptr<Letter>& letter) {
  const std::lock_guard lock(mutex_);
  if (!open_) return false;
  letters_.push_back(std::move(letter));
  // One ring empties the whole box.
  if (letters_.size() == 1) uv_async_send(&bell_->async);
  return true;
}

void Mailbox::hold() {
  if (holders_++ == 0) uv_ref(reinterpret_cast<uv_handle_t*>(&bell_->async));
}

void Mailbox::letGo() {
  if (--holders_ == 0) uv_unref(reinterpret_cast<uv_handle_t*>(&bell_->async));
}

std::vector<std::unique_ptr<Letter>> Mailbox::close(void (*closed)(void*), void* argument) {
  napi_async_destroy(environment_.env(), context_);
  const std::lock_guard lock(mutex_);
  open_ = false;
  bell_->closed = closed;
  bell_->argument = argument;
  bell_->async.data = bell_;
  uv_close(reinterpret_cast<uv_handle_t*>(&bell_->async), [](uv_handle_t* handle) {
    const std::unique_ptr<Bell> bell(static_cast<Bell*>(handle->data));
    bell->closed(bell->argument);
  });
  return std::exchange(letters_, {});
}

void Mailbox::deliverAll() {
  std::vector<std::unique_ptr<Letter>> letters;
  {
    const std::lock_guard lock(mutex_);
    letters.swap(letters_);
  }
  const Napi::Env env = environment_.env();
  // A worker that is being terminated takes no values any more: every step may fail, and then nobody is
  // left to tell.
  try {
    const Napi::HandleScope scope(env);
    // Promises settle when it ends: their reactions run then.
    const Napi::CallbackScope callbacks(env, context_);
    for (auto& letter : letters) {
      deliver(*letter);
      letter.reset();  // what it brought and nobody took is released before the next one
    }
  } catch (const std::exception&) {  // Napi::Error is one
  }
}

void Mailbox::deliver(Letter& letter) {
  try {
    const Napi::HandleScope scope(environment_.env());
    letter.deliver(environment_);
  } catch (const std::exception&) {
  }
}

}  // namespace virtnet
