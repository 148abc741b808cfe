// Documents, without libvirt: built out of options, written, read.
import { parseXml } from '@rgrove/parse-xml';
import { type AnyDocument, build, parseDomain, parseFilter, parseNetwork, toXML } from 'virtnet';
import { compared, type Figure, measured, median } from '../figure.js';

const rounds = 9;

export async function documents(): Promise<Figure[]> {
  return [...networks(), ...domain(), ...nics(), ...filters()];
}

/** The median seconds that each of several works takes, which take turns so that what disturbs one disturbs all. */
function secondsOf<Name extends string>(
  count: number,
  works: Record<Name, () => unknown>,
): Record<Name, number> {
  const names = Object.keys(works) as Name[];
  const seconds = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const name of names) {
      const start = performance.now();
      for (let i = 0; i < count; i++) works[name]();
      seconds.get(name)?.push((performance.now() - start) / 1000);
    }
  const each = names.map((name) => [name, median(seconds.get(name)?.slice(1) ?? []) / count]);
  return Object.fromEntries(each) as Record<Name, number>;
}

function networks(): Figure[] {
  const document = buildNetwork();
  const text = toXML(document);
  const seconds = secondsOf(2000, {
    'built out of options': buildNetwork,
    written: () => toXML(document),
    read: () => parseNetwork(text),
    'built, written and read': () => parseNetwork(toXML(buildNetwork())),
  });
  return Object.entries(seconds).map(([name, each]) =>
    measured('documents', `network ${name}`, 1 / each, 'documents/s', '>= 20000'),
  );
}

/** A network as people have it: two subnets, DHCP with a reservation, a DNS record. */
function buildNetwork() {
  return build.network.nat({
    name: 'lan',
    ip: [
      { cidr: '192.168.10.1/24', dhcp: { hosts: [{ mac: '52:54:00:12:34:56', ip: '192.168.10.20' }] } },
      { cidr: 'fd00:10::1/64' },
    ],
    dns: { hosts: [{ ip: '192.168.10.2', names: 'gateway' }] },
  });
}

/** The NICs of a domain: read out of it, and the domain written with one of them changed. */
function domain(): Figure[] {
  const text = domainText();
  const read = parseDomain(text);
  const other = {
    ...read,
    nics: read.nics.map((nic, i) => (i === 1 ? { ...nic, mtu: { size: 9000 } } : nic)),
  };
  const seconds = secondsOf(300, {
    bare: () => parseXml(text),
    unchanged: () => toXML(parseDomain(text)),
    changed: () => {
      const document = parseDomain(text);
      return toXML({ ...document, nics: other.nics } as AnyDocument);
    },
  });
  const lines = text.split('\n').length - 1;
  const allowed = 1.5 * seconds.bare + 0.0002;
  return (['unchanged', 'changed'] as const).map((name) =>
    compared(
      {
        bench: 'documents',
        figure: `NICs of a domain of ${lines} lines, read and written ${name}`,
        value: seconds[name] * 1000,
        unit: 'ms',
      },
      `1.5 x parse-xml (${(seconds.bare * 1000).toFixed(2)} ms) + 0.2 ms`,
      allowed * 1000,
      '<= 1',
    ),
  );
}

/** A guest as libvirt prints it, of 200 lines and a few. */
function domainText(): string {
  const disks = Array.from(
    { length: 12 },
    (_, i) => `    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' discard='unmap'/>
      <source file='/var/lib/libvirt/images/guest-${i}.qcow2'/>
      <target dev='vd${String.fromCharCode(97 + i)}' bus='virtio'/>
      <address type='pci' domain='0x0000' bus='0x${(i + 4).toString(16).padStart(2, '0')}' slot='0x00' function='0x0'/>
    </disk>`,
  );
  const ports = Array.from(
    { length: 14 },
    (_, i) => `    <controller type='pci' index='${i + 1}' model='pcie-root-port'>
      <model name='pcie-root-port'/>
      <target chassis='${i + 1}' port='0x${(i + 16).toString(16)}'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x${i % 8}'/>
    </controller>`,
  );
  const nics = Array.from(
    { length: 4 },
    (_, i) => `    <interface type='network'>
      <mac address='52:54:00:12:34:0${i}'/>
      <source network='lan' portgroup='web'/>
      <target dev='vnet${i}'/>
      <model type='virtio'/>
      <driver name='vhost' queues='4'/>
      <link state='up'/>
      <alias name='net${i}'/>
      <address type='pci' domain='0x0000' bus='0x01' slot='0x0${i}' function='0x0'/>
    </interface>`,
  );
  return `<domain type='kvm' id='3'>
  <name>guest</name>
  <uuid>4dea22b3-1d52-d8f3-2516-782e98ab3fa0</uuid>
  <memory unit='KiB'>4194304</memory>
  <vcpu placement='static'>4</vcpu>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
    <boot dev='hd'/>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
${[...disks, ...ports, ...nics].join('\n')}
    <memballoon model='virtio'/>
  </devices>
</domain>
`;
}

function nics(): Figure[] {
  const count = 10_000;
  const { all } = secondsOf(1, {
    all: () => {
      for (let i = 0; i < count; i++) toXML(buildNic(i));
    },
  });
  return [measured('documents', `${count.toLocaleString('en')} NICs built and written`, all, 's', '< 1')];
}

function buildNic(i: number) {
  return build.nic.network({
    network: 'lan',
    mac: `52:54:00:00:${hex(i >> 8)}:${hex(i & 255)}`,
    mtu: 9000,
    boot: (i % 8) + 1,
    filter: { name: 'clean-traffic', variables: { IP: '192.168.10.20' } },
  });
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Filters of more and more rules, each as often as makes 20,000 of them: twice the rules take twice the time. */
function filters(): Figure[] {
  const [few, half, whole] = [500, 5000, 10_000] as const;
  const works: Record<string, () => unknown> = {};
  for (const size of [few, half, whole]) {
    const text = filterText(size);
    const document = parseFilter(text);
    const times = 20_000 / size;
    works[`${size} read`] = () => {
      for (let i = 0; i < times; i++) parseFilter(text);
    };
    works[`${size} written`] = () => {
      for (let i = 0; i < times; i++) toXML(document);
    };
  }
  const seconds = secondsOf(1, works);
  const figure = (size: number, name: string) => ({
    bench: 'documents',
    figure: `filter of ${size.toLocaleString('en')} rules ${name}, a rule`,
    value: ((seconds[`${size} ${name}`] ?? Number.NaN) / 20_000) * 1e6,
    unit: 'us',
  });
  return ['read', 'written'].flatMap((name) => [
    figure(few, name),
    compared(figure(half, name), `one of ${few}`, figure(few, name).value),
    // Time that grew with the square of the rules would give 2.
    compared(figure(whole, name), `one of ${half.toLocaleString('en')}`, figure(half, name).value, '<= 1.4'),
  ]);
}

function filterText(size: number): string {
  const rules = Array.from(
    { length: size },
    (_, i) => `  <rule action='accept' direction='in' priority='${i % 1000}'>
    <tcp srcipaddr='10.${(i >> 8) & 255}.${i & 255}.0' srcipmask='24' dstportstart='${1 + (i % 60000)}' comment='rule ${i}'/>
  </rule>\n`,
  );
  return `<filter name='large'>\n${rules.join('')}</filter>\n`;
}
