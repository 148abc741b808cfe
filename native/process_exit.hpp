// The end of the process. exit() runs the destructors of the libraries that libvirt uses (libxml2 frees its
// mutexes, for one) while threads go on: by then none of ours may be at work in them.
#pragma once

namespace virtnet {

// On a thread of ours, while it is in libvirt. Waits for ever when the process is exiting.
class AtWork {
 public:
  AtWork() noexcept;
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;
  ~AtWork();
};

// To be called when the addon is loaded, any number of times.
void finishWorkAtExit();

}  // namespace virtnet
