// Netlink messages are walked, numbered and gathered in C++: without a socket, under the sanitizers, see native/.

import { it } from 'vitest';
import { describeWith } from '../lab/have.js';
import { FUZZ_NEEDS, fuzz } from './fuzz.js';

const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const DUMP = 0x300;
const DUMP_INTERRUPTED = 0x10;

/** `struct nlmsghdr` and a payload of so many bytes, aligned. */
function message(type: number, flags: number, sequence: number, payload: number): Uint8Array {
  const bytes = new Uint8Array((16 + payload + 3) & ~3);
  new Uint32Array(bytes.buffer, 0, 1)[0] = 16 + payload;
  new Uint16Array(bytes.buffer, 4, 2).set([type, flags]);
  new Uint32Array(bytes.buffer, 8, 1)[0] = sequence;
  return bytes;
}

const behindLength = (messages: readonly Uint8Array[]): Uint8Array => {
  const bytes = Buffer.concat(messages);
  return Uint8Array.from([bytes.length >> 8, bytes.length & 0xff, ...bytes]);
};

/** As netlink_messages_fuzz.cpp takes them: the last number that was given, what is sent, what comes back. */
const exchange = (sequence: number, sent: readonly Uint8Array[], ...datagrams: Uint8Array[][]): Uint8Array =>
  Buffer.concat([Uint8Array.of(sequence), behindLength(sent), ...datagrams.map(behindLength)]);

const get = message(RTM_GETLINK, 0, 0, 16);
const exchanges = [
  // Acknowledged, after the answer of another request that was given up.
  exchange(
    0,
    [get],
    [message(NLMSG_ERROR, 0, 0, 20)],
    [message(RTM_NEWLINK, 0, 1, 30), message(NLMSG_ERROR, 0, 1, 4)],
  ),
  // Three in one call, of which the first is refused and the last acknowledged.
  exchange(0, [get, get, get], [message(NLMSG_ERROR, 0, 1, 36)], [message(NLMSG_ERROR, 0x100, 3, 20)]),
  // A dump in two datagrams, and one that was interrupted.
  exchange(
    5,
    [message(RTM_GETLINK, DUMP, 0, 16)],
    [message(RTM_NEWLINK, 2, 6, 29), message(RTM_NEWLINK, 2, 6, 30)],
    [message(NLMSG_DONE, 2, 6, 4)],
  ),
  exchange(5, [message(RTM_GETLINK, DUMP, 0, 16)], [message(NLMSG_DONE, DUMP_INTERRUPTED, 6, 4)]),
  // Numbers that begin anew.
  exchange(
    0xfe,
    [get, get, get],
    [message(NLMSG_ERROR, 0, 0xffffffff, 20)],
    [message(NLMSG_ERROR, 0, 1, 20)],
  ),
];

describeWith(FUZZ_NEEDS, 'any bytes as netlink messages', () => {
  it('are refused, or numbered, and answered by what has their numbers', async () => {
    await fuzz('netlink_messages_fuzz.cpp', ['native/kernel/netlink_messages.cpp'], exchanges);
  });
});
