#include "bpf.hpp"

#include <linux/bpf.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <vector>

#include "../fd.hpp"
#include "system_failure.hpp"

namespace virtnet {

namespace {

constexpr const char* loading = "BPF_PROG_LOAD";
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

  void giveTo(int queue, unsigned long what, const char* call) const {
    if (!stays_) checked(ioctl(queue, what, &fd_), call);
  }

 private:
  Fd own_;
  int fd_ = -1;
  bool stays_ = true;
};

}  // namespace

void setTunPrograms(int queue, const Program& steering, const Program& filter) {
  const Given steers(steering);
  const Given filters(filter);
  steers.giveTo(queue, TUNSETSTEERINGEBPF, "TUNSETSTEERINGEBPF");
  filters.giveTo(queue, TUNSETFILTEREBPF, "TUNSETFILTEREBPF");
}

}  // namespace virtnet
