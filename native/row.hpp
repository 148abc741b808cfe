// A bound function as a row of a table. Rows are made by bind.hpp out of C signatures, or written by
// hand for the few functions that take callbacks.
#pragma once

#include <napi.h>

#include <span>
#include <string>
#include <vector>

namespace virtnet {

struct Signature {
  struct Argument {
    std::string type;            // in TypeScript
    int position = -1;           // which parameter of the C function it is, where it is one
    const char* name = nullptr;  // where it is none
  };
  std::vector<Argument> arguments;
  std::string result;  // in TypeScript
};

struct Row {
  const char* name;
  Napi::Value (*call)(const Napi::CallbackInfo&);
  Signature (*signature)();
};

using Table = std::span<const Row>;

}  // namespace virtnet
