// NICs that the builders make, given to a real libvirtd: it takes each, or refuses it for a reason that is known, and what
// it then has is what was asked for.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '../../lib/build/index.js';
import { type DomainInterfaceDocument, diff, parseInterface, toXML } from '../../lib/xml/index.js';
import { describeWith } from '../lab/have.js';
import { HOST_BRIDGE, type Libvirtd, NICS } from '../lab/libvirtd.js';
import { nicVariants } from '../unit/build/nic-variants.js';
import { HYPERVISOR_NEEDS, startHost } from './host.js';

const guest = (...nics: DomainInterfaceDocument[]): string => `
  <domain type='qemu'>
    <name>nics</name>
    <memory>65536</memory>
    <vcpu>2</vcpu>
    <memoryBacking><access mode='shared'/></memoryBacking>
    <os><type arch='x86_64' machine='pc'>hvm</type></os>
    <features><acpi/></features>
    <devices>${nics.map(toXML).join('')}</devices>
  </domain>`;

/** What libvirt refuses when a guest is defined, or drops, and which types of NIC it does so for. */
const NOT_TAKEN: {
  readonly [option: string]: {
    readonly members: object;
    readonly by: readonly DomainInterfaceDocument['type'][];
  };
} = {
  mtu: {
    members: { mtu: { size: 1400 } },
    by: ['user', 'direct', 'hostdev', 'mcast', 'server', 'client', 'udp', 'vdpa', 'internal', 'vds'],
  },
  coalesce: {
    members: { coalesce: { rx: { frames: { max: 7 } } } },
    by: ['user', 'ethernet', 'direct', 'hostdev', 'vhostuser', 'mcast', 'server', 'client', 'udp', 'vdpa'],
  },
  isolatedPort: {
    members: { port: { isolated: true } },
    by: ['user', 'ethernet', 'direct', 'hostdev', 'vhostuser', 'mcast', 'server', 'client', 'udp', 'vdpa'],
  },
  filter: {
    members: { filterRef: { filter: 'clean-traffic' } },
    by: ['user', 'direct', 'hostdev', 'vhostuser', 'mcast', 'server', 'client', 'udp', 'vdpa', 'vds'],
  },
  'a guaranteed rate': {
    members: { bandwidth: { inbound: { floor: 100 } } },
    by: ['bridge', 'ethernet', 'direct', 'user', 'vhostuser', 'mcast'],
  },
  'an unplugged part in a team': {
    members: { teaming: { type: 'transient', persistent: 'ua-backup' } },
    by: ['bridge', 'ethernet', 'direct', 'user', 'vhostuser', 'mcast', 'vdpa'],
  },
  'managed: false': {
    members: { target: { dev: 'tap7', managed: false } },
    by: ['network', 'bridge', 'direct', 'user', 'vhostuser', 'mcast'],
  },
  queues: { members: { driver: { queues: 2 } }, by: ['hostdev'] },
  macTableManager: {
    members: { source: { bridge: 'br0', macTableManager: 'libvirt' } },
    by: ['bridge'],
  },
};

const nicsOf = (domain: string): DomainInterfaceDocument[] =>
  Array.from(domain.matchAll(/<interface .*?<\/interface>/gs), ([xml]) => parseInterface(xml));

