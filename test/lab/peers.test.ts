import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { describeWith, missing } from './have.js';
import { startSilentPeer } from './silent-peer.js';
import { writeTestNode } from './test-node.js';

describe('a silent peer', () => {
  it('accepts on both of its addresses and ends its connections when it stops', async () => {
    const peer = await startSilentPeer();
    const path = new URL(peer.unixUri).searchParams.get('socket') ?? '';
    const clients = [connect(path), connect(Number(new URL(peer.tcpUri).port), '127.0.0.1')];
    const ends = Promise.all(clients.map((client) => once(client, 'close')));
    await peer.accepted(2);
    await peer.stop();
    await ends;
    expect(existsSync(path)).toBe(false);
  });
});

describeWith(['virsh'], 'a test node', () => {
  it('has the networks that it was written with', () => {
    using node = writeTestNode({
      networks: [`<network><name>given</name><ip address='10.1.2.1'/></network>`],
    });
    const virsh = (...args: string[]) =>
      execFileSync('virsh', ['-c', node.uri, ...args], { encoding: 'utf8' });
    expect(virsh('net-list', '--name').trim()).toBe('given');
  });

  it('asks for its user', () => {
    using node = writeTestNode({ user: { name: 'a<b', password: `it's` } });
    const open = () => execFileSync('virsh', ['-c', node.uri, 'uri'], { input: '', stdio: 'pipe' });
    expect(open).toThrow('authentication failed');
  });
});

describe('missing', () => {
  it('is silent about what is there', () => {
    expect(missing('g++', 'make')).toBeUndefined();
  });
});
