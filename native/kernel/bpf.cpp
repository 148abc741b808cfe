#include "bpf.hpp"

#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "../fd.hpp"
#include "system_failure.hpp"

namespace virtnet {

namespace {

constexpr const char* loading = "BPF_PROG_LOAD";
constexpr const char* steeringCall = "TUNSETSTEERINGEBPF";
constexpr const char* filterCall = "TUNSETFILTEREBPF";
constexpr const char* classicCall = "TUNATTACHFILTER";
// The verifier gives up with EAGAIN when a signal comes.
constexpr int mostAttempts = 5;
// Kernels before 6.4 fail with ENOSPC when the log is longer than its memory.
constexpr std::array<std::size_t, 2> logSizes = {std::size_t{1} << 20, std::size_t{1} << 24};

std::uint64_t address(const void* pointer) { return std::bit_cast<std::uintptr_t>(pointer); }

int tryToLoad(const std::vector<bpf_insn>& instructions, std::vector<char>& log) {
  bpf_attr request{};
  request.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  request.insns = address(instructions.data());
  request.insn_cnt = static_cast<std::uint32_t>(instructions.size());
  request.license = address("");
  if (!log.empty()) {
    request.log_level = 1;
    request.log_buf = address(log.data());
    request.log_size = static_cast<std::uint32_t>(log.size());
  }
  int fd = -1;
  for (int attempt = 0; attempt < mostAttempts; attempt++) {
    fd = static_cast<int>(syscall(SYS_bpf, BPF_PROG_LOAD, &request, sizeof request));
    if (fd >= 0 || errno != EAGAIN) break;
  }
  return fd;
}

Fd load(std::span<const std::uint8_t> bytes) {
  // Copied: the memory may be shared with a thread that changes it.
  std::vector<bpf_insn> instructions(bytes.size() / sizeof(bpf_insn));
  std::memcpy(instructions.data(), bytes.data(), instructions.size() * sizeof(bpf_insn));
  // First without a log, which the kernel then need not write.
  std::vector<char> log;
  Fd loaded(tryToLoad(instructions, log));
  if (loaded.valid()) return loaded;
  const int refused = errno;
  for (const std::size_t size : logSizes) {
    log.assign(size, '\0');
    loaded = Fd(tryToLoad(instructions, log));
    if (loaded.valid()) return loaded;
    if (errno != ENOSPC) break;
  }
  throw SystemFailure(loading, refused, std::string(log.data(), strnlen(log.data(), log.size())));
}

// Attaches a program to a socket, and takes it away again.
bool socketTakes(int socket, int option, const void* value, socklen_t size) {
  if (setsockopt(socket, SOL_SOCKET, option, value, size) != 0) return false;
  const int none = 0;
  setsockopt(socket, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof none);
  return true;
}

// What the device is given: -1 takes its program away.
class Given {
 public:
  explicit Given(const Program& program) {
    if (const auto* instructions = std::get_if<std::span<const std::uint8_t>>(&program)) {
      own_ = load(*instructions);
      fd_ = own_.get();
    } else if (const auto* loaded = std::get_if<Loaded>(&program)) {
      fd_ = loaded->fd;
    }
    stays_ = std::holds_alternative<Stays>(program);
  }

  // A socket asks of a descriptor what a device does, and besides that there is memory for the program.
  void tryOn(int socket, const char* call) const {
    if (stays_ || fd_ < 0 || own_.valid()) return;
    if (!socketTakes(socket, SO_ATTACH_BPF, &fd_, sizeof fd_) && errno != ENOMEM) throw SystemFailure(call);
  }

  void giveTo(int queue, unsigned long what, const char* call) const {
    if (!stays_) checked(ioctl(queue, what, &fd_), call);
  }

 private:
  Fd own_;
  int fd_ = -1;
  bool stays_ = true;
};

// The classic one, as the kernel takes it.
class Classic {
 public:
  explicit Classic(const TunPrograms& programs) : stays_(!programs.classic) {
    if (stays_) return;
    instructions_.reserve(programs.classic->size());
    for (const auto& [code, jumpTrue, jumpFalse, k] : *programs.classic)
      instructions_.push_back({.code = code, .jt = jumpTrue, .jf = jumpFalse, .k = k});
  }

  void tryOn(int socket) {
    if (instructions_.empty()) return;
    const sock_fprog filter = program();
    if (!socketTakes(socket, SO_ATTACH_FILTER, &filter, sizeof filter)) throw SystemFailure(classicCall);
  }

  void giveTo(int queue) {
    if (stays_) return;
    if (instructions_.empty()) {
      const int none = 0;
      checked(ioctl(queue, TUNDETACHFILTER, &none), "TUNDETACHFILTER");
      return;
    }
    const sock_fprog filter = program();
    checked(ioctl(queue, TUNATTACHFILTER, &filter), classicCall);
  }

 private:
  sock_fprog program() {
    return {.len = static_cast<unsigned short>(instructions_.size()), .filter = instructions_.data()};
  }

  bool stays_;
  std::vector<sock_filter> instructions_;
};

// All that a device is given, loaded and tried.
struct Tried {
  Tried(int socket, const TunPrograms& programs)
      : steering(programs.steering), filter(programs.filter), classic(programs) {
    steering.tryOn(socket, steeringCall);
    filter.tryOn(socket, filterCall);
    classic.tryOn(socket);
  }

  Given steering;
  Given filter;
  Classic classic;
};

}  // namespace

void tryTunPrograms(int socket, const TunPrograms& programs) { const Tried tried(socket, programs); }

void setTunPrograms(int queue, int socket, const TunPrograms& programs) {
  Tried tried(socket, programs);
  // A TUN device takes no classic one, however right it is.
  tried.classic.giveTo(queue);
  tried.steering.giveTo(queue, TUNSETSTEERINGEBPF, steeringCall);
  tried.filter.giveTo(queue, TUNSETFILTEREBPF, filterCall);
}

}  // namespace virtnet
