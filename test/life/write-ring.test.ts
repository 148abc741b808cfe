// Frames go in chains through an io_uring, where there is one.

import { describeCases } from './cases.js';

describeCases(
  'a ring writes',
  'write_ring_test.cpp',
  ['native/kernel/write_ring.cpp'],
  ['io_uring of Linux 6.14'],
);
