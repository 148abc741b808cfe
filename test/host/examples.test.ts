// The examples about frames, each in a network namespace of the test's own.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { encodeFrame, pcapngInterface, pcapngPacket, pcapngSection, Tap } from '../../lib/host/index.js';
import { Example, runExample } from '../lab/example.js';
import { describeWith } from '../lab/have.js';
import { frames } from '../unit/host/frames.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { collect, frameOf, isOurs, port, silentBridge } from './ours.js';

/** Starts an example in a namespace, and waits until it says that it runs. */
async function start(netns: Netns, ready: string, file: string, ...args: string[]): Promise<Example> {
  const example = new Example(`examples/${file}`, '--netns', netns.path, ...args);
  await example.printed(ready);
  return example;
}

/** Ends it as Ctrl-C does; what it has said. */
async function end(example: Example): Promise<string> {
  example.child.kill('SIGINT');
  const { stdout, stderr, code } = await example.ended;
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout;
}

describeWith([...HOST_NEEDS, 'busybox', 'tshark'], 'the examples about frames', () => {
  it('switch.ts learns who is behind which port', async () => {
    await using host = await freshNetns();
    const example = await start(host, 'switching between port1, port2, port3', 'switch.ts');
    // Two guests, each in a namespace of its own, which its port is moved to.
    await using one = await freshNetns();
    await using two = await freshNetns();
    for (const [i, { inside }] of [one, two].entries()) {
      const port = `port${i + 1}`;
      const move = ['link', 'set', port, 'netns', `${inside.holderPid}`];
      execFileSync('nsenter', [`--net=${host.path}`, 'ip', ...move]);
      await inside.must('ip', 'addr', 'add', `10.5.0.${i + 1}/24`, 'dev', port);
      await inside.must('ip', 'link', 'set', port, 'up');
    }
    expect(await one.inside.must('busybox', 'ping', '-c', '1', '10.5.0.2')).toContain('1 packets received');
    const said = await end(example);
    for (const [i, netns] of [one, two].entries()) {
      expect(said).toMatch(new RegExp(`^([0-9a-f]{2}:){5}[0-9a-f]{2} is on port${i + 1}$`, 'm'));
      expect(await netns.ipJson('link')).toHaveLength(1);
    }
  });

  it('ping-responder.ts answers for every address', async () => {
    await using netns = await freshNetns();
    const example = await start(netns, 'answering on echo0', 'ping-responder.ts');
    await netns.ip('addr add 10.99.0.1/24 dev echo0');
    await netns.ip('addr add fd99::1/64 dev echo0 nodad');
    for (const address of ['10.99.0.2', '10.99.0.77', 'fd99::2'])
      expect(await netns.inside.must('busybox', 'ping', '-c', '1', address)).toContain('1 packets received');
    expect(await end(example)).toContain('10.99.0.1 asked for 10.99.0.77\nfd99::1 asked for fd99::2\n');
  });

  it('dhcp-sniffer.ts says who asks for an address', async () => {
    await using netns = await freshNetns();
    await netns.ip('link add br0 up type bridge');
    const example = await start(netns, 'listening on sniff0', 'dhcp-sniffer.ts');
    await using guest = await Tap.open({ netns: netns.path, name: 'guest0' });
    for (const port of ['sniff0', 'guest0']) await netns.ip(`link set ${port} up master br0`);
    guest.write(encodeFrame(frames.arp as never));
    guest.write(encodeFrame(frames.dhcp as never));
    await example.printed('discover: 02:00:00:00:00:01 (guest)');
    await end(example);
  });

  it('capture.ts writes what passes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
    try {
      await using netns = await freshNetns();
      await netns.ip('link add br0 up type bridge');
      const file = join(folder, 'cap.pcapng');
      const example = await start(netns, 'capturing cap0', 'capture.ts', '--file', file);
      await netns.ip('link set cap0 master br0');
      await netns.ip('addr add 10.9.0.1/24 dev br0');
      await netns.inside.run('busybox', 'ping', '-c', '1', '-W', '1', '10.9.0.2');
      expect(await end(example)).toMatch(/^[1-9]\d* frames, \d+ bytes$/m);
      const asked = execFileSync('tshark', ['-r', file, '-Y', 'arp.dst.proto_ipv4 == 10.9.0.2'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      expect(asked).toContain('Who has 10.9.0.2? Tell 10.9.0.1');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('replay.ts sends what was captured once more', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'virtnet-'));
    try {
      await using netns = await silentBridge();
      await using tap = await port(netns, 'hears0');
      const heard = collect(tap, 3, isOurs);
      const all = [1, 2, 3].map((i) => frameOf(100, i));
      const file = join(folder, 'cap.pcap');
      const packet = (bytes: Uint8Array) => pcapngPacket({ interface: 0, time: 0n, bytes });
      const begin = [pcapngSection('test'), pcapngInterface({ name: 'eth0', link: 'ethernet' })];
      writeFileSync(`${file}ng`, Buffer.concat([...begin, ...all.map(packet)]));
      execFileSync('editcap', ['-F', 'pcap', `${file}ng`, file]);
      const { stdout, stderr, code } = await runExample(
        ...['examples/replay.ts', '--file', file, '--netns', netns.path],
      );
      expect({ stdout, stderr, code }).toEqual({
        stdout: `3 frames of ${file} sent into br0\n`,
        stderr: '',
        code: 0,
      });
      expect(await heard).toEqual(all);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
