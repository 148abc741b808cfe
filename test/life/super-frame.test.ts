// Super-frames are split and joined in C++: without a device, under the sanitizers, see native/.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeFrame, type TcpSegment, type UdpDatagram } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Builds `native/NAME.cpp` with sanitizers; the program's path. */
async function build(compiler: string, name: string, sanitizers: string): Promise<string> {
  const options = ['-std=c++20', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-fno-sanitize-recover=all'];
  const program = join(folder, name);
  const sources = [`test/life/native/${name}.cpp`, 'native/kernel/super_frame.cpp'];
  await run(compiler, [...options, `-fsanitize=${sanitizers}`, '-o', program, ...sources], { cwd: root });
  return program;
}

describeWith(['g++'], 'a super-frame', () => {
  it('is what it was joined of when it is split, and never read past its end', async () => {
    const program = await build('c++', 'super_frame_test', 'address,undefined');
    expect(await run(program, [], { timeout: 120_000 })).toEqual({ stdout: '', stderr: '' });
  });
});

/** Three frames of a flow, as super_frame_fuzz.cpp takes them. */
function flow(version: 4 | 6, content: (i: number) => TcpSegment | UdpDatagram): Uint8Array {
  const parts = [0, 1, 2].map((i) => {
    const ends = version === 4 ? ['192.0.2.1', '192.0.2.2'] : ['2001:db8::1', '2001:db8::2'];
    const [source = '', destination = ''] = ends;
    const frame = encodeFrame({
      kind: 'ethernet',
      destination: '02:00:00:00:00:01',
      source: '02:00:00:00:00:02',
      content:
        version === 4
          ? { kind: 'ipv4', source, destination, id: i, content: content(i) }
          : { kind: 'ipv6', source, destination, content: content(i) },
    });
    return [frame.length >> 8, frame.length & 0xff, ...frame];
  });
  return Uint8Array.from([0, ...new Uint8Array(10), ...parts.flat()]);
}

const payload = { kind: 'bytes', bytes: new Uint8Array(50).fill(7) } as const;
const ports = { sourcePort: 1234, destinationPort: 80 };
const tcp = (i: number): TcpSegment => ({
  kind: 'tcp',
  ...ports,
  sequence: 50 * i,
  acknowledgement: 1,
  flags: ['ack'],
  content: payload,
});
const udp = (): UdpDatagram => ({ kind: 'udp', ...ports, content: payload });

describeWith(['clang', 'libFuzzer'], 'any bytes as super-frames', () => {
  it('are refused, or joined and split without loss', async () => {
    const program = await build('clang++-19', 'super_frame_fuzz', 'fuzzer,address,undefined');
    const corpus = join(folder, 'corpus');
    mkdirSync(corpus);
    const seeds = [flow(4, tcp), flow(6, tcp), flow(4, udp), flow(6, udp)];
    for (const [i, seed] of seeds.entries()) writeFileSync(join(corpus, `${i}`), seed);
    const bounds = ['-runs=200000', '-max_total_time=60', '-max_len=2000', '-seed=1'];
    const { stderr } = await run(program, [...bounds, '-use_value_profile=1', corpus], {
      cwd: folder,
      timeout: 120_000,
      maxBuffer: 1 << 24,
    });
    expect(stderr).toMatch(/Done \d+ runs/);
  });
});
