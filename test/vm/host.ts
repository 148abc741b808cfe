// A host in the system VM with two real NICs, and what is at the other end of their cables.

import { type Host, host as machine } from '../../lib/host/index.js';
import {
  build,
  type Connection,
  connect,
  type Domain,
  type DomainInterfaceDocument,
  toXML,
} from '../../lib/index.js';
import { HYPERVISOR_NEEDS, startHost } from '../hypervisor/host.js';
import type { Need } from '../lab/have.js';
import type { Libvirtd, LibvirtdOptions } from '../lab/libvirtd.js';
import { type Namespaces, startNamespaces } from '../lab/namespaces.js';
import { until } from '../lab/until.js';

export const VM_NEEDS = [
  'the system VM around it',
  ...HYPERVISOR_NEEDS,
  'qemu',
  'kmod',
] as const satisfies Need[];

/** The NICs of the host, and at the same place those that their cables go to. */
export const NEAR = ['eth0', 'eth1'] as const;
export const FAR = ['eth2', 'eth3'] as const;

/** NICs with virtual functions, cabled to each other; where the need `SR-IOV` is met. */
export const SRIOV_NICS = ['eth4', 'eth5'] as const;

export interface VmHost {
  lab: Libvirtd;
  connection: Connection;
  /** The host's network. */
  near: Host;
  /** The network beyond the cables, and where commands are run in it. */
  far: Host;
  beyond: Namespaces;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a libvirtd in the system VM. Its QEMU does not tell which features a processor lacks: libvirt would ask for all
 * of them, one by one, which takes ten seconds a guest on a processor that is emulated twice.
 */
export const startHostInVm = (options: LibvirtdOptions): Promise<Libvirtd> =>
  startHost({
    ...options,
    config: {
      ...options.config,
      qemu: { capability_filters: ['cpu-unavailable-features'], ...options.config?.qemu },
    },
  });

/** Moves the machine's NICs to a host and to what is beyond it; they come back with the end. */
export async function startVmHost(options: LibvirtdOptions = {}): Promise<VmHost> {
  for (const nic of [...NEAR, ...FAR]) {
    await until(`${nic} is here`, async () => (await machine.links.find(nic)) !== undefined);
  }
  const lab = await startHostInVm(options);
  const beyond = await startNamespaces([]);
  const pathOf = (namespaces: Namespaces) => `/proc/${namespaces.holderPid}/ns/net`;
  const [near, far] = [machine.in(pathOf(lab.inside)), machine.in(pathOf(beyond))];
  for (const nic of NEAR) await machine.links.set(nic, { netns: pathOf(lab.inside) });
  for (const nic of FAR) await machine.links.set(nic, { netns: pathOf(beyond) });
  for (const nic of NEAR) await near.links.up(nic);
  for (const nic of FAR) await far.links.up(nic);
  const connection = await connect(lab.uri);
  const dispose = async () => {
    await connection.close();
    await Promise.all([near.close(), far.close()]);
    await Promise.all([lab.stop(), beyond.stop()]);
  };
  return { lab, connection, near, far, beyond, [Symbol.asyncDispose]: dispose };
}

/**
 * A guest without a disk: its firmware asks for an address on each of its NICs, in turn, with real frames. It needs
 * no kernel, which would take long to boot on a processor that is emulated twice.
 */
export function startCaller(
  connection: Connection,
  name: string,
  ...nics: DomainInterfaceDocument[]
): Promise<Domain> {
  return connection.domains.create(callerXml(name, ...nics.map(toXML)));
}

/** The same, but its processor does not run. */
export function startSilent(
  connection: Connection,
  name: string,
  ...nics: DomainInterfaceDocument[]
): Promise<Domain> {
  return connection.domains.create(callerXml(name, ...nics.map(toXML)), { paused: true });
}

/** The XML of such a guest, with these devices. */
export const callerXml = (name: string, ...devices: string[]) => `<domain type='qemu'>
    <name>${name}</name>
    <memory unit='MiB'>32</memory>
    <os><type arch='x86_64' machine='pc'>hvm</type><boot dev='network'/></os>
    <features><acpi/></features>
    <devices>
      <controller type='usb' model='none'/>
      ${devices.join('')}
      <memballoon model='none'/>
    </devices>
  </domain>`;

/** A NIC on a network, from which a guest may boot. */
export const nicOn = (network: string, portGroup?: string): DomainInterfaceDocument =>
  build.nic.network({ network, ...(portGroup === undefined ? {} : { portGroup }) });
