// Names of network namespaces, as ip-netns(8) gives them: a file of the name, on which the namespace is
// mounted. With its last file, process and socket it goes.
#include <fcntl.h>
#include <napi.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "../environment.hpp"
#include "namespaces.hpp"
#include "options.hpp"
#include "promised_job.hpp"
#include "system_failure.hpp"
#include "tables.hpp"

namespace virtnet {

namespace {

// Few name many at once, and the kernel does one mount at a time.
constexpr Executor::Threads forNames = {.begin = [] {}, .most = 2};

// What is mounted in the folder later is seen in other mount namespaces, too, and can be deleted everywhere:
// for that the folder has to be a mount itself.
void share(const std::string& folder) {
  if (mkdir(folder.c_str(), 0755) < 0 && errno != EEXIST) throw SystemFailure("mkdir");
  const Fd held(checked(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open"));
  // Others may begin at the same time, by ip(8) as well.
  checked(flock(held.get(), LOCK_EX), "flock");
  const auto shared = [&] { return mount("", folder.c_str(), "none", MS_SHARED | MS_REC, nullptr) == 0; };
  if (shared()) return;
  if (errno != EINVAL) throw SystemFailure("mount");
  checked(mount(folder.c_str(), folder.c_str(), "none", MS_BIND | MS_REC, nullptr), "mount");
  if (!shared()) throw SystemFailure("mount");
}

class Naming final : public PromisedJob {
 public:
  Naming(std::string path, NamespacePath of) : path_(std::move(path)), of_(std::move(of)) {}

 protected:
  void work() override {
    share(std::filesystem::path(path_).parent_path());
    // Not before it is known that the name is free.
    Fd(checked(open(path_.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0), "open")).reset();
    try {
      if (of_) inNamespace(of_, [this] { mountHere(); });
      else inNewNamespace([this] { mountHere(); });
    } catch (...) {
      unlink(path_.c_str());
      throw;
    }
  }

  Napi::Value result(Napi::Env env) override { return env.Undefined(); }

 private:
  // The namespace of the thread that calls it.
  void mountHere() const {
    checked(mount("/proc/thread-self/ns/net", path_.c_str(), "none", MS_BIND, nullptr), "mount");
  }

  std::string path_;
  NamespacePath of_;
};

class Unnaming final : public PromisedJob {
 public:
  explicit Unnaming(std::string path) : path_(std::move(path)) {}

 protected:
  void work() override {
    // Nothing may be mounted on it: whoever named it was killed before.
    if (umount2(path_.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) < 0 && errno != EINVAL)
      throw SystemFailure("umount2");
    checked(unlink(path_.c_str()), "unlink");
  }

  Napi::Value result(Napi::Env env) override { return env.Undefined(); }

 private:
  std::string path_;
};

}  // namespace

void defineNamedNamespaces(Napi::Env env, Napi::Object kernel) {
  const auto executor = std::make_shared<Executor>(env.GetInstanceData<Environment>()->mailbox(), forNames);
  // (path, of): gives the namespace of a file a name, or a new one if there is none.
  kernel.Set("nameNamespace", Napi::Function::New(
                                  env,
                                  [executor](const Napi::CallbackInfo& info) -> Napi::Value {
                                    NamespacePath of;
                                    if (info[1].IsString()) of = text(info[1], "of");
                                    return PromisedJob::post(
                                        info, *executor,
                                        std::make_unique<Naming>(text(info[0], "path"), std::move(of)));
                                  },
                                  "nameNamespace"));
  // (path): takes the name away.
  kernel.Set("unnameNamespace", Napi::Function::New(
                                    env,
                                    [executor](const Napi::CallbackInfo& info) -> Napi::Value {
                                      return PromisedJob::post(
                                          info, *executor, std::make_unique<Unnaming>(text(info[0], "path")));
                                    },
                                    "unnameNamespace"));
}

}  // namespace virtnet
