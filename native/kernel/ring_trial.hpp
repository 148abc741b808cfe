// Whether an io_uring(7) does many reads or writes in less time than calls of the kernel do. That depends on
// the processor, and on how the kernel guards it: where indirect calls are dear (retpolines), it does not.
#pragma once

namespace virtnet {

// Tried once for the process, in less than a millisecond, and on no device: what becomes of a frame behind
// one takes now more time and now less. False where there is no ring.
bool ringReadsFaster();
bool ringWritesFaster();

}  // namespace virtnet
