// What the benchmarks of calls share: a private libvirtd with one network, and the three who call it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, connect } from 'virtnet';
import { startLibvirtd } from '../lab/libvirtd.js';
import { Peer } from './peer.js';

const networkName = 'bench';
const peers = fileURLToPath(new URL('./peers/', import.meta.url));

export interface Stage extends AsyncDisposable {
  uri: string;
  virtnet: Peer;
  python: Peer;
  c: Peer;
}

/** Starts everything; what has started is ended when something else does not. */
export async function openStage(): Promise<Stage> {
  const endings: (() => void | Promise<void>)[] = [];
  const end = async () => {
    for (const ending of endings.splice(0).reverse()) await ending();
  };
  try {
    const folder = mkdtempSync(join(tmpdir(), 'virtnet-bench-'));
    endings.push(() => rmSync(folder, { recursive: true }));
    const loop = join(folder, 'loop');
    execFileSync('cc', ['-O2', '-o', loop, join(peers, 'loop.c'), '-lvirt', '-lpthread']);

    const lab = await startLibvirtd();
    endings.push(() => lab.stop());
    await defineNetwork(lab.uri);

    const start = (command: string, ...args: string[]) => {
      const peer = new Peer(command, [...args, lab.uri, networkName]);
      endings.push(() => peer[Symbol.asyncDispose]());
      return peer;
    };
    return {
      uri: lab.uri,
      virtnet: start(process.execPath, '--expose-gc', '--import', 'tsx', join(peers, 'virtnet.ts')),
      python: start('/usr/bin/python3', join(peers, 'libvirt_python.py')),
      c: start(loop),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function defineNetwork(uri: string): Promise<void> {
  await using connection = await connect(uri);
  await connection.networks.define(
    build.network.nat({ name: networkName, ip: { cidr: '192.168.77.1/24', dhcp: true } }),
  );
}
