#include "frame_queue.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "options.hpp"
#include "shared_memory.hpp"
#include "system_failure.hpp"

namespace virtnet {

namespace {

// A wake of the event loop ends after the batch in which this much time has passed: others want their turn,
// and a file that is read takes several. Of super-frames not as soon: they drive the code of a turn out of
// the caches, and it takes as long as several of them then.
constexpr std::uint64_t turnNanoseconds(Offload offload) {
  return offload == Offload::None ? 500'000 : 2'000'000;
}
// So many frames are taken one by one before it is seen whether more wait.
constexpr int mostAlone = 3;
// How long to wait awake for the next frame of somebody who has just been answered. To fall asleep and be
// woken takes as long.
constexpr std::uint64_t lookOutNanoseconds = 50'000;

}  // namespace

Napi::External<OpenedQueue> OpenedQueue::give(Napi::Env env, std::unique_ptr<OpenedQueue> opened) {
  auto external = Napi::External<OpenedQueue>::New(env, opened.get(), [](Napi::BasicEnv, OpenedQueue* held) {
    held->fd.closeAway();  // unless it was taken
    delete held;
  });
  static_cast<void>(opened.release());
  external.TypeTag(&OpenedQueue::tag);
  return external;
}

Napi::Function FrameQueue::define(Napi::Env env) {
  return DefineClass(
      env, name,
      {InstanceMethod<&FrameQueue::start>("start"), InstanceMethod<&FrameQueue::stop>("stop"),
       InstanceMethod<&FrameQueue::readRest>("readRest"), InstanceMethod<&FrameQueue::hold>("ref"),
       InstanceMethod<&FrameQueue::letGo>("unref"),
       InstanceMethod<&FrameQueue::awaitWritable>("awaitWritable"),
       InstanceMethod<&FrameQueue::leaveWritable>("leaveWritable"),
       InstanceMethod<&FrameQueue::awaitEnd>("awaitEnd"), InstanceMethod<&FrameQueue::counters>("counters"),
       InstanceMethod<&FrameQueue::get>("get"), InstanceMethod<&FrameQueue::set>("set"),
       InstanceMethod<&FrameQueue::mac>("mac"), InstanceMethod<&FrameQueue::setMac>("setMac"),
       InstanceMethod<&FrameQueue::deviceName>("deviceName"),
       InstanceMethod<&FrameQueue::tryPrograms>("tryPrograms"),
       InstanceMethod<&FrameQueue::setPrograms>("setPrograms"),
       InstanceMethod<&FrameQueue::detach>("detach")});
}

FrameQueue::FrameQueue(const Napi::CallbackInfo& info) : Wrapped(info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsExternal() || !info[0].As<Napi::External<OpenedQueue>>().CheckTypeTag(&OpenedQueue::tag))
    throw Napi::TypeError::New(env, "argument 1 is not an opened queue");
  if (!info[1].IsObject()) throw Napi::TypeError::New(env, "argument 2 is not an object");
  auto* opened = info[0].As<Napi::External<OpenedQueue>>().Data();
  if (!opened->fd.valid()) throw Napi::TypeError::New(env, "this queue was taken already");
  const auto options = info[1].As<Napi::Object>();
  const auto layer = number(options, "layer", 2, 3) == 2 ? Layer::Ethernet : Layer::Ip;
  const auto offload = static_cast<Offload>(number(options, "offload", 0, 2));
  turnNanoseconds_ = turnNanoseconds(offload);
  const auto headerLength = number(options, "headerLength", 0, longestHeader);
  if (offload == Offload::Split && headerLength < sizeof(VirtioHeader))
    throw Napi::RangeError::New(env, "headerLength is too short");
  const bool thread = options.Get("thread").ToBoolean();
  if (!info[2].IsObject()) throw Napi::TypeError::New(env, "argument 3 is not an object");
  batches_ = FrameMemory::Unwrap(info[2].As<Napi::Object>())->batches();

