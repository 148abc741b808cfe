#include "frame_ring.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <new>
#include <utility>

namespace virtnet {

namespace {

constexpr std::uint32_t mostAtOnce = 64;

// Of linux/io_uring.h, where older headers lack them.
constexpr std::uint32_t singleIssuer = 1U << 12;     // IORING_SETUP_SINGLE_ISSUER
constexpr std::uint32_t deferTaskrun = 1U << 13;     // IORING_SETUP_DEFER_TASKRUN
constexpr std::uint32_t ofLinux6Point14 = 1U << 16;  // IORING_FEAT_RW_ATTR

}  // namespace

Mapping::Mapping(int fd, std::size_t size, std::uint64_t offset) noexcept : size_(size) {
  void* const start =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, static_cast<off_t>(offset));
  if (start != MAP_FAILED) start_ = start;
}

Mapping::~Mapping() {
  if (start_ != nullptr) munmap(start_, size_);
}

std::unique_ptr<FrameRing> FrameRing::open() noexcept {
  io_uring_params given{};
  // The links of a chain are followed on this thread, while it waits for their results.
  given.flags = singleIssuer | deferTaskrun;
  Fd fd(static_cast<int>(syscall(SYS_io_uring_setup, mostAtOnce, &given)));
  if (!fd.valid() || (given.features & ofLinux6Point14) == 0) return nullptr;
  std::unique_ptr<FrameRing> ring(new (std::nothrow) FrameRing(std::move(fd), given));
  if (ring == nullptr || !ring->rings_.valid() || !ring->requests_.valid()) return nullptr;
  auto* const order = ring->rings_.at<std::uint32_t>(ring->out_.array);
  for (std::uint32_t i = 0; i < mostAtOnce; i++) order[i] = i;
  return ring;
}

FrameRing::FrameRing(Fd fd, const io_uring_params& given) noexcept
    : fd_(std::move(fd)),
      rings_(fd_.get(),
             std::max(given.sq_off.array + given.sq_entries * sizeof(std::uint32_t),
                      given.cq_off.cqes + given.cq_entries * sizeof(io_uring_cqe)),
             IORING_OFF_SQ_RING),
      requests_(fd_.get(), given.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES),
      out_(given.sq_off),
      back_(given.cq_off) {}

long FrameRing::enter(std::size_t requests, std::size_t results) noexcept {
  return syscall(SYS_io_uring_enter, fd_.get(), static_cast<unsigned>(requests),
                 static_cast<unsigned>(results), IORING_ENTER_GETEVENTS, nullptr, 0);
}

template <class Prepare, class Heard>
FrameRing::Outcome FrameRing::run(int fd, std::size_t count, const Prepare& prepare,
                                  const Heard& heard) noexcept {
  const std::atomic_ref tail(*rings_.at<std::uint32_t>(out_.tail));
  const std::uint32_t first = tail.load(std::memory_order_relaxed);
  const std::uint32_t mask = *rings_.at<std::uint32_t>(out_.ring_mask);
  for (std::uint32_t i = 0; i < count; i++) {
    io_uring_sqe& request = requests_.at<io_uring_sqe>(0)[(first + i) & mask];
    request = {};
    request.fd = fd;
    request.off = ~std::uint64_t{0};
    request.rw_flags = RWF_NOWAIT;
    request.user_data = i;
    prepare(request, i);
  }
  tail.store(first + static_cast<std::uint32_t>(count), std::memory_order_release);
  const std::size_t taken = std::max(enter(count, count), 0L);
  if (taken < count) tail.store(first + static_cast<std::uint32_t>(taken), std::memory_order_release);

  const std::atomic_ref head(*rings_.at<std::uint32_t>(back_.head));
  const std::atomic_ref end(*rings_.at<std::uint32_t>(back_.tail));
  const std::uint32_t backMask = *rings_.at<std::uint32_t>(back_.ring_mask);
  std::uint32_t next = head.load(std::memory_order_relaxed);
  for (std::size_t missing = taken; missing > 0;) {
    const std::uint32_t came = end.load(std::memory_order_acquire) - next;
    for (std::uint32_t i = 0; i < came; i++, next++) {
      const io_uring_cqe& result = rings_.at<io_uring_cqe>(back_.cqes)[next & backMask];
      heard(static_cast<std::size_t>(result.user_data), result.res);
    }
    head.store(next, std::memory_order_release);
    missing -= came;
    if (missing == 0 || enter(0, missing) >= 0 || errno == EINTR) continue;
    const Outcome outcome{.taken = taken, .lost = missing, .error = errno};
    fd_.reset();
    return outcome;
  }
  return {.taken = taken};
}

