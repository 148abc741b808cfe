// Super-frames are split and joined in C++: without a device, under the sanitizers, see native/.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeFrame, type TcpSegment, type UdpDatagram } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { compile } from './compile.js';
import { FUZZ_NEEDS, fuzz } from './fuzz.js';

const SOURCES = ['native/kernel/super_frame.cpp'];
const run = promisify(execFile);

describeWith(['g++'], 'a super-frame', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is what it was joined of when it is split, and never read past its end', async () => {
    const program = join(folder, 'test');
    await compile(program, 'address,undefined', ['test/life/native/super_frame_test.cpp', ...SOURCES]);
    expect(await run(program, [], { timeout: 120_000 })).toEqual({ stdout: '', stderr: '' });
  });
});

/** Frames of a flow with so many bytes each, as super_frame_fuzz.cpp takes them. */
function flow(version: 4 | 6, protocol: 'tcp' | 'udp', sizes: readonly number[]): Uint8Array {
  let sequence = 0;
  const frames = sizes.map((size, i) => {
    const content = segment(protocol, sequence, size, i === 2);
    sequence += size;
    const frame = encodeFrame({
      kind: 'ethernet',
      destination: '02:00:00:00:00:01',
      source: '02:00:00:00:00:02',
      content:
        version === 4
          ? { kind: 'ipv4', source: '192.0.2.1', destination: '192.0.2.2', id: i, content }
          : { kind: 'ipv6', source: '2001:db8::1', destination: '2001:db8::2', content },
    });
    return [frame.length >> 8, frame.length & 0xff, ...frame];
  });
  return Uint8Array.from([0, ...new Uint8Array(10), ...frames.flat()]);
}

function segment(
  kind: 'tcp' | 'udp',
  sequence: number,
  size: number,
  pushes: boolean,
): TcpSegment | UdpDatagram {
  const ports = { sourcePort: 1234, destinationPort: 80 };
  const content = { kind: 'bytes', bytes: new Uint8Array(size).fill(7) } as const;
  if (kind === 'udp') return { kind, ...ports, content };
  return { kind, ...ports, sequence, acknowledgement: 1, flags: pushes ? ['ack', 'psh'] : ['ack'], content };
}

/** Frames that are joined, and some that are not: what is longer than the first, what follows a shorter one or a push. */
const flows = [
  [50, 50, 50, 50],
  [50, 50, 20, 50],
  [50, 60, 50, 50],
].flatMap((sizes) =>
  ([4, 6] as const).flatMap((version) =>
    (['tcp', 'udp'] as const).map((protocol) => flow(version, protocol, sizes)),
  ),
);

describeWith(FUZZ_NEEDS, 'any bytes as super-frames', () => {
  it('are refused, or joined and split without loss', async () => {
    await fuzz('super_frame_fuzz.cpp', SOURCES, flows);
  });
});
