// What the kernel counts of a link, as ip tells it.

import { expect, it } from 'vitest';
import { type Host, host } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { collect, frameOf, port } from './ours.js';

type Counters = Record<string, number>;

/** All counters as `ip -statistics -statistics` has them, by our names. */
async function theirs(netns: Netns, name: string): Promise<Counters> {
  const command = `-statistics -statistics link show dev ${name}`;
  const [{ stats64: { rx = {}, tx = {} } = {} } = {}] =
    await netns.ipJson<{ stats64: Record<'rx' | 'tx', Counters> }[]>(command);
  return {
    rxPackets: rx.packets ?? Number.NaN,
    txPackets: tx.packets ?? Number.NaN,
    rxBytes: rx.bytes ?? Number.NaN,
    txBytes: tx.bytes ?? Number.NaN,
    rxErrors: rx.errors ?? Number.NaN,
    txErrors: tx.errors ?? Number.NaN,
    rxDropped: rx.dropped ?? Number.NaN,
    txDropped: tx.dropped ?? Number.NaN,
    multicast: rx.multicast ?? Number.NaN,
    collisions: tx.collisions ?? Number.NaN,
    rxLengthErrors: rx.length_errors ?? Number.NaN,
    rxOverErrors: rx.over_errors ?? Number.NaN,
    rxCrcErrors: rx.crc_errors ?? Number.NaN,
    rxFrameErrors: rx.frame_errors ?? Number.NaN,
    rxFifoErrors: rx.fifo_errors ?? Number.NaN,
    rxMissedErrors: rx.missed_errors ?? Number.NaN,
    txAbortedErrors: tx.aborted_errors ?? Number.NaN,
    txCarrierErrors: tx.carrier_errors ?? Number.NaN,
    txFifoErrors: tx.fifo_errors ?? Number.NaN,
    txHeartbeatErrors: tx.heartbeat_errors ?? Number.NaN,
    txWindowErrors: tx.window_errors ?? Number.NaN,
  };
}

async function ours({ links }: Host, name: string): Promise<Counters> {
  const { statistics = {} } = await links.get(name);
  // ip has these two of links that compress only.
  const {
    rxCompressed: _,
    txCompressed: __,
    ...counters
  } = Object.fromEntries(Object.entries(statistics).map(([counter, value]) => [counter, Number(value)]));
  return counters;
}

/** A namespace in which nothing is sent but what a test sends: IPv6 speaks as soon as a link is up. */
async function quietNetns(): Promise<Netns> {
  const netns = await freshNetns();
  await netns.inside.must('sh', '-c', 'echo 1 | tee /proc/sys/net/ipv6/conf/*/disable_ipv6');
  return netns;
}

describeWith([...HOST_NEEDS, 'busybox'], 'the statistics of links', () => {
  it('count packets and bytes', async () => {
    await using netns = await quietNetns();
    await using inside = host.in(netns.path);
    await netns.inside.must('busybox', 'ping', '-c', '2', '-s', '100', '127.0.0.1');
    const counters = await ours(inside, 'lo');
    expect(counters).toEqual(await theirs(netns, 'lo'));
    // Two requests and two answers, which have no Ethernet header here.
    expect(counters).toMatchObject({ rxPackets: 4, rxBytes: 4 * (20 + 8 + 100), rxErrors: 0, txDropped: 0 });
  });

  it('tell what comes from what goes, and what is lost', async () => {
    await using netns = await quietNetns();
    await using inside = host.in(netns.path);
    // One that looks for groups joins one itself, and says so some time later.
    await netns.ip('link add br0 up type bridge mcast_snooping 0');
    await using from = await port(netns, 'from');
    await using to = await port(netns, 'to');
    await using lost = await port(netns, 'lost');
    await lost.set({ filter: [{ code: 0x06, jt: 0, jf: 0, k: 0 }] }); // returns 0 bytes of each
    const group = frameOf(200);
    group.set([0x01, 0, 0x5e, 1, 2, 3]);
    const seen = collect(to, 3);
    for (const frame of [frameOf(60), frameOf(100), group]) expect(from.write(frame)).toBe(true);
    await seen;
    const bytes = 60 + 100 + 200;
    for (const [name, expected] of Object.entries({
      from: { rxPackets: 3, rxBytes: bytes, txPackets: 0, txBytes: 0 },
      to: { rxPackets: 0, txPackets: 3, txBytes: bytes, txDropped: 0 },
      lost: { rxPackets: 0, txPackets: 0, txDropped: 3 },
      // The bridge gets them without their Ethernet headers.
      br0: { rxPackets: 3, rxBytes: bytes - 3 * 14, multicast: 1 },
    })) {
      const counters = await ours(inside, name);
      expect(counters, name).toEqual(await theirs(netns, name));
      expect(counters, name).toMatchObject(expected);
    }
  });
});
