// Two namespaces whose only way to each other is a program: every byte of TCP and UDP goes through it, and the
// kernels at both ends check each checksum.

import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Batch,
  type DeviceOptions,
  decodeFrame,
  Tap,
  Tun,
  type VirtioHeader,
} from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';

/** Two namespaces, at 10.9.0.1 and .2, fd09::1 and ::2, each on a device of this process. */
class Ends implements AsyncDisposable {
  readonly netns: [Netns, Netns];
  readonly devices: [Tap | Tun, Tap | Tun];

  constructor(netns: [Netns, Netns], devices: [Tap | Tun, Tap | Tun]) {
    this.netns = netns;
    this.devices = devices;
  }

  static async connect(
    kind: typeof Tap | typeof Tun,
    netns: [Netns, Netns],
    options: [DeviceOptions, DeviceOptions],
  ): Promise<Ends> {
    const open = async (i: 0 | 1): Promise<Tap | Tun> => {
      const device = await kind.open({ ...options[i], netns: netns[i].path, name: 'end' });
      await netns[i].ip(`addr add 10.9.0.${i + 1}/24 dev end`);
      await netns[i].ip(`addr add fd09::${i + 1}/64 dev end nodad`);
      await device.set({ up: true });
      return device;
    };
    return new Ends(netns, [await open(0), await open(1)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.devices.map((device) => device.close()));
  }
}

/** Hands on what comes from one to the other, both ways, and shows what the first sends; gives the longest that came. */
function forward([a, b]: Ends['devices'], look: (batch: Batch) => void = () => {}): { longest: number } {
  const seen = { longest: 0 };
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const)
    from.onBatch((batch) => {
      if (from === a) look(batch);
      for (let i = 0; i < batch.count; i++) seen.longest = Math.max(seen.longest, batch.lengths[i] as number);
      to.writeBatch(batch.slab, batch.offsets, batch.lengths, batch.count);
    });
  return seen;
}

/** Sends random bytes from the first end to the second; they must be what comes. */
async function transfer(ends: Ends, protocol: 'tcp' | 'udp', to: string, bytes: number): Promise<void> {
  const [client, server] = ends.netns;
  const receiver = server.inside.spawn('python3', [SCRIPT, 'receive', protocol, to, `${bytes}`]);
  const lines = createInterface({ input: receiver.stdout })[Symbol.asyncIterator]();
  const complaints = text(receiver.stderr);
  const port = (await lines.next()).value as string;
  const sent = await client.inside.must('python3', SCRIPT, 'send', protocol, to, `${bytes}`, port);
  const received = (await lines.next()).value as string | undefined;
  expect(received ?? (await complaints)).toBe(sent.trim());
}

const SCRIPT = fileURLToPath(new URL('fixtures/transfer.py', import.meta.url));
const ADDRESSES = ['10.9.0.2', 'fd09::2'];
const MTU_FRAME = 1514;
const modes: [string, DeviceOptions, DeviceOptions][] = [
  ['frames as they are', {}, {}],
  ['super-frames, split and joined again', { offload: 'split' }, { offload: 'split' }],
  ['super-frames split for a device without', { offload: 'split' }, {}],
  ['frames joined for a device with super-frames', {}, { offload: 'split' }],
  ['raw super-frames', { offload: 'raw' }, { offload: 'raw' }],
  ['frames that a thread reads', { thread: true }, { thread: true }],
  [
    'super-frames that a thread splits',
    { thread: true, offload: 'split' },
    { thread: true, offload: 'split' },
  ],
];

/** How TCP with timestamps and datagrams of 1200 bytes are to be split, as the header before them says. */
const superFrames: [string, 'tcp' | 'udp', string, Partial<VirtioHeader>][] = [
  [
    'TCP over IPv4',
    'tcp',
    '10.9.0.2',
    { gso: 'tcp4', headerLength: 66, gsoSize: 1448, checksumStart: 34, checksumOffset: 16 },
  ],
  [
    'TCP over IPv6',
    'tcp',
    'fd09::2',
    { gso: 'tcp6', headerLength: 86, gsoSize: 1428, checksumStart: 54, checksumOffset: 16 },
  ],
  [
    'UDP over IPv4',
    'udp',
    '10.9.0.2',
    { gso: 'udp', headerLength: 42, gsoSize: 1200, checksumStart: 34, checksumOffset: 6 },
  ],
  [
    'UDP over IPv6',
    'udp',
    'fd09::2',
    { gso: 'udp', headerLength: 62, gsoSize: 1200, checksumStart: 54, checksumOffset: 6 },
  ],
];