  orThrow(env, [&] {
    const int fd = opened->fd.get();
    const auto watched = [&](int which, Poll::Ready listener) {
      return std::make_unique<Poll>(env, "virtnet tap", which, std::move(listener));
    };
    writer_ = std::make_unique<FrameWriter>(fd, offload, layer, headerLength);
    FrameReader reader(fd, offload, layer, headerLength);
    auto device = watched(fd, [this](int events, int error) { ready(events, error); });
    if (thread) {
      space_ = std::move(device);
      thread_ = std::make_unique<ReaderThread>(fd, std::move(reader), *batches_);
      poll_ = watched(thread_->bell(), [this](int, int) { hear(); });
    } else {
      reader_ = std::make_unique<FrameReader>(std::move(reader));
      poll_ = std::move(device);
    }
  });
  fd_ = std::move(opened->fd);
  socket_ = std::move(opened->socket);
  const auto self = info.This().As<Napi::Object>();
  bind<&FrameQueue::next>(self, "next");
  bind<&FrameQueue::write>(self, "write");
  bind<&FrameQueue::writeOne>(self, "writeOne");
}

FrameQueue::~FrameQueue() {
  // The last reference is gone, and with the environment JavaScript may be.
  thread_.reset();
  poll_.reset();
  space_.reset();
  fd_.closeAway();
}

void FrameQueue::await(Napi::FunctionReference& which, Napi::Value listener) {
  if (!listener.IsFunction()) throw Napi::TypeError::New(listener.Env(), "argument 1 is not a function");
  if (onFrames_.IsEmpty() && onRoom_.IsEmpty()) Ref();
  which = Napi::Persistent(listener.As<Napi::Function>());
}

void FrameQueue::relax() {
  if (onFrames_.IsEmpty() && onRoom_.IsEmpty()) return;
  if (!reading_) onFrames_.Reset();
  if (!awaitsWritable_) onRoom_.Reset();
  if (onFrames_.IsEmpty() && onRoom_.IsEmpty()) Unref();
}

void FrameQueue::end() {
  ended_ = true;
  reading_ = awaitsWritable_ = awaitsEnd_ = false;
  relax();
  thread_.reset();
  poll_.reset();
  space_.reset();
  writer_.reset();
}

int FrameQueue::fdOf(Napi::Env env) const {
  if (!fd_.valid()) throw SystemFailure("close", EBADF).give(env);
  return fd_.get();
}

void FrameQueue::watch() {
  if (ended_) return;
  Poll& device = space_ ? *space_ : *poll_;
  const int frames = reading_ ? UV_READABLE : 0;
  const int room = awaitsWritable_ ? UV_WRITABLE : 0;
  // When a device goes, the kernel wakes those who wait for something to read, urgent data among it, which a
  // device never has; not those who wait for room, nor who waits for errors alone.
  const int end = !reading_ && (awaitsWritable_ || awaitsEnd_) ? UV_PRIORITIZED : 0;
  if (space_) space_->watch(room | end);
  poll_->watch(space_ ? frames : frames | room | end);
  const bool held = held_ && (reading_ || awaitsWritable_);
  for (Poll* each : {poll_.get(), &device}) held ? each->hold() : each->letGo();
}

// Whether something waits that was read before: for readRest().
Napi::Value FrameQueue::start(const Napi::CallbackInfo& info) {
  if (ended_ || reading_) return Napi::Boolean::New(info.Env(), false);
  await(onFrames_, info[0]);
  reading_ = true;
  awaitsEnd_ = false;
  orThrow(info.Env(), [&] { watch(); });
  if (thread_) thread_->ring();  // for what came while nobody wanted it
  return Napi::Boolean::New(info.Env(), reader_ && reader_->rest() > 0);
}

Napi::Value FrameQueue::readRest(const Napi::CallbackInfo& info) {
  if (reader_) beginTurn(false);
  return info.Env().Undefined();
}

Napi::Value FrameQueue::stop(const Napi::CallbackInfo& info) {
  stopReading();
  return info.Env().Undefined();
}

void FrameQueue::stopReading() {
  if (!reading_) return;
  reading_ = false;
  watch();
  relax();
}

Napi::Value FrameQueue::hold(const Napi::CallbackInfo& info) {
  held_ = true;
  orThrow(info.Env(), [&] { watch(); });
  return info.Env().Undefined();
}

Napi::Value FrameQueue::letGo(const Napi::CallbackInfo& info) {
  held_ = false;
  orThrow(info.Env(), [&] { watch(); });
  return info.Env().Undefined();
}

