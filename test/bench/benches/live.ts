// Running guests: their NICs plugged in and out, listed by the hundred, and how soon events are heard.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, connect, toXML } from 'virtnet';
import { startGuest } from '../../lab/guest.js';
import { type Libvirtd, startLibvirtd } from '../../lab/libvirtd.js';
import { compared, type Figure, measured, median } from '../figure.js';
import { Peer } from '../peer.js';

const peers = fileURLToPath(new URL('../peers/', import.meta.url));
const rounds = 7;

export async function live(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'virtnet-bench-'));
  try {
    await using lab = await startLibvirtd();
    await using connection = await connect(lab.uri);
    await connection.networks.create(
      build.network.isolated({ name: 'bench', ip: { cidr: '10.77.0.1/24' }, dnsmasqOptions: ['no-ping'] }),
    );
    const program = join(folder, 'live');
    execFileSync('cc', ['-O2', '-o', program, join(peers, 'live.c'), '-lvirt', '-lpthread']);
    await using c = new Peer(program, [lab.uri]);
    const script = join(peers, 'live.ts');
    await using virtnet = new Peer(process.execPath, ['--import', 'tsx', script, lab.uri]);
    await using python = new Peer('/usr/bin/python3', [join(peers, 'live.py'), lab.uri]);

    return [
      ...(await plugging(lab, virtnet, c)),
      await listing(lab, virtnet, python),
      await latency(lab, virtnet, c),
      await burst(virtnet),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In and out of a guest that lets go of them: most of the time is the guest's, and all three wait for it. */
async function plugging(lab: Libvirtd, virtnet: Peer, c: Peer): Promise<Figure[]> {
  await using _guest = await startGuest(lab, { name: 'bench' });
  const file = join(lab.inside.base, 'nic.xml');
  const mac = '52:54:00:be:4c:03';
  writeFileSync(file, toXML(build.nic.network({ network: 'bench', model: 'virtio', mac })));
  const seconds: Record<'virtnet' | 'c' | 'virsh', number[]> = { virtnet: [], c: [], virsh: [] };
  for (let round = 0; round < rounds; round++) {
    seconds.c.push(await c.ask('plug', 1));
    seconds.virtnet.push(await virtnet.ask('plug', 1));
    const start = performance.now();
    await lab.must('virsh', 'attach-device', 'bench', file, '--live');
    await lab.must('virsh', 'detach-device', 'bench', file, '--live');
    seconds.virsh.push((performance.now() - start) / 1000);
  }
  const value = median(seconds.virtnet) * 1000;
  const figure = { bench: 'live', figure: 'attach + detach of a NIC', value, unit: 'ms' };
  return [
    compared(figure, 'C', median(seconds.c) * 1000, '<= 1.1'),
    compared(figure, 'virsh, spawned', median(seconds.virsh) * 1000, '<= 0.33'),
  ];
}

/** Of 100 guests with 3 NICs each. */
async function listing(lab: Libvirtd, virtnet: Peer, python: Peer): Promise<Figure> {
  await using connection = await connect(lab.uri);
  const nic = () => toXML(build.nic.network({ network: 'bench', model: 'virtio' }));
  const xml = (i: number) => `<domain type='qemu'>
  <name>list-${i}</name><memory unit='MiB'>64</memory><os><type arch='x86_64'>hvm</type></os>
  <devices>${nic()}${nic()}${nic()}</devices>
</domain>`;
  const domains = await Promise.all(Array.from({ length: 100 }, (_, i) => connection.domains.define(xml(i))));
  const seconds: Record<'virtnet' | 'python', number[]> = { virtnet: [], python: [] };
  for (let round = -1; round < rounds; round++) {
    const pair = [await virtnet.ask('nics', 1), await python.ask('nics', 1)] as const;
    if (round < 0) continue; // for what is loaded and compiled at first
    seconds.virtnet.push(pair[0]);
    seconds.python.push(pair[1]);
  }
  await Promise.all(domains.map((domain) => domain.undefine()));
  const value = median(seconds.virtnet) * 1000;
  const figure = { bench: 'live', figure: 'the NICs of 100 guests with 3 each', value, unit: 'ms' };
  return compared(figure, 'libvirt-python', median(seconds.python) * 1000, '<= 1.2');
}

/** How much later than a client in C, which stands for the daemon's sending it. */
async function latency(lab: Libvirtd, virtnet: Peer, c: Peer): Promise<Figure> {
  const changes = 500;
  {
    await using connection = await connect(lab.uri);
    const network = build.network.isolated({ name: 'event', bridge: 'event' });
    for (let i = 0; i < changes; i++) await (await connection.networks.define(network)).undefine();
  }
  const answers = await Promise.all([virtnet, c].map((peer) => peer.tell('events', 2 * changes)));
  const [here = [], there = []] = answers.map((answer) => answer.trim().split(' ').map(BigInt));
  const late = here.map((moment, i) => Number(moment - (there[i] ?? moment)) / 1e6).sort((a, b) => a - b);
  const p99 = late[Math.floor(late.length * 0.99)] ?? Number.NaN;
  return measured('live', 'an event after C has it, p99', p99, 'ms', '< 5');
}

async function burst(virtnet: Peer): Promise<Figure> {
  const count = 10_000;
  const lost = await virtnet.ask('burst', count);
  return measured('live', 'events of a burst of 10,000 that are lost or late', lost, 'events', '<= 0');
}
