// The numbers by which a network namespace knows others: struct rtgenmsg and NETNSA_… of
// include/uapi/linux/net_namespace.h.
import { at, attributes, given } from './attributes.js';
import { message } from './message.js';
import { struct } from './struct.js';
import { s32, u8, u32 } from './types.js';

export const namespaceIdMessage = message(
  struct({ family: u8 }),
  attributes({
    /** -1 where it has none. */
    id: at(1, s32),
    descriptor: given(3, u32),
  }),
);