void FrameQueue::ready(int events, int error) {
  // Against a listener that closes this queue and leaves nothing else that holds it.
  [[maybe_unused]] const Napi::Object alive = Value();
  counters_->wakes++;
  // Of a device that is gone, reading would say so: who does not read hears of it here.
  const bool lost = !reading_ && (error != 0 || (events & UV_PRIORITIZED) != 0);
  const bool awaitedEnd = std::exchange(awaitsEnd_, awaitsEnd_ && !lost);
  if (awaitsWritable_ && (lost || (error == 0 && (events & UV_WRITABLE) != 0))) {
    awaitsWritable_ = false;
    watch();
    onRoom_.Value().Call({Napi::Number::New(Env(), lost ? EBADFD : 0)});
    relax();
  } else if (lost) {
    watch();  // no more: it would be said again and again
    const Napi::Function listener = awaitedEnd ? onEnd_.Value() : Napi::Function();
    if (!listener.IsEmpty()) listener.Call({Napi::Number::New(Env(), EBADFD)});
  }
  // libuv says no more than that something is wrong with it: reading says what.
  if (reader_ && ((events & UV_READABLE) != 0 || error != 0)) beginTurn(error != 0);
}

void FrameQueue::beginTurn(bool lost) {
  if (!reading_) return;
  const std::uint64_t now = uv_hrtime();
  if (now - restedAt_ < lookOutNanoseconds) comesSoon_ = true;
  restedAt_ = 0;
  turn_ = {.deadline = now + turnNanoseconds_, .writes = counters_->writes, .lost = lost};
  onFrames_.Value().Call({});
  giveBack();
  if (lost) watch();
}

// How many frames the next batch has; 0 when it is somebody else's turn; -errno when there will be none.
Napi::Value FrameQueue::next(const Napi::CallbackInfo& info) {
  giveBack();
  std::int32_t count = 0;
  if (reading_) count = thread_ ? nextOfThread() : nextHere();
  if (count > 0) counters_->batches++;
  return Napi::Number::New(info.Env(), count);
}

std::int32_t FrameQueue::nextHere() {
  const bool answered = fewCome_ && counters_->writes != turn_.writes;
  // Where many come, and where somebody was answered, more may have come meanwhile.
  const bool mayBeMore =
      turn_.error == 0 || (turn_.error == EAGAIN && !turn_.lost && (!fewCome_ || answered));
  if (!mayBeMore) return none();
  // Of what was read already and did not find room, the kernel says nothing any more.
  Batch& batch = batches_->front();
  const auto rest = static_cast<std::uint32_t>(std::min<std::size_t>(reader_->rest(), batch.frames()));
  const std::uint32_t burst = turn_.bursts++;
  const bool late = burst > 0 && uv_hrtime() > turn_.deadline;
  if (late && rest == 0) return 0;
  // Where frames come one by one, each is handed on before the kernel is asked for another: to hear that
  // there is none would keep its answer waiting.
  const bool one = fewCome_ && rest == 0 && burst < mostAlone;
  const std::uint32_t most = late ? rest : one ? 1 : batch.frames();
  std::uint32_t count = reader_->burst(batch, most, *counters_, turn_.error);
  if (!one && count > 0) fewCome_ = count == 1 && (burst == 0 || fewCome_);
  if (count == 0 && turn_.error == EAGAIN && answered) {
    if (comesSoon_) count = lookOut(turn_.error);
    else restedAt_ = uv_hrtime();
  }
  turn_.writes = counters_->writes;
  return count > 0 ? static_cast<std::int32_t>(count) : none();
}

std::uint32_t FrameQueue::lookOut(int& error) {
  const std::uint64_t end = uv_hrtime() + lookOutNanoseconds;
  std::uint32_t count = 0;
  do count = reader_->burst(batches_->front(), 1, *counters_, error);
  while (count == 0 && error == EAGAIN && uv_hrtime() < end);
  comesSoon_ = count > 0;
  return count;
}

void FrameQueue::hear() {
  [[maybe_unused]] const Napi::Object alive = Value();
  counters_->wakes++;
  thread_->hear();
  beginTurn(false);
}

std::int32_t FrameQueue::nextOfThread() {
  if (turn_.bursts++ > 0 && uv_hrtime() > turn_.deadline) {
    thread_->ring();
    return 0;
  }
  const auto filled = thread_->take();
  if (!filled) {
    turn_.error = thread_->ended();
    return none();
  }
  lent_ = filled->batch;
  counters_->batch = filled->batch;
  add(filled->counters);
  return static_cast<std::int32_t>(filled->count);
}

void FrameQueue::giveBack() {
  if (lent_ && thread_) thread_->giveBack(*lent_);
  lent_.reset();
}

// What next() says when there is no batch.
std::int32_t FrameQueue::none() {
  if (turn_.error == 0 || (turn_.error == EAGAIN && !turn_.lost)) return 0;
  stopReading();
  // While a device is being deleted, poll(2) says so before read(2) does, and libuv does not ask again.
  return turn_.error == EAGAIN ? -EBADFD : -turn_.error;
}