template <class Some>
FrameRing::Done FrameRing::inParts(std::size_t all, const Some& some) noexcept {
  Done done;
  bool whole = true;
  while (fd_.valid() && whole && done.error == 0 && done.count < all) {
    const std::size_t most = std::min<std::size_t>(mostAtOnce, all - done.count);
    const auto [count, error] = some(done.count, most);
    done = {.count = done.count + count, .error = error};
    whole = count == most;
  }
  return done;
}

FrameRing::Done FrameRing::write(int fd, std::span<const Frame> all) noexcept {
  return inParts(all.size(), [&](std::size_t first, std::size_t most) {
    return writeChain(fd, all.subspan(first, most));
  });
}

FrameRing::Done FrameRing::writeChain(int fd, std::span<const Frame> writes) noexcept {
  // What is linked to one that was refused is refused as well (ECANCELED).
  Done written{.count = writes.size()};
  const Outcome outcome = run(
      fd, writes.size(),
      [&](io_uring_sqe& request, std::size_t i) {
        request.opcode = IORING_OP_WRITE;
        if (i + 1 < writes.size()) request.flags |= IOSQE_IO_LINK;
        request.addr = reinterpret_cast<std::uintptr_t>(writes[i].data());
        request.len = static_cast<std::uint32_t>(writes[i].size());
      },
      [&](std::size_t i, std::int32_t result) {
        if (result < 0 && i < written.count) written = {.count = i, .error = -result};
      });
  if (outcome.taken < written.count) written = {.count = outcome.taken};
  if (outcome.lost > 0)
    written = {.count = std::min(written.count, outcome.taken - outcome.lost), .error = outcome.error};
  if (written.error == EINTR) written.error = 0;
  return written;
}

FrameRing::Done FrameRing::read(int fd, std::span<std::uint8_t> memory,
                                std::span<std::uint32_t> lengths) noexcept {
  return inParts(lengths.size(), [&](std::size_t first, std::size_t most) {
    const std::size_t room = memory.size() / lengths.size();
    return readSome(fd, memory.subspan(first * room, most * room), lengths.subspan(first, most));
  });
}

FrameRing::Done FrameRing::readSome(int fd, std::span<std::uint8_t> memory,
                                    std::span<std::uint32_t> lengths) noexcept {
  const std::size_t room = memory.size() / lengths.size();
  std::ranges::fill(lengths, 0);
  int error = 0;
  const Outcome outcome = run(
      fd, lengths.size(),
      [&](io_uring_sqe& request, std::size_t i) {
        request.opcode = IORING_OP_READ;
        request.addr = reinterpret_cast<std::uintptr_t>(memory.data() + i * room);
        request.len = static_cast<std::uint32_t>(room);
      },
      [&](std::size_t i, std::int32_t result) {
        if (result > 0) lengths[i] = static_cast<std::uint32_t>(result);
        // Another frame may have come since one read found none: what matters more is why there will be none.
        else if (result != -EINTR && (error == 0 || error == EAGAIN)) error = result == 0 ? EAGAIN : -result;
      });
  return {.count = outcome.taken, .error = error};
}

}  // namespace virtnet
