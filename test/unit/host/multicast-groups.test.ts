// Multicast groups in the kernel's messages, and of kernels that have none.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelError } from '../../../lib/host/error.js';
import { KnownNames } from '../../../lib/host/known-names.js';
import { listGroups, readGroups } from '../../../lib/host/multicast-groups.js';
import { Bytes, Writer } from '../../../lib/host/netlink/bytes.js';
import { group } from '../../../lib/host/netlink/mdb.js';
import { noNames } from '../../../lib/host/netlink/types.js';

const names = new KnownNames([
  ['br0', 2],
  ['v0', 4],
]);

/** What a message of the kernel's says, without its header. */
const groupsIn = (hex: string) => {
  const payload = Bytes.of(Uint8Array.from(Buffer.from(hex, 'hex')));
  return readGroups({ type: 84, flags: 0, sequence: 0, payload }, names);
};

const onPort = { bridge: 'br0', port: 'v0', flags: [] };

describe('what Linux 6.18 tells of multicast groups', () => {
  it('is read: told, of one sender, learnt, of the bridge itself', () => {
    // bridge mdb add dev br0 port v0 grp 239.1.1.1 permanent
    expect(
      groupsIn(
        '0700000002000000400001003c000100380001000400000001000000ef01010100000000000000000000000008000000080001000000000005000500040000000500030000000000',
      ),
    ).toEqual([{ ...onPort, group: '239.1.1.1', state: 'permanent', protocol: 'static', mode: 'exclude' }]);
    // bridge mdb add dev br0 port v0 grp ff0e::7 src 2001:db8::1 temp vid 7
    expect(
      groupsIn(
        '070000000200000054000100500001004c0001000400000000000700ff0e000000000000000000000000000786dd000008000100906500001400040020010db800000000000000000000000105000500040000000500030001000000',
      ),
    ).toEqual([
      {
        ...onPort,
        group: 'ff0e::7',
        source: '2001:db8::1',
        vlan: 7,
        state: 'temporary',
        expires: 260,
        protocol: 'static',
        mode: 'include',
      },
    ]);
    // ip address add 239.2.2.2 dev v1 autojoin, at the other end of v0
    expect(
      groupsIn(
        '0700000002000000400001003c000100380001000400000000000000ef02020200000000000000000000000008000000080001009065000005000500020000000500030000000000',
      ),
    ).toMatchObject([
      { ...onPort, group: '239.2.2.2', state: 'temporary', expires: 260, protocol: 'kernel' },
    ]);
    // bridge mdb add dev br0 port br0 grp 239.1.1.9
    expect(
      groupsIn(
        '0700000002000000300001002c000100280001000200000000000000ef010109000000000000000000000000080000000800010090650000',
      ),
    ).toEqual([
      { bridge: 'br0', port: 'br0', group: '239.1.1.9', state: 'temporary', expires: 260, flags: [] },
    ]);
  });

  it('has flags, and none of what is no group of a bridge', () => {
    const told = (flags: string, proto: string, more = '') => {
      const length = (value: number) => Buffer.from(Uint16Array.of(value).buffer).toString('hex');
      const info = `04000000${`00${flags}`}0000ef010101${'00'.repeat(12)}${proto}0000${more}`;
      const size = info.length / 2;
      return `0700000002000000${length(size + 12)}0100${length(size + 8)}0100${length(size + 4)}0100${info}`;
    };
    expect(groupsIn(told('0f', '0800'))).toMatchObject([
      { flags: ['offloaded', 'fastLeave', 'starExclude', 'blocked'] },
    ]);
    // Of a VXLAN: with a peer.
    expect(groupsIn(told('00', '0800', '080006000a000002'))).toEqual([]);
    // Of another protocol.
    expect(groupsIn(told('00', '88b5'))).toEqual([]);
    // A port that leads to a router.
    expect(groupsIn('07000000020000000c0002000800010004000000')).toEqual([]);
  });

  it('is listed once, though two parts of an answer tell it', async () => {
    // The first part ends behind the bridge, where its port had no room; the second begins with both.
    const ofBridge =
      '2c000100280001000200000000000000ef010109000000000000000000000000080000000800010090650000';
    const ofPort = '280001000400000000000000ef010109000000000000000000000000080000000800010090650000';
    const parts = [
      `00000000020000003000 0100${ofBridge}`,
      `00000000020000005800 010054000100${ofBridge.slice(8)}${ofPort}`,
    ];
    const messages = parts.map((hex) => hex.replace(' ', ''));
    const kernel = {
      dump: async () => messages,
      read: async () => messages.map(groupsIn),
      send: async () => [],
    } as unknown as Parameters<typeof listGroups>[0];
    expect((await listGroups(kernel, {})).map(({ port }) => port)).toEqual(['br0', 'v0']);
  });

  it('is nothing where there is no bridge yet, before Linux 6.5', async () => {
    const refused = (errno: number) => async () => {
      throw new KernelError({ action: 'list', object: 'multicast groups' }, { errno, call: 'RTM_GETMDB' });
    };
    const kernel = (errno: number) =>
      ({ dump: refused(errno), read: async () => [] }) as unknown as Parameters<typeof listGroups>[0];
    expect(await listGroups(kernel(95), {})).toEqual([]);
    await expect(listGroups(kernel(105), {})).rejects.toMatchObject({ code: 'ENOBUFS' });
  });
});

describe('the address of a group', () => {
  const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const macs = fc
    .uint8Array({ minLength: 6, maxLength: 6 })
    .map((bytes) => hex(bytes.with(0, (bytes[0] ?? 0) | 1)).join(':'));
  const ipv4 = fc
    .tuple(fc.integer({ min: 224, max: 239 }), fc.nat(255), fc.nat(255), fc.nat(255))
    .map((octets) => octets.join('.'));
  const ipv6 = fc
    .uint8Array({ minLength: 15, maxLength: 15 })
    .map((bytes) => `ff${hex(bytes).join('')}`.match(/.{4}/g)?.join(':') ?? '');

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.oneof(macs, ipv4, ipv6), (text) => {
        const given = group.input(text, 'group');
        const out = new Writer();
        group.write(out, given, noNames);
        expect(out.length).toBe(18);
        expect(group.read(Bytes.of(out.done()), noNames)).toBe(given);
      }),
    );
  });
});
