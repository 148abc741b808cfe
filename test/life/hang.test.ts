// Peers that say nothing, daemons that stop answering, and a system that gives no more: whoever waits is told, and
// nobody else waits.

import { afterEach, expect, it } from 'vitest';
import { describeWith, LIBVIRTD_NEEDS } from '../lab/have.js';
import { type Libvirtd, startLibvirtd } from '../lab/libvirtd.js';
import { startSilentPeer } from '../lab/silent-peer.js';
import { writeTestNode } from '../lab/test-node.js';
import { pass } from './run.js';

describeWith(['native', 'libvirt'], 'a silent peer', () => {
  it('delays neither other connections nor what Node does on threads, and can be given up', async () => {
    await using peer = await startSilentPeer();
    const { facts } = await pass('silence.cjs', [peer.unixUri, 'test:///default']);
    expect(facts).toEqual({ names: 64, file: true, endedMeanwhile: 0, ended: 64 });
  });

  it('keeps no process that has aborted its connect', async () => {
    await using peer = await startSilentPeer();
    using asking = writeTestNode({ user: { name: 'somebody', password: 'secret' } });
    const { facts } = await pass('aborted.ts', [peer.unixUri, peer.tcpUri, asking.uri]);
    expect(facts).toEqual({ reasons: Array(5).fill('enough') });
  });
});

describeWith(['native', 'libvirt'], 'a question', () => {
  it('is answered once, and refused by an answer that is none', async () => {
    using node = writeTestNode({ user: { name: 'somebody', password: 'secret' } });
    const { facts } = await pass('questions.cjs', [node.uri, 'somebody', 'secret'], {
      node: ['--expose-gc'],
    });
    const refused = 'authentication failed: Username request failed';
    expect(facts).toEqual({
      twice: 'open',
      tooMany: refused,
      sparse: refused,
      nothing: refused,
      withNul: refused,
      thrown: refused,
      forgotten: refused,
      closed: 'the connection is closed',
    });
  });
});

describeWith(['native', 'libvirt'], 'a system that gives', () => {
  it('no thread makes calls reject, and takes no subscription with it', async () => {
    const env = { GLIBC_TUNABLES: 'glibc.pthread.stack_cache_size=0' };
    const { facts } = await pass('shortage.cjs', ['threads'], { env });
    const refused = 'libvirt 38: the system gives no thread to make the call';
    // Up to three get the stack of a thread that ended in the meantime; the fourth never.
    const either = expect.stringMatching(new RegExp(`^(done|${refused})$`));
    expect(facts).toEqual({ outcomes: [either, either, either, refused], after: 'done' });
  });

  it('no descriptor makes opens reject until there are some', async () => {
    const { facts } = await pass('shortage.cjs', ['descriptors'], { through: ['prlimit', '--nofile=100'] });
    expect(facts).toEqual({
      without: expect.stringContaining('Too many open files'),
      few: expect.stringContaining("libvirt's event loop cannot start: Too many open files"),
    });
  });
});

describeWith([...LIBVIRTD_NEEDS, 'native'], 'a daemon that stops answering, with calls under way,', () => {
  let lab: Libvirtd;
  afterEach(() => lab?.stop());

  const stopping = () => {
    const inside = `--pid=/proc/${lab.inside.holderPid}/ns/pid_for_children`;
    return ['nsenter', inside, 'kill', '-s', 'STOP', String(lab.daemonPid())];
  };

  it.each([
    ['close', 'holds up close() no longer than a moment', Array(8).fill('closed')],
    ['keepalive', 'is found out by keepalive, for every call', Array(8).fill('libvirt')],
    ['terminate', 'holds up no worker that is terminated', []],
  ])('%s: %s', async (way, _what, reasons) => {
    lab = await startLibvirtd();
    const { facts } = await pass('lost.cjs', [way, lab.uri, ...stopping()]);
    expect(facts).toEqual({ reasons });
  });
});
