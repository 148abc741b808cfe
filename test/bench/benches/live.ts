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
      ...(await configuring(lab, virtnet, c)),
      ...(await listing(lab, virtnet, python)),
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
  return await beside('attach + detach of a NIC', 'plug', '--live', rounds, lab, virtnet, c, '<= 1.1');
}

/**
 * In and out of the configuration of a guest that does not run: nobody has to be waited for. C makes the two calls, and
 * virtnet those as well by which it knows what is there before and after.
 */
async function configuring(lab: Libvirtd, virtnet: Peer, c: Peer): Promise<Figure[]> {
  await using connection = await connect(lab.uri);
  const domain = await connection.domains.define(guestXml('bench'));
  const figures = await beside(
    'attach + detach of a NIC, configuration',
    'configure',
    '--config',
    5 * rounds,
    lab,
    virtnet,
    c,
  );
  await domain.undefine();
  return figures;
}

async function beside(
  figure: string,
  task: string,
  half: string,
  turns: number,
  lab: Libvirtd,
  virtnet: Peer,
  c: Peer,
  toC?: '<= 1.1',
): Promise<Figure[]> {
  const file = join(lab.inside.base, 'nic.xml');
  const mac = '52:54:00:be:4c:03';
  writeFileSync(file, toXML(build.nic.network({ network: 'bench', model: 'virtio', mac })));
  const seconds: Record<'virtnet' | 'c' | 'virsh', number[]> = { virtnet: [], c: [], virsh: [] };
  for (let round = 0; round < turns; round++) {
    seconds.c.push(await c.ask(task, 1));
    seconds.virtnet.push(await virtnet.ask(task, 1));
    const start = performance.now();
    await lab.must('virsh', 'attach-device', 'bench', file, half);
    await lab.must('virsh', 'detach-device', 'bench', file, half);
    seconds.virsh.push((performance.now() - start) / 1000);
  }
  const measured = { bench: 'live', figure, value: median(seconds.virtnet) * 1000, unit: 'ms' };
  return [
    compared(measured, 'C', median(seconds.c) * 1000, toC),
    compared(measured, 'virsh, spawned', median(seconds.virsh) * 1000, '<= 0.33'),
  ];
}

/** Of 100 guests with 3 NICs each: guest after guest, as libvirt-python must, and all guests together. */
async function listing(lab: Libvirtd, virtnet: Peer, python: Peer): Promise<Figure[]> {
  await using connection = await connect(lab.uri);
  const nic = () => toXML(build.nic.network({ network: 'bench', model: 'virtio' }));
  const domains = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      connection.domains.define(guestXml(`list-${i}`, nic(), nic(), nic())),
    ),
  );
  const ways = { each: [] as number[], together: [] as number[], python: [] as number[] };
  for (let round = -1; round < 2 * rounds; round++) {
    const each = await virtnet.ask('nicsOfEach', 1);
    const together = await virtnet.ask('nicsTogether', 1);
    const there = await python.ask('nics', 1);
    if (round < 0) continue; // for what is loaded and compiled at first
    ways.each.push(each);
    ways.together.push(together);
    ways.python.push(there);
  }
  await Promise.all(domains.map((domain) => domain.undefine()));
  const figure = (name: string, times: number[]) =>
    compared(
      { bench: 'live', figure: `the NICs of 100 guests, ${name}`, value: median(times) * 1000, unit: 'ms' },
      'libvirt-python',
      median(ways.python) * 1000,
      '<= 1.2',
    );
  return [figure('together', ways.together), figure('one after the other', ways.each)];
}

const guestXml = (name: string, ...devices: string[]) => `<domain type='qemu'>
  <name>${name}</name><memory unit='MiB'>64</memory><os><type arch='x86_64'>hvm</type></os>
  <devices>${devices.join('')}</devices>
</domain>`;

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
