// NICs, bonds and VLANs of the host, by themselves and inside of a bridge.
import { ipv4Address } from '../../xml/address.js';
import { integer, oneOf } from '../../xml/codec.js';
import type {
  HostBondPort,
  HostBondSettings,
  HostBridgePort,
  HostEthernetPort,
  HostVlanPort,
} from '../../xml/index.js';
import { deviceName } from '../names.js';
import { mac } from '../network/mac.js';
import { present } from '../present.js';
import { coded, needed, oneOrMany, type Reader, record, refuseDuplicates, within } from '../reader.js';
import { neededName } from './addressing.js';

/** A NIC of the host. */
export interface HostNicOptions {
  /** Its name, up to 15 bytes. */
  name: string;
  /** Its MAC address, to know it by. Default: it is known by its name. */
  mac?: string;
}

/** A NIC by its name, or with its MAC address. */
export type HostNic = string | HostNicOptions;

/** Watching the carrier of a bond's NICs. */
export interface MiimonOptions {
  /** How often, in milliseconds. */
  freq: number;
  /** Milliseconds until a NIC counts as down. Default: 0. */
  downDelay?: number;
  /** Milliseconds until a NIC counts as up again. Default: 0. */
  upDelay?: number;
  /** Whether to ask the NIC's registers (`ioctl`) or its driver (`netif`). Default: `netif`. */
  carrier?: 'ioctl' | 'netif';
}

/** Watching whether a host answers through a bond's NICs. */
export interface ArpmonOptions {
  /** How often, in milliseconds. */
  interval: number;
  /** The IPv4 address of the host that is asked. */
  target: string;
  /** Of which NICs the answers are looked at. Default: none. */
  validate?: 'none' | 'active' | 'backup' | 'all';
}

/** How a bond works. */
export interface BondSettingsOptions {
  /** Its NICs, the primary one first. */
  nics: HostNic | readonly HostNic[];
  /** How it shares its traffic among them. Default: `balance-rr`, the kernel's. */
  mode?:
    | 'balance-rr'
    | 'active-backup'
    | 'balance-xor'
    | 'broadcast'
    | '802.3ad'
    | 'balance-tlb'
    | 'balance-alb';
  /** Watch the carrier, with this many milliseconds between two looks or with more settings; not beside `arpmon`. */
  miimon?: number | MiimonOptions;
  /** Watch whether a host answers; not beside `miimon`. */
  arpmon?: ArpmonOptions;
}

/** A bond as the port of a bridge. */
export interface BondPortOptions extends BondSettingsOptions {
  /** Its name, up to 15 bytes. */
  name: string;
}

/** The frames of a link that have one VLAN tag. */
export interface VlanPortOptions {
  /** The link below it: a NIC or a bond. */
  on: string;
  /** The VLAN tag, 1 to 4094. */
  tag: number;
  /** Its name. Default: the link's, a full stop and the tag. */
  name?: string;
}

/** A port of a bridge: a NIC by its name, a NIC, a bond or a VLAN. */
export type BridgePort = HostNic | { bond: BondPortOptions } | { vlan: VlanPortOptions };

const nicFields = record<HostNicOptions>()('a NIC', { name: neededName, mac });

/** The members of a NIC. */
export const nicMembers = ({
  name,
  mac,
}: {
  readonly name: string;
  readonly mac?: string;
}): HostEthernetPort => ({
  type: 'ethernet',
  name,
  ...present({ mac: mac === undefined ? undefined : { address: mac } }),
});

const nic: Reader<HostEthernetPort> = (value, path) =>
  nicMembers(typeof value === 'string' ? { name: deviceName(value, path) } : nicFields(value, path));

const milliseconds = coded(integer(0, 0xffffffff), 'milliseconds');

const miimonFields = record<MiimonOptions>()('watching the carrier', {
  freq: needed(milliseconds),
  downDelay: milliseconds,
  upDelay: milliseconds,
  carrier: coded(oneOf('ioctl', 'netif')),
});

const miimon: Reader<NonNullable<HostBondSettings['miimon']>> = (value, path) =>
  typeof value === 'number' ? { freq: milliseconds(value, path) } : miimonFields(value, path);

/** The readers of {@link BondSettingsOptions}. */
export const bondFields = {
  nics: needed(oneOrMany(nic)),
  mode: coded(
    oneOf('balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb'),
  ),
  miimon,
  arpmon: record<ArpmonOptions>()('watching a host', {
    interval: needed(milliseconds),
    target: needed(coded(ipv4Address)),
    validate: coded(oneOf('none', 'active', 'backup', 'all')),
  }),
};

interface BondRead {
  readonly nics: readonly HostEthernetPort[];
  readonly mode?: HostBondSettings['mode'];
  readonly miimon?: HostBondSettings['miimon'];
  readonly arpmon?: HostBondSettings['arpmon'];
}

/** The settings of a bond. */
export const bondSettings = ({ nics, mode, miimon, arpmon }: BondRead, path: string): HostBondSettings => {
  if (miimon && arpmon)
    throw new TypeError(`${within(path, 'arpmon')}: a bond that has miimon cannot have it too`);
  refuseDuplicates(nics, within(path, 'nics'), 'the name', ({ name }) => name);
  const both = present({ mode, interfaces: nics });
  return miimon ? { ...both, miimon } : { ...both, ...present({ arpmon }) };
};

/** The readers of {@link VlanPortOptions}. */
export const vlanFields = {
  on: neededName,
  tag: needed(coded(integer(1, 4094))),
  name: deviceName,
};

/** The members of a VLAN. */
export const vlanMembers = (
  { on, tag, name }: { readonly on: string; readonly tag: number; readonly name?: string },
  path: string,
): HostVlanPort & { readonly name: string } => ({
  type: 'vlan',
  name: name ?? deviceName(`${on}.${tag}`, within(path, 'name')),
  vlan: { tag, interface: { name: on } },
});

const bondPortFields = record<BondPortOptions>()('a bond', { name: neededName, ...bondFields });
const vlanPortFields = record<VlanPortOptions>()('a VLAN', vlanFields);

const bondPort = record<{ bond: BondPortOptions }>()('a port that is a bond', {
  bond: needed((value, path): HostBondPort => {
    const { name, ...settings } = bondPortFields(value, path);
    return { type: 'bond', name, bond: bondSettings(settings, path) };
  }),
});

const vlanPort = record<{ vlan: VlanPortOptions }>()('a port that is a VLAN', {
  vlan: needed((value, path) => vlanMembers(vlanPortFields(value, path), path)),
});

/** A port of a bridge. */
export const bridgePort: Reader<HostBridgePort> = (value, path) => {
  if (typeof value === 'object' && value !== null) {
    if ('bond' in value) return bondPort(value, path).bond;
    if ('vlan' in value) return vlanPort(value, path).vlan;
  }
  return nic(value, path);
};
