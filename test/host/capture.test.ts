// Captures as tshark reads them: without a complaint, and with what was meant.

import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type CapturedFrame,
  decodeFrame,
  encodeFrame,
  pcapngInterface,
  pcapngPacket,
  pcapngSection,
  pcapngStatistics,
  readCapture,
  Tap,
  Tun,
} from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { frames } from '../unit/host/frames.js';
import { freshNetns, HOST_NEEDS } from './netns.js';

const CHECKS = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6']
  .filter((protocol) => !protocol.startsWith('icmp'))
  .flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]);

/** What tshark prints of a file; anything on stderr but for its word on who runs it fails. */
function tshark(file: string, ...options: string[]): string[] {
  const { stdout, stderr } = run(file, options);
  expect(stderr).toBe('');
  return stdout === '' ? [] : stdout.trimEnd().split('\n');
}

function run(file: string, options: string[]): { stdout: string; stderr: string } {
  const command = ['-n', '-r', file, ...CHECKS, ...options];
  const quiet = (text: string) => text.replace(/^Running as user "root".*\n/m, '');
  try {
    // stderr goes to stdout's end, behind a line of its own.
    const both = execFileSync('sh', ['-c', 'tshark "$@" 2>"$0.err"; cat "$0.err" >&2', file, ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { stdout: both, stderr: quiet(execFileSync('cat', [`${file}.err`], { encoding: 'utf8' })) };
  } catch (error) {
    return { stdout: '', stderr: String(error) };
  }
}

async function framesOf(file: string): Promise<CapturedFrame[]> {
  const all: CapturedFrame[] = [];
  for await (const frame of readCapture(createReadStream(file))) all.push(frame);
  return all;
}

const complaints = (file: string): string[] =>
  tshark(
    file,
    '-Y',
    '_ws.malformed || _ws.expert.severity >= 6291456',
    '-T',
    'fields',
    '-e',
    '_ws.expert.message',
  );

describeWith([...HOST_NEEDS, 'tshark', 'busybox'], 'tshark', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('reads every kind of frame as it was meant', () => {
    const file = join(folder, 'kinds.pcapng');
    const time = 1_700_000_000_123_456_789n;
    const packets = Object.values(frames).map((frame, i) =>
      pcapngPacket({ interface: 0, time: time + BigInt(i), bytes: encodeFrame(frame), direction: 'inbound' }),
    );
    const all = [
      pcapngSection('virtnet'),
      pcapngInterface({ name: 'tap0', link: 'ethernet' }),
      ...packets,
      pcapngStatistics(0, time, { received: packets.length, dropped: 0 }),
    ];
    writeFileSync(file, Buffer.concat(all));
    const fields = ['frame.protocols', 'frame.time_epoch', 'frame.interface_name', 'ip.checksum.status'];
    const rows = tshark(file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])).map((row) =>
      row.split('\t'),
    );
    const names = Object.keys(frames);
    expect(Object.fromEntries(rows.map(([protocols], i) => [names[i], protocols]))).toEqual({
      arp: 'eth:ethertype:arp',
      'arp in two VLANs': 'eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:arp',
      'udp over ipv4': 'eth:ethertype:ip:udp:data',
      'udp over ipv6': 'eth:ethertype:ipv6:udp:data',
      'tcp over ipv4': 'eth:ethertype:ip:tcp:data',
      'tcp with options over ipv6': 'eth:ethertype:ipv6:tcp:data',
      'icmp over ipv4': 'eth:ethertype:ip:icmp:data',
      'icmp over ipv6': 'eth:ethertype:ipv6:icmpv6:data',
      'a fragment': 'eth:ethertype:ip:data',
      'ipv4 with options': 'eth:ethertype:ip:udp:data',
      'a protocol that is not known': 'eth:ethertype:ipv6:data',
      'a type that is not known': 'eth:ethertype:data',
      dhcp: 'eth:ethertype:ip:udp:dhcp',
      'dhcp by a relay': 'eth:ethertype:ip:udp:dhcp',
    });
    expect(rows.map(([, at, where]) => [at, where])).toEqual(
      names.map((_, i) => [`1700000000.${123456789 + i}`, 'tap0']),
    );
    expect(rows[2]?.[3]).toBe('1');
    const wrong = tshark(
      file,
      '-Y',
      'tcp.checksum.status == 0 || udp.checksum.status == 0 || ip.checksum.status == 0 || icmp.checksum.status == 0 || icmpv6.checksum.status == 0',
    );
    expect(wrong).toEqual([]);
    expect(tshark(file, '-Y', 'tcp.checksum.status == 1 || udp.checksum.status == 1')).toHaveLength(7);
    const inDhcp = ['option.hostname', 'hops', 'server', 'file'].flatMap((field) => ['-e', `dhcp.${field}`]);
    expect(tshark(file, '-Y', 'dhcp', '-T', 'fields', ...inDhcp).map((row) => row.split('\t'))).toEqual([
      ['guest', '0', '', ''],
      ['', '2', 'boot.example', 'pxelinux.0'],
    ]);
    expect(complaints(file)).toEqual([]);
  });

  it.each([
    ['pcapng', 789n],
    ['pcap', 0n],
    ['nsecpcap', 789n],
    ['modpcap', undefined],
  ] as const)('has files of Wireshark read here: %s', async (format, nanoseconds) => {
    const time = 1_700_000_000_123_456_000n;
    const all = Object.values(frames).map(encodeFrame);
    const file = join(folder, 'ours.pcapng');
    const packet = (bytes: Uint8Array) => pcapngPacket({ interface: 0, time: time + 789n, bytes });
    const begin = [pcapngSection('virtnet'), pcapngInterface({ name: 'tap0', link: 'ethernet' })];
    writeFileSync(file, Buffer.concat([...begin, ...all.map(packet)]));
    const theirs = join(folder, `theirs.${format}`);
    execFileSync('editcap', ['-F', format, file, theirs]);
    const reading = framesOf(theirs);
    if (nanoseconds === undefined) {
      await expect(reading).rejects.toThrow('begins with 34cdb2a1, which neither pcapng nor pcap does');
      return;
    }
    expect(await reading).toMatchObject(
      all.map((bytes) => ({ bytes, length: bytes.length, time: time + nanoseconds, link: 'ethernet' })),
    );
  });

  it.each([
    ['Tap', 'frames that pass a TAP device', undefined],
    ['Tap', 'super-frames without their header', 'raw'],
    ['Tun', 'packets that pass a TUN device', undefined],
  ] as const)('%s: reads %s', async (kind, _, offload) => {
    await using netns = await freshNetns();
    const options = { netns: netns.path, name: 'cap0', ...(offload && { offload }) };
    await using device = await (kind === 'Tap' ? Tap.open(options) : Tun.open(options));
    await netns.ip('addr add 10.9.0.1/24 dev cap0');
    const file = join(folder, `${kind}-${offload}.pcapng`);
    const capture = device.capture();
    const written = pipeline(capture, createWriteStream(file));
    await device.set({ up: true });
    const request = encodeFrame(frames.arp as never);
    if (kind === 'Tap') device.write(offload ? Buffer.concat([new Uint8Array(10), request]) : request);
    // Nobody answers; what is asked is what is captured.
    await netns.inside.run('busybox', 'ping', '-c', '1', '-W', '1', '10.9.0.2');
    capture.finish();
    await written;
    expect(complaints(file)).toEqual([]);
    if (kind === 'Tap') {
      expect(tshark(file, '-Y', 'arp && frame.packet_flags_direction == 1').length).toBeGreaterThan(0);
      expect(tshark(file, '-Y', 'arp && frame.packet_flags_direction == 2')).toHaveLength(1);
    } else {
      expect(tshark(file, '-Y', 'icmp.type == 8')).toHaveLength(1);
    }
  });

  it('is told how many frames a slow reader made the capture leave out', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path });
    await tap.set({ up: true });
    const capture = tap.capture({ buffer: 1000, direction: 'outbound', snapLength: 64 });
    const frame = encodeFrame(frames['udp over ipv4'] as never);
    for (let i = 0; i < 50; i++) tap.write(frame);
    expect(capture.dropped).toBeGreaterThan(30);
    const { dropped } = capture;
    await tap.close();
    const file = join(folder, 'slow.pcapng');
    await pipeline(capture, createWriteStream(file));
    expect(tshark(file)).toHaveLength(50 - dropped);
    expect(decodeFrame(frame)).toMatchObject({ content: { kind: 'ipv4' } });
  });
});
