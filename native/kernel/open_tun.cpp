// Opening and closing TUN/TAP devices, on threads of their own: both wait for the kernel's lock of all
// network devices, and closing the last queue of one waits until nobody can see it any more.
#include <napi.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../environment.hpp"
#include "frame_queue.hpp"
#include "options.hpp"
#include "promised_job.hpp"
#include "system_failure.hpp"
#include "tables.hpp"
#include "tuntap.hpp"

namespace virtnet {

namespace {

// The kernel makes one device at a time, but of those that are closed many wait together.
constexpr Executor::Threads forDevices = {.begin = [] {}, .most = 16};

class Opening final : public PromisedJob {
 public:
  explicit Opening(TunRequest request) : request_(std::move(request)) {}

 protected:
  void work() override { device_ = openTun(request_); }

  Napi::Value result(Napi::Env env) override {
    const auto socket = std::make_shared<DeviceSocket>(std::move(device_.socket));
    auto queues = Napi::Array::New(env);
    for (std::uint32_t i = 0; i < device_.queues.size(); i++)
      queues.Set(i, OpenedQueue::give(
                        env, std::make_unique<OpenedQueue>(DeviceFd(std::move(device_.queues[i])), socket)));
    auto opened = Napi::Object::New(env);
    opened.Set("name", device_.name);
    opened.Set("headerLength", device_.headerLength);
    opened.Set("offloads", device_.offloads);
    opened.Set("queues", queues);
    return opened;
  }

 private:
  TunRequest request_;
  TunDevice device_;
};

// Devices that stay, made in one visit to their namespace and closed again. A device that cannot be made is
// the last one tried: those that were made by then are the caller's to delete.
class Making final : public PromisedJob {
 public:
  Making(TunRequest request, std::vector<std::string> names)
      : request_(std::move(request)), names_(std::move(names)) {}

 protected:
  void work() override {
    try {
      inNamespace(std::exchange(request_.netns, std::nullopt), [this] {
        for (std::string& name : names_) {
          request_.name = std::move(name);
          TunDevice device = openTun(request_);
          const int queue = device.queues.front().get();
          const std::uint32_t index = tunIndex(queue, device.socket.of(queue));
          made_.emplace_back(std::move(device.name), index);
        }
      });
    } catch (const SystemFailure& failure) {
      failure_.emplace(failure);
    }
  }

  Napi::Value result(Napi::Env env) override {
    auto made = Napi::Array::New(env, made_.size());
    for (std::uint32_t i = 0; i < made_.size(); i++) {
      auto one = Napi::Array::New(env, 2);
      one.Set(0U, made_[i].first);
      one.Set(1U, made_[i].second);
      made.Set(i, one);
    }
    auto outcome = Napi::Object::New(env);
    outcome.Set("made", made);
    if (failure_) outcome.Set("failure", failure_->give(env).Value());
    return outcome;
  }

 private:
  TunRequest request_;
  std::vector<std::string> names_;
  std::vector<std::pair<std::string, std::uint32_t>> made_;
  std::optional<SystemFailure> failure_;
};

class Closing final : public PromisedJob {
 public:
  explicit Closing(std::vector<OpenedQueue> queues) : queues_(std::move(queues)) {}

 protected:
  void work() override { queues_.clear(); }
  Napi::Value result(Napi::Env env) override { return env.Undefined(); }

 private:
  std::vector<OpenedQueue> queues_;
};

// The facade has checked all of it.
TunRequest requested(const Napi::Object& given) {
  const auto flag = [&](const char* key) { return given.Get(key).ToBoolean().Value(); };
  const auto number = [&](const char* key) -> std::optional<std::uint32_t> {
    const Napi::Value value = given.Get(key);
    if (!value.IsNumber()) return std::nullopt;
    return value.As<Napi::Number>().Uint32Value();
  };
  TunRequest request;
  request.name = text(given.Get("name"), "name");
  request.layer = number("layer") == 3U ? Layer::Ip : Layer::Ethernet;
  if (given.Get("existing").IsBoolean())
    request.existing = flag("existing") ? TunRequest::Existing::Required : TunRequest::Existing::Refused;
  request.packetInformation = flag("packetInformation");
  request.virtioHeader = flag("virtioHeader");
  request.multiQueue = flag("multiQueue");
  request.napi = flag("napi");
  request.persist = flag("persist");
  request.queues = number("queues").value_or(1);
  request.offloads = number("offloads").value_or(0);
  request.owner = number("owner");
  request.group = number("group");
  request.sendBuffer = number("sendBuffer");
  if (given.Get("netns").IsString()) request.netns = text(given.Get("netns"), "netns");
  return request;
}

}  // namespace

void defineTunTap(Napi::Env env, Napi::Object kernel) {
  const auto executor = std::make_shared<Executor>(env.GetInstanceData<Environment>()->mailbox(), forDevices);
  kernel.Set("FrameMemory", FrameMemory::define(env));
  kernel.Set("FrameQueue", FrameQueue::define(env));
  kernel.Set("openTun", Napi::Function::New(
                            env,
                            [executor](const Napi::CallbackInfo& info) -> Napi::Value {
                              if (!info[0].IsObject())
                                throw Napi::TypeError::New(info.Env(), "argument 1 is not an object");
                              return PromisedJob::post(
                                  info, *executor,
                                  std::make_unique<Opening>(requested(info[0].As<Napi::Object>())));
                            },
                            "openTun"));
  // (request, names): makes one of each name that stays; resolves with name and number of those that were
  // `made`, and the `failure` of the one after them, if one could not be.
  kernel.Set("makeTuns", Napi::Function::New(
                             env,
                             [executor](const Napi::CallbackInfo& info) -> Napi::Value {
                               if (!info[0].IsObject() || !info[1].IsArray())
                                 throw Napi::TypeError::New(
                                     info.Env(), "arguments 1 and 2 are not an object and an array");
                               const auto given = info[1].As<Napi::Array>();
                               std::vector<std::string> names;
                               names.reserve(given.Length());
                               for (std::uint32_t i = 0; i < given.Length(); i++)
                                 names.push_back(text(given.Get(i), "name"));
                               TunRequest request = requested(info[0].As<Napi::Object>());
                               request.persist = true;
                               return PromisedJob::post(
                                   info, *executor,
                                   std::make_unique<Making>(std::move(request), std::move(names)));
                             },
                             "makeTuns"));
  // (queues): what FrameQueue.detach() gave, or openTun and nobody has taken.
  kernel.Set(
      "closeTun",
      Napi::Function::New(
          env,
          [executor](const Napi::CallbackInfo& info) -> Napi::Value {
            if (!info[0].IsArray()) throw Napi::TypeError::New(info.Env(), "argument 1 is not an array");
            const auto given = info[0].As<Napi::Array>();
            std::vector<OpenedQueue> queues;
            for (std::uint32_t i = 0; i < given.Length(); i++) {
              const Napi::Value one = given.Get(i);
              if (!one.IsExternal() || !one.As<Napi::External<OpenedQueue>>().CheckTypeTag(&OpenedQueue::tag))
                throw Napi::TypeError::New(info.Env(), "argument 1 has what is no queue");
              queues.push_back(std::move(*one.As<Napi::External<OpenedQueue>>().Data()));
            }
            return PromisedJob::post(info, *executor, std::make_unique<Closing>(std::move(queues)));
          },
          "closeTun"));
}

}  // namespace virtnet
