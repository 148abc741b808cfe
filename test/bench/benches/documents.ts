// Documents, without libvirt: built out of options, written, read.
import { build, parseNetwork, toXML } from 'virtnet';
import { type Figure, measured, median } from '../figure.js';

const rounds = 9;
const count = 5000;

export async function documents(): Promise<Figure[]> {
  const document = buildOne();
  const text = toXML(document);
  const figures = {
    'built out of options': buildOne,
    written: () => toXML(document),
    read: () => parseNetwork(text),
    'built, written and read': () => parseNetwork(toXML(buildOne())),
  };
  return Object.entries(figures).map(([name, work]) =>
    measured('documents', name, perSecond(work), 'documents/s', '>= 20000'),
  );
}

/** A network as people have it: two subnets, DHCP with a reservation, a DNS record. */
function buildOne() {
  return build.network.nat({
    name: 'lan',
    ip: [
      { cidr: '192.168.10.1/24', dhcp: { hosts: [{ mac: '52:54:00:12:34:56', ip: '192.168.10.20' }] } },
      { cidr: 'fd00:10::1/64' },
    ],
    dns: { hosts: [{ ip: '192.168.10.2', names: 'gateway' }] },
  });
}

function perSecond(work: () => unknown): number {
  const speeds: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < count; i++) work();
    speeds.push((count / (performance.now() - start)) * 1000);
  }
  return median(speeds.slice(1));
}
