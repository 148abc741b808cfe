// libvirt's event loop: one for the whole process, on a thread of its own, because libvirt takes only
// one registration in a process and has no way back from it.
#pragma once

namespace virtnet {

class EventLoop {
 public:
  // Must have happened before the first connection is opened: connections opened without an event
  // loop have neither events nor keepalive. From any thread, any number of times.
  static void start();
};

}  // namespace virtnet
