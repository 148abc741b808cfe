// Batches in JavaScript: the memory into which queues read, one after the other.
#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "frames.hpp"
#include "wrapped.hpp"

namespace virtnet {

class FrameMemory final : public Wrapped<FrameMemory> {
 public:
  static constexpr napi_type_tag tag{0x7669'7274'6e65'7400, 0x1003};
  static constexpr const char* name = "FrameMemory";
  static Napi::Function define(Napi::Env env);

  // ({ bytes, frames, batches }): of each batch, and how many.
  explicit FrameMemory(const Napi::CallbackInfo& info);

  const std::shared_ptr<std::vector<Batch>>& batches() const noexcept { return batches_; }

 private:
  Napi::Value show(const Napi::CallbackInfo& info);
  Napi::Value renew(const Napi::CallbackInfo& info);
  Batch& batchOf(const Napi::CallbackInfo& info) const;

  std::shared_ptr<std::vector<Batch>> batches_ = std::make_shared<std::vector<Batch>>();
};

}  // namespace virtnet