describeWith([...HYPERVISOR_NEEDS, 'qemu'], 'a NIC that is built', () => {
  let lab: Libvirtd;
  beforeAll(async () => {
    lab = await startHost();
  });
  afterAll(() => lab?.stop());

  const define = async (...nics: DomainInterfaceDocument[]) => {
    const file = join(lab.inside.base, 'nics.xml');
    writeFileSync(file, guest(...nics));
    return lab.run('virsh', 'define', file);
  };

  const defined = async (): Promise<DomainInterfaceDocument[]> => {
    const nics = nicsOf(await lab.must('virsh', 'dumpxml', '--inactive', 'nics'));
    await lab.must('virsh', 'undefine', 'nics');
    return nics;
  };

  const older = nicVariants.filter(({ since }) => since === undefined);

  it.each(older)('is what libvirt then has: $title', async ({ document, refused }) => {
    const { code, stderr } = await define(document);
    if (code !== 0) {
      expect(refused, stderr).toBeDefined();
      expect(stderr).toMatch(refused as RegExp);
      return;
    }
    const [nic] = await defined();
    expect(diff(document, nic as DomainInterfaceDocument, { ignore: 'filled-in' })).toEqual([]);
  });

  it('stands beside those of every other type in one guest', async () => {
    const nics = older
      .filter(({ title, refused }) => !refused && /^\w+$/.test(title))
      .map(({ document }) => document);
    expect(nics.length).toBeGreaterThan(12);
    const { code, stderr } = await define(...nics);
    expect(code, stderr).toBe(0);
    const read = await defined();
    expect(read).toHaveLength(nics.length);
    for (const [i, nic] of read.entries()) {
      expect(diff(nics[i] as DomainInterfaceDocument, nic, { ignore: 'filled-in' })).toEqual([]);
    }
  });

  it('starts with its guest where the host has what it is plugged into', async () => {
    const { nic } = build;
    const nics = [
      nic.network({ network: 'lan', queues: 2, mtu: 1400, coalesce: 7, isolatedPort: true, offloads: false }),
      nic.bridge({ bridge: HOST_BRIDGE, target: 'web0', sendBuffer: 1600, filter: 'clean-traffic' }),
      nic.direct({ dev: NICS[0], mode: 'bridge', target: 'up0', driver: { rxQueueSize: 512 } }),
      nic.ethernet({ target: 'tap7', host: { ip: { cidr: '10.1.1.1/32', peer: '10.1.1.2' } } }),
      nic.user({ ip: '172.17.2.0/24', model: 'e1000', link: 'down' }),
      nic.tcpServer({ listen: '127.0.0.1', port: 5558, alias: 'ua-hub' }),
      nic.udp({
        remote: { address: '127.0.0.1', port: 5559 },
        local: { address: '127.0.0.1', port: 5560 },
        address: '0000:00:0f.0',
        rom: false,
      }),
    ];
    const file = join(lab.inside.base, 'lan.xml');
    writeFileSync(file, toXML(build.network.isolated({ name: 'lan' })));
    await lab.must('virsh', 'net-create', file);
    const { code, stderr } = await define(...nics);
    expect(code, stderr).toBe(0);
    try {
      await lab.must('virsh', 'start', 'nics');
      const running = nicsOf(await lab.must('virsh', 'dumpxml', 'nics'));
      for (const [i, nic] of running.entries()) {
        expect(diff(nics[i] as DomainInterfaceDocument, nic, { ignore: 'filled-in' })).toEqual([]);
      }
      const links = await lab.links();
      expect([...links.keys()]).toEqual(expect.arrayContaining(['web0', 'up0', 'tap7']));
      expect(running.map(({ target }) => target?.dev)).toEqual([
        expect.stringMatching(/^vnet\d+$/),
        'web0',
        'up0',
        'tap7',
        undefined,
        undefined,
        undefined,
      ]);
    } finally {
      await lab.run('virsh', 'destroy', 'nics');
      await lab.must('virsh', 'undefine', 'nics');
      await lab.must('virsh', 'net-destroy', 'lan');
    }
  });

  const not = Object.entries(NOT_TAKEN).flatMap(([option, { members, by }]) =>
    by.map((type) => ({ option, members, type })),
  );

  it.each(not)('of type $type has no option $option, as libvirt has none', async ({ members, type }) => {
    const plain = older.find(({ title, document }) => document.type === type && /^\w+$/.test(title));
    const document = { ...plain?.document, ...members } as DomainInterfaceDocument;
    const { code, stderr } = await define(document);
    if (code !== 0) {
      expect(stderr).toMatch(/not supported|unsupported|not allowed|can only be used|must be type/);
      return;
    }
    const [nic] = await defined();
    const [first = ''] = Object.keys(members);
    const dropped = diff(document, nic as DomainInterfaceDocument, { ignore: 'filled-in' });
    expect(dropped.map(({ path }) => path.split('.')[0])).toEqual([first]);
  });
});