void FrameQueue::add(const Counters& more) {
  counters_->readFrames += more.readFrames;
  counters_->readBytes += more.readBytes;
  counters_->reads += more.reads;
  counters_->malformed += more.malformed;
}

// (bytes, offsets, lengths, from, to): how many of those frames went.
Napi::Value FrameQueue::write(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  fdOf(env);
  const auto bytes = elements<std::uint8_t>(info, 0, napi_uint8_array, "slab: not a Uint8Array");
  const auto offsets = elements<std::uint32_t>(info, 1, napi_uint32_array, "offsets: not a Uint32Array");
  const auto lengths = elements<std::uint32_t>(info, 2, napi_uint32_array, "lengths: not a Uint32Array");
  const double from = info[3].IsNumber() ? info[3].As<Napi::Number>().DoubleValue() : -1;
  const double to = info[4].IsNumber() ? info[4].As<Napi::Number>().DoubleValue() : -1;
  const std::size_t most = std::min(offsets.size(), lengths.size());
  if (!(from >= 0 && to >= from && to <= static_cast<double>(most)) || std::trunc(from) != from ||
      std::trunc(to) != to)
    throw SystemFailure("write", EFAULT,
                        "there are no such frames: offsets and lengths have " + std::to_string(most))
        .give(env);
  frames_.clear();
  for (auto i = static_cast<std::size_t>(from); i < static_cast<std::size_t>(to); i++) {
    // Taken once: the arrays may be shared with a thread that changes them.
    const std::size_t offset = offsets[i];
    const std::size_t length = lengths[i];
    if (offset > bytes.size() || length > bytes.size() - offset)
      throw SystemFailure("write", EFAULT,
                          "frame " + std::to_string(i) + ": " + std::to_string(length) + " bytes at " +
                              std::to_string(offset) + " are not within the " + std::to_string(bytes.size()) +
                              " bytes of the slab")
          .give(env);
    frames_.emplace_back(bytes.subspan(offset, length));
  }
  return Napi::Number::New(env, writer_->burst(frames_, *counters_));
}

// (bytes): 0, or errno.
Napi::Value FrameQueue::writeOne(const Napi::CallbackInfo& info) {
  fdOf(info.Env());
  const Frame frame = elements<std::uint8_t>(info, 0, napi_uint8_array, "frame: not a Uint8Array");
  writer_->burst({&frame, 1}, *counters_);
  return Napi::Number::New(info.Env(), counters_->error);
}

Napi::Value FrameQueue::awaitWritable(const Napi::CallbackInfo& info) {
  if (ended_) return info.Env().Undefined();
  await(onRoom_, info[0]);
  awaitsWritable_ = true;
  orThrow(info.Env(), [&] { watch(); });
  return info.Env().Undefined();
}

Napi::Value FrameQueue::leaveWritable(const Napi::CallbackInfo& info) {
  if (!awaitsWritable_) return info.Env().Undefined();
  awaitsWritable_ = false;
  orThrow(info.Env(), [&] { watch(); });
  relax();
  return info.Env().Undefined();
}

Napi::Value FrameQueue::awaitEnd(const Napi::CallbackInfo& info) {
  if (!info[0].IsFunction()) throw Napi::TypeError::New(info.Env(), "argument 1 is not a function");
  if (ended_ || reading_ || awaitsEnd_) return info.Env().Undefined();
  onEnd_ = Napi::Weak(info[0].As<Napi::Function>());
  awaitsEnd_ = true;
  orThrow(info.Env(), [&] { watch(); });
  return info.Env().Undefined();
}

Napi::Value FrameQueue::counters(const Napi::CallbackInfo& info) {
  auto buffer = shared(info.Env(), counters_, counters_.get(), sizeof(Counters));
  return Napi::Float64Array::New(info.Env(), sizeof(Counters) / sizeof(double), buffer, 0,
                                 napi_float64_array);
}

// Ends the queue, and gives its descriptor back to be closed where that may block. undefined the second time.
Napi::Value FrameQueue::detach(const Napi::CallbackInfo& info) {
  if (!fd_.valid()) return info.Env().Undefined();
  end();
  auto opened = std::make_unique<OpenedQueue>();
  opened->fd = std::move(fd_);
  opened->socket = std::move(socket_);
  return OpenedQueue::give(info.Env(), std::move(opened));
}

}  // namespace virtnet
