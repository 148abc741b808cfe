// Networks as `virsh net-list --all` lists them, with mode, bridge and addresses beside.
import type { Network, NetworkDocument } from 'virtnet';
import { table } from './terminal.js';

const HEADINGS = ['Name', 'State', 'Autostart', 'Persistent', 'Mode', 'Bridge', 'Addresses'];

export async function networkTable(networks: readonly Network[]): Promise<string> {
  const sorted = networks.toSorted((a, b) => a.name.localeCompare(b.name));
  const rows = await Promise.all(sorted.map(rowsOf));
  return table(HEADINGS, rows.flat());
}

/** A row, and below it one for each further address. */
async function rowsOf(network: Network): Promise<string[][]> {
  const [active, autostart, persistent, document] = await Promise.all([
    network.isActive(),
    network.autostart(),
    network.isPersistent(),
    network.describe(),
  ]);
  const [address = '-', ...more] = addressesOf(document);
  const first = [
    network.name,
    active ? 'active' : 'inactive',
    autostart ? 'yes' : 'no',
    persistent ? 'yes' : 'no',
    modeOf(document),
    document.bridge?.name ?? '-',
    address,
  ];
  return [first, ...more.map((another) => ['', '', '', '', '', '', another])];
}

/** libvirt's forward mode: `<forward/>` without one is nat, no `<forward>` at all is no way out. */
function modeOf({ forward }: NetworkDocument): string {
  return forward ? (forward.mode ?? 'nat') : 'isolated';
}

function addressesOf({ ips = [] }: NetworkDocument): string[] {
  return ips.map(({ address, netmask, prefix }) => `${address}/${prefix ?? lengthOf(netmask)}`);
}

/** The length of the prefix that a netmask stands for: 24 for 255.255.255.0. */
function lengthOf(netmask = ''): number {
  const bits = netmask.split('.').map((byte) => Number(byte).toString(2));
  return bits.join('').replaceAll('0', '').length;
}
