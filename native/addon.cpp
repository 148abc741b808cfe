// What `require` gives: every row as a function under its C name, and what the generator of
// lib/native/*.gen.ts needs to know of them.
#include <napi.h>

#include "environment.hpp"
#include "kernel/kernel.hpp"
#include "process_exit.hpp"
#include "tables/tables.hpp"

namespace virtnet {

namespace {

Napi::Object describe(Napi::Env env, const Signature& signature) {
  auto arguments = Napi::Array::New(env, signature.arguments.size());
  for (std::uint32_t i = 0; i < signature.arguments.size(); i++) {
    const Signature::Argument& argument = signature.arguments[i];
    auto described = Napi::Object::New(env);
    described.Set("type", argument.type);
    if (argument.name != nullptr) described.Set("name", argument.name);
    else described.Set("position", argument.position);
    arguments.Set(i, described);
  }
  auto described = Napi::Object::New(env);
  described.Set("arguments", arguments);
  described.Set("result", signature.result);
  return described;
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  finishWorkAtExit();
  env.SetInstanceData(new Environment(env));
  auto functions = Napi::Object::New(env);
  auto signatures = Napi::Object::New(env);
  for (const Table& table : {connectTable, domainTable, interfaceTable, networkPortTable, networkTable,
                             nodeDeviceTable, nwfilterTable, streamTable}) {
    for (const Row& row : table) {
      functions.Set(row.name, Napi::Function::New(env, row.call, row.name));
      signatures.Set(row.name, describe(env, row.signature()));
    }
  }
  exports.Set("functions", functions);
  exports.Set("signatures", signatures);
  exports.Set("kernel", kernelObject(env));
  return exports;
}

}  // namespace

}  // namespace virtnet

static Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  return virtnet::initialize(env, exports);
}
NODE_API_MODULE(virtnet, initialize)
