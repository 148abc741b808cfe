// The event loop against libvirt's contract for one.

import { describeCases } from './cases.js';

describeCases(
  "libvirt's event loop",
  'event_loop_test.cpp',
  ['native/event_loop.cpp', 'native/library.cpp', 'native/process_exit.cpp'],
  ['libvirt headers', 'libvirt'],
);
