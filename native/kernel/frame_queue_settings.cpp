// What is asked and set of a queue's device: FrameQueue without its frames.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bpf.hpp"
#include "frame_queue.hpp"
#include "shared_memory.hpp"
#include "system_failure.hpp"
#include "tuntap.hpp"

namespace virtnet {

namespace {

const TunProperty& property(const Napi::CallbackInfo& info) {
  const std::string wanted = info[0].ToString();
  for (const TunProperty& one : tunProperties)
    if (wanted == one.name) return one;
  throw Napi::TypeError::New(info.Env(), "there is no property " + wanted);
}

}  // namespace

Napi::Value FrameQueue::get(const Napi::CallbackInfo& info) {
  const TunProperty& wanted = property(info);
  const int fd = fdOf(info.Env());
  const std::uint64_t value = orThrow(info.Env(), [&] { return wanted.get(fd, socket_->of(fd)); });
  return Napi::Number::New(info.Env(), static_cast<double>(value));
}

Napi::Value FrameQueue::set(const Napi::CallbackInfo& info) {
  const TunProperty& wanted = property(info);
  const int fd = fdOf(info.Env());
  if (wanted.set == nullptr || !info[1].IsNumber())
    throw Napi::TypeError::New(info.Env(), std::string(wanted.name) + " cannot be set to that");
  const std::uint32_t value = info[1].As<Napi::Number>().Uint32Value();
  orThrow(info.Env(), [&] { wanted.set(fd, socket_->of(fd), value); });
  return info.Env().Undefined();
}

Napi::Value FrameQueue::mac(const Napi::CallbackInfo& info) {
  const int fd = fdOf(info.Env());
  auto mac = Napi::Uint8Array::New(info.Env(), 6);
  orThrow(info.Env(), [&] { tunMac(fd, mac.Data()); });
  return mac;
}

Napi::Value FrameQueue::setMac(const Napi::CallbackInfo& info) {
  const int fd = fdOf(info.Env());
  const auto mac = elements<std::uint8_t>(info, 0, napi_uint8_array, "mac: not a Uint8Array");
  if (mac.size() != 6) throw Napi::RangeError::New(info.Env(), "a MAC address has six bytes");
  orThrow(info.Env(), [&] { setTunMac(fd, mac.data()); });
  return info.Env().Undefined();
}

Napi::Value FrameQueue::deviceName(const Napi::CallbackInfo& info) {
  const int fd = fdOf(info.Env());
  return Napi::String::New(info.Env(), orThrow(info.Env(), [&] { return tunName(fd); }));
}

namespace {

Program ebpf(const Napi::CallbackInfo& info, std::size_t position) {
  const Napi::Value given = info[position];
  if (given.IsUndefined()) return Stays{};
  if (given.IsNull()) return Goes{};
  if (given.IsNumber()) return Loaded{given.As<Napi::Number>().Int32Value()};
  return std::span<const std::uint8_t>(elements<std::uint8_t>(info, position, napi_uint8_array,
                                                              "a program is a Uint8Array, a number or null"));
}

// Each instruction is four numbers: code, jump when true, jump when false, k.
std::optional<std::vector<FilterInstruction>> classic(const Napi::CallbackInfo& info, std::size_t position) {
  if (info[position].IsUndefined()) return std::nullopt;
  const auto words =
      elements<std::uint32_t>(info, position, napi_uint32_array, "a filter is a Uint32Array or undefined");
  std::vector<FilterInstruction> program;
  for (std::size_t i = 0; i + 4 <= words.size(); i += 4)
    program.push_back({.code = static_cast<std::uint16_t>(words[i]),
                       .jumpTrue = static_cast<std::uint8_t>(words[i + 1]),
                       .jumpFalse = static_cast<std::uint8_t>(words[i + 2]),
                       .k = words[i + 3]});
  return program;
}

// (steering, filter, classic)
TunPrograms programs(const Napi::CallbackInfo& info) {
  return {.steering = ebpf(info, 0), .filter = ebpf(info, 1), .classic = classic(info, 2)};
}

}  // namespace

Napi::Value FrameQueue::tryPrograms(const Napi::CallbackInfo& info) {
  const int fd = fdOf(info.Env());
  const TunPrograms given = programs(info);
  orThrow(info.Env(), [&] { tryTunPrograms(socket_->of(fd), given); });
  return info.Env().Undefined();
}

Napi::Value FrameQueue::setPrograms(const Napi::CallbackInfo& info) {
  const int fd = fdOf(info.Env());
  const TunPrograms given = programs(info);
  orThrow(info.Env(), [&] { setTunPrograms(fd, socket_->of(fd), given); });
  return info.Env().Undefined();
}

}  // namespace virtnet
