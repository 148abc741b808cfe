// Hearing that a stream has something to be received, or room for more.
#pragma once

#include "events.hpp"

namespace virtnet {

// Calls its listener once: what is ready stays ready until it is received, so each event waits for
// virStreamEventUpdateCallback to be told which ones are wanted next.
Napi::Value streamEventAddCallback(const Napi::CallbackInfo& info);
Signature streamEventAddCallbackSignature();
Napi::Value streamEventRemoveCallback(const Napi::CallbackInfo& info);

}  // namespace virtnet
