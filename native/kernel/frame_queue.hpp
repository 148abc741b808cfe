// A queue of a TUN/TAP device in JavaScript: bursts of frames in, bursts of frames out. It reads on the event
// loop's own thread, where a call of JavaScript costs least, or on one of its own.
#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "device_fd.hpp"
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
  std::shared_ptr<Fd> socket;  // of the device, shared by its queues

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
  Napi::Value readRest(const Napi::CallbackInfo& info);
  Napi::Value stop(const Napi::CallbackInfo& info);
  Napi::Value hold(const Napi::CallbackInfo& info);
  Napi::Value letGo(const Napi::CallbackInfo& info);
  Napi::Value write(const Napi::CallbackInfo& info);
  Napi::Value writeOne(const Napi::CallbackInfo& info);
  Napi::Value awaitWritable(const Napi::CallbackInfo& info);
  Napi::Value counters(const Napi::CallbackInfo& info);
  Napi::Value get(const Napi::CallbackInfo& info);
  Napi::Value set(const Napi::CallbackInfo& info);
  Napi::Value mac(const Napi::CallbackInfo& info);
  Napi::Value setMac(const Napi::CallbackInfo& info);
  Napi::Value deviceName(const Napi::CallbackInfo& info);
  Napi::Value tryPrograms(const Napi::CallbackInfo& info);
  Napi::Value setPrograms(const Napi::CallbackInfo& info);
  Napi::Value detach(const Napi::CallbackInfo& info);

  // The listener, and with it this object, is held while something is awaited: a queue that is forgotten
  // otherwise can be collected.
  void activate(Napi::Value listener);
  void relax();
  // What the listener is called with: count, batch, error. After an error nothing more is read; count -1
  // says that the queue takes frames again.
  void tell(std::int32_t count, std::uint32_t batch, int error);
  void ready(int events, int error);
  void readHere(bool lost);
  std::uint32_t lookOut(int& error);
  void takeFromThread();
  void add(const Counters& more);
  void stopReading();
  void fail(int error);
  void watch();
  int fdOf(Napi::Env env) const;
  void end();

  // Read first, ended last: the thread and libuv use the descriptor and the batches.
  DeviceFd fd_;
  std::shared_ptr<Fd> socket_;
  std::shared_ptr<std::vector<Batch>> batches_;  // in turn with other queues, but for a thread
  std::shared_ptr<Counters> counters_ = std::make_shared<Counters>();
  std::vector<Frame> frames_;  // of the burst that is being written
  std::unique_ptr<FrameReader> reader_;
  std::unique_ptr<FrameWriter> writer_;
  std::unique_ptr<ReaderThread> thread_;
  std::unique_ptr<Poll> poll_;   // of the device; of the thread's bell, where one reads
  std::unique_ptr<Poll> space_;  // of the device, where a thread reads: for room to write
  Napi::FunctionReference listener_;
  bool reading_ = false;
  bool fewCome_ = false;        // one at most, when all were asked for
  bool comesSoon_ = false;      // after an answer, the next frame
  std::uint64_t restedAt_ = 0;  // after an answer, in ns; else 0
  bool held_ = true;
  bool awaitsWritable_ = false;
  bool ended_ = false;
};

}  // namespace virtnet
