// A NIC of a guest as it is listed, and how one is named.
import { LibvirtError } from '../../errors.js';
import { show } from '../../xml/fault.js';
import type { DomainInterfaceDocument } from '../../xml/index.js';

/** A NIC of a guest. What only a running guest has is undefined for one that does not run. */
export interface GuestNic {
  /** The MAC address, in lower case. */
  readonly mac: string;
  /** What it is plugged into, as in `network`, `bridge`, `direct`. */
  readonly type: DomainInterfaceDocument['type'];
  /** The name of that: the network, the bridge, the device of the host. */
  readonly source: string | undefined;
  /** The network that it belongs to, also when libvirt tells what that network made of it. */
  readonly network: string | undefined;
  /** The network's port group. */
  readonly portGroup: string | undefined;
  /** The hardware that the guest sees, as in `virtio`. */
  readonly model: string | undefined;
  /** The tap or macvtap on the host, as in `vnet0`. */
  readonly target: string | undefined;
  /** Whether its cable is plugged in. */
  readonly link: 'up' | 'down';
  /** What moves its frames on the host, as in `vhost` or `passt`, when it is not left to the hypervisor. */
  readonly backend: string | undefined;
  /** Its name in its guest, as in `net0`, by which events of devices tell it. */
  readonly alias: string | undefined;
  /** All that libvirt says of it. */
  readonly document: DomainInterfaceDocument;
}

export function guestNic(document: DomainInterfaceDocument): GuestNic {
  const source = (('source' in document && document.source) || {}) as NicSource;
  return Object.freeze({
    mac: document.mac?.address.toLowerCase() ?? '',
    type: document.type,
    source: source[sourceField[document.type] ?? 'network'],
    network: source.network,
    portGroup: source.portGroup,
    model: document.model?.type,
    target: document.target?.dev,
    link: document.link?.state ?? 'up',
    backend: document.backend?.type ?? document.driver?.name,
    alias: document.alias?.name,
    document,
  });
}

/** The fields of sources that are names. */
interface NicSource {
  readonly network?: string;
  readonly portGroup?: string;
  readonly bridge?: string;
  readonly dev?: string;
  readonly name?: string;
  readonly path?: string;
}

const sourceField: { readonly [Type in DomainInterfaceDocument['type']]?: keyof NicSource } = {
  bridge: 'bridge',
  direct: 'dev',
  user: 'dev',
  internal: 'name',
  vhostuser: 'path',
  vdpa: 'dev',
};

/** Whether a key names this NIC: its MAC address, its alias or its target. */
export function isNamed({ mac, alias, target }: GuestNic, key: string): boolean {
  return mac === key.toLowerCase() || alias === key || target === key;
}

/** The only NIC of a key; undefined when there is none. Throws when there is more than one. */
export function onlyNic(
  asked: { action: string; domain: string },
  nics: readonly GuestNic[],
  key: string,
): GuestNic | undefined {
  const [first, second] = nics.filter((nic) => isNamed(nic, key));
  if (!second) return first;
  const object = `NIC ${key} of domain '${asked.domain}'`;
  const hint = `name it by its alias or its target: ${nics.map(describeNic).join('; ')}`;
  throw new LibvirtError(`cannot ${asked.action} ${object}: it has more than one of that name (${hint})`, {
    code: 'OPERATION_FAILED',
    object,
    hint,
  });
}

/** The error of a NIC that is not there. */
export function noNic(
  asked: { action: string; domain: string; where: string },
  nics: readonly GuestNic[],
  key: string,
): LibvirtError {
  const object = `NIC ${key} of domain '${asked.domain}'`;
  const hint =
    nics.length === 0
      ? 'it has no NIC at all'
      : `it has ${nics.map(describeNic).join('; ')}, and takes the MAC address, the alias or the target`;
  return new LibvirtError(
    `cannot ${asked.action} ${object}: there is none of that name ${asked.where} (${hint})`,
    {
      code: 'DEVICE_MISSING',
      object,
      hint,
    },
  );
}

function describeNic({ mac, alias, target }: GuestNic): string {
  return [mac, alias, target].filter(Boolean).join(' ');
}

/** Throws a TypeError for what cannot name a NIC. */
export function checkedName(key: unknown): string {
  if (typeof key !== 'string' || key === '' || key.includes('\0'))
    throw new TypeError(`nic: ${show(key)} is not the MAC address, the alias or the target of a NIC`);
  return key;
}
