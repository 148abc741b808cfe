// Many frames go through an io_uring together, where there is one.

import { describeCases } from './cases.js';

describeCases(
  'a ring',
  'frame_ring_test.cpp',
  ['native/kernel/frame_ring.cpp', 'native/kernel/ring_trial.cpp'],
  ['io_uring of Linux 6.14'],
);
