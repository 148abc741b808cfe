#include "frame_memory.hpp"

#include "options.hpp"
#include "shared_memory.hpp"
#include "system_failure.hpp"

namespace virtnet {

namespace {

// What the largest frame needs, and as little again: below it nothing could be read.
constexpr std::uint32_t leastBytes = 2 * (largestFrame + longestHeader);
constexpr std::uint32_t mostBytes = 1U << 26;
constexpr std::uint32_t mostFrames = 1U << 16;
constexpr std::uint32_t mostBatches = 16;

}  // namespace

Napi::Function FrameMemory::define(Napi::Env env) {
  return DefineClass(
      env, name, {InstanceMethod<&FrameMemory::show>("show"), InstanceMethod<&FrameMemory::renew>("renew")});
}

FrameMemory::FrameMemory(const Napi::CallbackInfo& info) : Wrapped(info) {
  if (!info[0].IsObject()) throw Napi::TypeError::New(info.Env(), "argument 1 is not an object");
  const auto options = info[0].As<Napi::Object>();
  const auto bytes = number(options, "bytes", leastBytes, mostBytes);
  const auto frames = number(options, "frames", 1, mostFrames);
  const auto batches = number(options, "batches", 1, mostBatches);
  orThrow(info.Env(), [&] {
    for (std::uint32_t i = 0; i < batches; i++) batches_->emplace_back(bytes, frames);
  });
}

Batch& FrameMemory::batchOf(const Napi::CallbackInfo& info) const {
  const auto index = info[0].IsNumber() ? info[0].As<Napi::Number>().Uint32Value() : ~0U;
  if (index >= batches_->size()) throw Napi::RangeError::New(info.Env(), "there is no such batch");
  return (*batches_)[index];
}

// (batch): its bytes, offsets and lengths as three parts of one ArrayBuffer.
Napi::Value FrameMemory::show(const Napi::CallbackInfo& info) {
  Batch& batch = batchOf(info);
  return shared(info.Env(), batch.memory(), batch.bytes(), batch.allBytes());
}

// (batch, count): gives it other memory, with its first `count` frames: somebody has taken what it had.
Napi::Value FrameMemory::renew(const Napi::CallbackInfo& info) {
  Batch& batch = batchOf(info);
  const auto count = info[1].IsNumber() ? info[1].As<Napi::Number>().Uint32Value() : ~0U;
  if (count > batch.frames()) throw Napi::RangeError::New(info.Env(), "there are no such frames");
  orThrow(info.Env(), [&] { batch.renew(count); });
  return info.Env().Undefined();
}

}  // namespace virtnet
