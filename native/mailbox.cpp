#include "mailbox.hpp"

#include <utility>

#include "environment.hpp"

namespace virtnet {

std::shared_ptr<Mailbox> Mailbox::open(Environment& environment) {
  Napi::Env env = environment.env();
  std::shared_ptr<Mailbox> mailbox(new Mailbox(environment));
  // The bell may ring for the last time while its owner is gone: it keeps the mailbox itself.
  auto* own = new std::shared_ptr<Mailbox>(mailbox);
  const napi_status status = napi_create_threadsafe_function(
      env, nullptr, nullptr, Napi::String::New(env, "virtnet"), 0, 1, own,
      [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<Mailbox>*>(data); }, mailbox.get(),
      wake, &mailbox->bell_);
  if (status != napi_ok) {
    delete own;
    throw Napi::Error::New(env, "virtnet cannot attach to this JavaScript environment");
  }
  napi_unref_threadsafe_function(env, mailbox->bell_);
  return mailbox;
}

bool Mailbox::post(std::unique_ptr<Letter>& letter) {
  const std::lock_guard lock(mutex_);
  if (!open_) return false;
  letters_.push_back(std::move(letter));
  // One ring empties the whole box.
  if (letters_.size() == 1) napi_call_threadsafe_function(bell_, nullptr, napi_tsfn_nonblocking);
  return true;
}

void Mailbox::hold() {
  if (holders_++ == 0) napi_ref_threadsafe_function(environment_.env(), bell_);
}

void Mailbox::letGo() {
  if (--holders_ == 0) napi_unref_threadsafe_function(environment_.env(), bell_);
}

std::vector<std::unique_ptr<Letter>> Mailbox::close() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(open_, false)) napi_release_threadsafe_function(bell_, napi_tsfn_abort);
  return std::exchange(letters_, {});
}

void Mailbox::wake(napi_env env, napi_value, void* context, void*) {
  // Without an environment the bell is only being emptied at teardown.
  if (env != nullptr) static_cast<Mailbox*>(context)->deliverAll(env);
}

void Mailbox::deliverAll(Napi::Env env) {
  std::vector<std::unique_ptr<Letter>> letters;
  {
    const std::lock_guard lock(mutex_);
    letters.swap(letters_);
  }
  for (const auto& letter : letters) {
    const Napi::HandleScope scope(env);
    try {
      letter->deliver(environment_);
    } catch (const Napi::Error&) {
      // The environment is being torn down: it takes no values any more, and nobody is left to tell.
    }
  }
}

}  // namespace virtnet
