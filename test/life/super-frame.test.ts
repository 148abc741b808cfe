// Super-frames are split and joined in C++: without a device, under the sanitizers, see native/.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeFrame, type TcpSegment, type UdpDatagram } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { compile } from './compile.js';

const run = promisify(execFile);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Builds `native/NAME.cpp`; the program's path. */
async function build(name: string, sanitizers: string, compiler?: string): Promise<string> {
  const program = join(folder, name);
  const sources = [`test/life/native/${name}.cpp`, 'native/kernel/super_frame.cpp'];
  await compile(program, sanitizers, sources, compiler);
  return program;
}

describeWith(['g++'], 'a super-frame', () => {
  it('is what it was joined of when it is split, and never read past its end', async () => {
    const program = await build('super_frame_test', 'address,undefined');
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

describeWith(['clang', 'libFuzzer'], 'any bytes as super-frames', () => {
  it('are refused, or joined and split without loss', async () => {
    const program = await build('super_frame_fuzz', 'fuzzer,address,undefined', 'clang++-19');
    const corpus = join(folder, 'corpus');
    mkdirSync(corpus);
    for (const [i, seed] of flows.entries()) writeFileSync(join(corpus, `${i}`), seed);
    const bounds = ['-runs=200000', '-max_total_time=60', '-max_len=2000', '-seed=1'];
    const { stderr } = await run(program, [...bounds, '-use_value_profile=1', corpus], {
      cwd: folder,
      timeout: 120_000,
      maxBuffer: 1 << 24,
    });
    expect(stderr).toMatch(/Done \d+ runs/);
  });
});