describeWith([...HOST_NEEDS, 'python3'], 'a program between two networks', () => {
  let netns: [Netns, Netns];
  beforeAll(async () => {
    netns = [await freshNetns(), await freshNetns()];
  });
  afterAll(async () => {
    for (const each of netns ?? []) await each[Symbol.asyncDispose]();
  });

  it.each(modes)('carries TCP over IPv4 and IPv6: %s', async (_, a, b) => {
    await using ends = await Ends.connect(Tap, netns, [a, b]);
    const seen = forward(ends.devices);
    for (const to of ADDRESSES) await transfer(ends, 'tcp', to, 8 * 2 ** 20);
    if (a.offload === 'raw') expect(seen.longest).toBeGreaterThan(MTU_FRAME + 10);
    else expect(seen.longest).toBe(MTU_FRAME);
    const { read } = ends.devices[0].statistics();
    if (a.offload === 'split') expect(read.reads).toBeLessThan(read.frames / 4);
    const { written } = ends.devices[1].statistics();
    if (b.offload === 'split') expect(written.writes).toBeLessThan(written.frames / 4);
    expect(read.malformed).toBe(0);
  });

  it.each(modes)('carries UDP over IPv4 and IPv6: %s', async (_, a, b) => {
    await using ends = await Ends.connect(Tap, netns, [a, b]);
    const seen = forward(ends.devices);
    // As much as the socket at the other end keeps: nothing may be lost.
    for (const to of ADDRESSES) await transfer(ends, 'udp', to, 96_100);
    const { read } = ends.devices[0].statistics();
    if (a.offload === 'raw') expect(seen.longest).toBeGreaterThan(MTU_FRAME + 10);
    else expect(seen.longest).toBeLessThanOrEqual(MTU_FRAME);
    if (a.offload === 'split') expect(read.reads).toBeLessThan(read.frames / 4);
    expect(read.malformed).toBe(0);
  });

  it.each(superFrames)('is told by a header how to split %s', async (_, protocol, to, expected) => {
    await using ends = await Ends.connect(Tap, netns, [{ offload: 'raw' }, { offload: 'raw' }]);
    const [from] = ends.devices;
    const headers: VirtioHeader[] = [];
    const payloads: number[] = [];
    forward(ends.devices, (batch) => {
      for (let i = 0; i < batch.count; i++) {
        const header = batch.header(i);
        if (header.gso === 'none') continue;
        headers.push(header);
        payloads.push((batch.lengths[i] as number) - from.prefixLength - header.headerLength);
      }
    });
    await transfer(ends, protocol, to, protocol === 'tcp' ? 2 ** 21 : 96_100);
    expect(headers.length).toBeGreaterThan(1);
    for (const header of headers)
      expect(header).toEqual({ needsChecksum: true, dataValid: false, ecn: false, ...expected });
    // What has one part alone is no super-frame.
    expect(Math.min(...payloads)).toBeGreaterThan(expected.gsoSize as number);
  });

  // Both ends agree on RFC 3168; the program is the router between them that is congested.
  it.each([
    { offload: 'raw', every: 10 },
    { offload: 'split', every: 200 },
  ] as const)('hears once that a window was reduced: $offload', async ({ offload, every }) => {
    await using client = await freshNetns();
    await using server = await freshNetns();
    for (const { inside } of [client, server]) await inside.must('sysctl', '-qw', 'net.ipv4.tcp_ecn=1');
    await using ends = await Ends.connect(Tap, [client, server], [{ offload }, { offload }]);
    const { prefixLength } = ends.devices[0];
    const reduced: boolean[] = [];
    const ofHeaders: boolean[] = [];
    let sinceCongestion = 0;
    const seen = forward(ends.devices, (batch) => {
      for (let i = 0; i < batch.count; i++) {
        const frame = batch.view(i).subarray(prefixLength);
        const { content: packet } = decodeFrame(frame, { checksums: offload === 'split' });
        if (packet.kind !== 'ipv6' || packet.content.kind !== 'tcp') continue;
        const { flags, content } = packet.content;
        if (content.bytes.length === 0) continue;
        const says = flags.includes('cwr');
        // A frame alone may say so as well; its header does not.
        const header = offload === 'raw' ? batch.header(i) : undefined;
        if (header?.gso !== 'none') {
          reduced.push(says);
          if (header) ofHeaders.push(header.ecn);
        }
        // The low bits of the traffic class: it met congestion. What says so and meets it again would be answered at once.
        if (says || ++sinceCongestion < every) continue;
        sinceCongestion = 0;
        frame[15] = (frame[15] as number) | 0x30;
      }
    });
    await transfer(ends, 'tcp', 'fd09::2', 8 * 2 ** 20);
    expect(reduced).toContain(true);
    if (offload === 'raw') {
      expect(ofHeaders).toEqual(reduced);
    } else {
      expect(reduced.filter((says, i) => says && reduced[i + 1])).toEqual([]);
      expect(seen.longest).toBe(MTU_FRAME);
    }
    expect(ends.devices[0].statistics().read.malformed).toBe(0);
  });

  it('knows which super-frames come', async () => {
    const kinds = ['CSUM', 'TSO4', 'TSO6', 'TSO_ECN', 'USO4', 'USO6'];
    for (const kind of [Tap, Tun])
      for (const [options, offloads] of [
        [{}, []],
        [{ offload: 'raw' }, kinds],
        [{ offload: 'split', queues: 2 }, kinds],
      ] as const) {
        await using device = await kind.open({ netns: netns[0].path, ...options });
        expect(device.offloads).toEqual(offloads);
      }
  });

  it.each<[string, DeviceOptions]>([
    ['packets', {}],
    ['super-packets', { offload: 'split' }],
  ])('carries %s of TUN devices', async (_, options) => {
    await using ends = await Ends.connect(Tun, netns, [options, options]);
    const seen = forward(ends.devices);
    for (const to of ADDRESSES) await transfer(ends, 'tcp', to, 4 * 2 ** 20);
    expect(seen.longest).toBe(1500);
  });
});
