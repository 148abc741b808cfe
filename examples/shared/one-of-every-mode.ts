// The networks of the quickstart: a row a mode, with names, bridges and subnets that no other network has.
import { build, findOverlaps, type NetworkDocument } from 'virtnet';

/** The devices of the host that some modes need. */
export interface Devices {
  bridge: string;
  openvswitch: string;
  dev: string;
  pf: string;
}

export interface Plan {
  mode: string;
  about: string;
  document: NetworkDocument;
}

interface Row {
  about: string;
  /** The network; `n` is the number of a subnet, different for each network that has one. */
  document: (name: string, n: number, devices: Devices) => NetworkDocument;
}

const rows: Record<keyof typeof build.network, Row> = {
  isolated: {
    about: 'guests reach each other and the host',
    document: (name, n) =>
      build.network.isolated({ name, bridge: `vn${n}`, ip: { cidr: `10.77.${n}.1/24`, dhcp: true } }),
  },
  routed: {
    about: 'guests are reached under their own addresses; the host routes',
    document: (name, n) =>
      build.network.routed({ name, bridge: `vn${n}`, ip: [`10.77.${n}.1/24`, `fd77:${n}::1/64`] }),
  },
  nat: {
    about: "guests reach the world under the host's address",
    document: (name, n) =>
      build.network.nat({ name, bridge: `vn${n}`, ip: { cidr: `10.77.${n}.1/24`, dhcp: true } }),
  },
  open: {
    about: "routed, without firewall rules of libvirt's",
    document: (name, n) => build.network.open({ name, bridge: `vn${n}`, ip: `10.77.${n}.1/24`, mtu: 9000 }),
  },
  bridged: {
    about: 'guests are plugged into a Linux bridge of the host',
    document: (name, _, { bridge }) => build.network.bridged({ name, bridge }),
  },
  openvswitch: {
    about: 'guests are in VLANs of an Open vSwitch bridge',
    document: (name, _, { openvswitch: bridge }) =>
      build.network.openvswitch({
        name,
        bridge,
        portGroups: [
          { name: 'staff', vlan: 10, default: true },
          { name: 'router', vlan: { trunk: [10, 20], native: { id: 1, mode: 'untagged' } } },
        ],
      }),
  },
  macvtap: {
    about: 'guests share a device of the host, without a bridge',
    document: (name, _, { dev }) => build.network.macvtap({ name, mode: 'bridge', dev }),
  },
  hostdev: {
    about: 'each guest gets a virtual function of a network card',
    document: (name, _, { pf }) => build.network.hostdev({ name, pf }),
  },
};

/** One network of every mode, in the way of none that exists, nor of each other. */
export function planNetworks(existing: readonly NetworkDocument[], devices: Devices): Plan[] {
  const prefix = freePrefix(existing);
  const others = [...existing];
  return Object.entries(rows).map(([mode, { about, document }]) => {
    const planned = firstWithoutOverlap((n) => document(`${prefix}-${mode}`, n, devices), others);
    others.push(planned);
    return { mode, about, document: planned };
  });
}

/** `vn`, or `vn2` … when a network has such a name already. */
function freePrefix(existing: readonly NetworkDocument[]): string {
  for (let n = 1; ; n++) {
    const prefix = n === 1 ? 'vn' : `vn${n}`;
    if (!existing.some(({ name }) => name.startsWith(`${prefix}-`))) return prefix;
  }
}

function firstWithoutOverlap(
  document: (n: number) => NetworkDocument,
  others: readonly NetworkDocument[],
): NetworkDocument {
  for (let n = 0; n < 256; n++) {
    const candidate = document(n);
    if (findOverlaps(candidate, others).length === 0) return candidate;
  }
  throw new Error('every /24 of 10.77.0.0/16 belongs to a network already');
}
