// A queue of a TUN/TAP device in JavaScript: bursts of frames in, bursts of frames out. It reads on the event
// loop's own thread, where a call of JavaScript costs least, or on one of its own.
#pragma once

#include <napi.h>

#include <memory>
#include <optional>
#include <vector>

#include "device_fd.hpp"
#include "device_socket.hpp"
#include "frame_memory.hpp"
#include "frames.hpp"
#include "poll.hpp"
#include "reader_thread.hpp"
#include "wrapped.hpp"

namespace virtnet {

// What opening gives for each queue, until JavaScript makes a FrameQueue of it.
struct OpenedQueue {
  static constexpr napi_type_tag tag{0x7669'7274'6e65'7400, 0x1001};
  DeviceFd fd;
  std::shared_ptr<DeviceSocket> socket;  // shared by the queues of a device

  // To JavaScript, which may forget it.
  static Napi::External<OpenedQueue> give(Napi::Env env, std::unique_ptr<OpenedQueue> opened);
};

class FrameQueue final : public Wrapped<FrameQueue> {
 public:
  static constexpr napi_type_tag tag{0x7669'7274'6e65'7400, 0x1002};
  static constexpr const char* name = "FrameQueue";
  static Napi::Function define(Napi::Env env);

  // (opened, { layer, offload, headerLength, thread }, memory)
  explicit FrameQueue(const Napi::CallbackInfo& info);
  FrameQueue(const FrameQueue&) = delete;
  FrameQueue& operator=(const FrameQueue&) = delete;
  ~FrameQueue() override;

 private:
  Napi::Value start(const Napi::CallbackInfo& info);
  Napi::Value next(const Napi::CallbackInfo& info);
  Napi::Value readRest(const Napi::CallbackInfo& info);
  Napi::Value stop(const Napi::CallbackInfo& info);
  Napi::Value hold(const Napi::CallbackInfo& info);
  Napi::Value letGo(const Napi::CallbackInfo& info);
  Napi::Value write(const Napi::CallbackInfo& info);
  Napi::Value writeOne(const Napi::CallbackInfo& info);
  Napi::Value awaitWritable(const Napi::CallbackInfo& info);
  Napi::Value leaveWritable(const Napi::CallbackInfo& info);
  Napi::Value awaitEnd(const Napi::CallbackInfo& info);
  Napi::Value counters(const Napi::CallbackInfo& info);
  Napi::Value get(const Napi::CallbackInfo& info);
  Napi::Value set(const Napi::CallbackInfo& info);
  Napi::Value mac(const Napi::CallbackInfo& info);
  Napi::Value setMac(const Napi::CallbackInfo& info);
  Napi::Value deviceName(const Napi::CallbackInfo& info);
  Napi::Value tryPrograms(const Napi::CallbackInfo& info);
  Napi::Value setPrograms(const Napi::CallbackInfo& info);
  Napi::Value detach(const Napi::CallbackInfo& info);

  // Listeners, and with them this object, are held while something is awaited: a queue that is forgotten
  // otherwise can be collected.
  void await(Napi::FunctionReference& which, Napi::Value listener);
  void relax();
  void ready(int events, int error);
  void hear();  // the thread's bell
  // Has JavaScript take what there is, by next().
  void beginTurn(bool lost);
  std::int32_t nextHere();
  std::int32_t nextOfThread();
  std::uint32_t lookOut(int& error);
  void giveBack();
  void add(const Counters& more);
  void stopReading();
  std::int32_t none();
  void watch();
  int fdOf(Napi::Env env) const;
  void end();

  // Read first, ended last: the thread and libuv use the descriptor and the batches.
  DeviceFd fd_;
  std::shared_ptr<DeviceSocket> socket_;
  std::shared_ptr<std::vector<Batch>> batches_;  // in turn with other queues, but for a thread
  std::shared_ptr<Counters> counters_ = std::make_shared<Counters>();
  std::vector<Frame> frames_;  // of the burst that is being written
  std::unique_ptr<FrameReader> reader_;
  std::unique_ptr<FrameWriter> writer_;
  std::unique_ptr<ReaderThread> thread_;
  std::unique_ptr<Poll> poll_;   // of the device; of the thread's bell, where one reads
  std::unique_ptr<Poll> space_;  // of the device, where a thread reads: for room to write
  Napi::FunctionReference onFrames_;
  Napi::FunctionReference onRoom_;
  Napi::FunctionReference onEnd_;  // weak: it holds nobody
  // What one wake of the event loop brings, up to now.
  struct Turn {
    std::uint64_t deadline = 0;  // in ns
    std::uint32_t bursts = 0;
    int error = 0;      // why the last burst ended, or 0
    double writes = 0;  // all that were made before its frames were handed on
    bool lost = false;  // libuv says that something is wrong with the device
  };
  Turn turn_;
  std::uint64_t turnNanoseconds_ = 0;  // the longest
  std::optional<std::uint32_t> lent_;  // the thread's batch that JavaScript has
  bool reading_ = false;
  bool fewCome_ = false;        // one at most, when all were asked for
  bool comesSoon_ = false;      // after an answer, the next frame
  std::uint64_t restedAt_ = 0;  // after an answer, in ns; else 0
  bool held_ = true;
  bool awaitsWritable_ = false;
  bool awaitsEnd_ = false;  // only while nobody reads
  bool ended_ = false;
};

}  // namespace virtnet
