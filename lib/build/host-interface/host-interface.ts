// Interfaces of the host, one function a type.

import { decimal } from '../../xml/codec.js';
import type { HostInterfaceDocument } from '../../xml/index.js';
import { deepFreeze } from '../freeze.js';
import { mac } from '../network/mac.js';
import { present, some } from '../present.js';
import { coded, flag, list, record, refuseDuplicates } from '../reader.js';
import { type HostInterfaceOptions, hostFields, hostMembers, neededName } from './addressing.js';
import {
  type BondPortOptions,
  type BridgePort,
  bondFields,
  bondSettings,
  bridgePort,
  type HostNicOptions,
  nicMembers,
  type VlanPortOptions,
  vlanFields,
  vlanMembers,
} from './ports.js';

/** A NIC of the host. */
export interface HostEthernetOptions extends HostInterfaceOptions, HostNicOptions {}

/** A bond of NICs of the host. */
export interface HostBondOptions extends HostInterfaceOptions, BondPortOptions {}

/** A VLAN of a link of the host. */
export interface HostVlanOptions extends HostInterfaceOptions, VlanPortOptions {}

/** A Linux bridge of the host. */
export interface HostBridgeOptions extends HostInterfaceOptions {
  /** Its name, up to 15 bytes. */
  name: string;
  /** Its ports: NICs, bonds and VLANs. Default: none. */
  ports?: readonly BridgePort[];
  /** Whether it takes part in the spanning tree protocol. Default: the host decides. */
  stp?: boolean;
  /** Its forward delay in seconds. Default: the kernel's, 15. */
  delay?: number;
}

const readEthernet = record<HostEthernetOptions>()('a NIC of the host', {
  name: neededName,
  mac,
  ...hostFields,
});
const readBond = record<HostBondOptions>()('a bond of the host', {
  name: neededName,
  ...bondFields,
  ...hostFields,
});
const readVlan = record<HostVlanOptions>()('a VLAN of the host', { ...vlanFields, ...hostFields });
const readBridge = record<HostBridgeOptions>()('a bridge of the host', {
  name: neededName,
  ports: list(bridgePort),
  stp: flag,
  delay: coded(decimal(0), 'seconds'),
  ...hostFields,
});

/**
 * A NIC of the host.
 *
 * @example
 * ```ts
 * build.hostInterface.ethernet({ name: 'eth0', start: 'onboot', ipv4: 'dhcp' })
 * ```
 * ```xml
 * <interface type='ethernet' name='eth0'>
 *   <start mode='onboot'/>
 *   <protocol family='ipv4'>
 *     <dhcp/>
 *   </protocol>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `ipv4.gateway: 10.0.0.300 is not …`
 */
export const ethernet = (options: HostEthernetOptions): HostInterfaceDocument => {
  const read = readEthernet(options, '');
  return deepFreeze({ kind: 'hostInterface', ...nicMembers(read), ...hostMembers(read) });
};

/**
 * A Linux bridge of the host, over NICs, bonds and VLANs.
 *
 * @example
 * ```ts
 * build.hostInterface.bridge({
 *   name: 'br0',
 *   start: 'onboot',
 *   ports: ['eth0', { vlan: { on: 'bond0', tag: 42 } }],
 * })
 * ```
 * ```xml
 * <interface type='bridge' name='br0'>
 *   <start mode='onboot'/>
 *   <bridge>
 *     <interface type='ethernet' name='eth0'>
 *     </interface>
 *     <interface type='vlan' name='bond0.42'>
 *       <vlan tag='42'>
 *         <interface name='bond0'/>
 *       </vlan>
 *     </interface>
 *   </bridge>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `ports[1].vlan.tag: 4095 is not …`
 */
export const bridge = (options: HostBridgeOptions): HostInterfaceDocument => {
  const { name, ports, stp, delay, ...host } = readBridge(options, '');
  refuseDuplicates(ports ?? [], 'ports', 'the name', (port) => port.name);
  return deepFreeze({
    kind: 'hostInterface',
    type: 'bridge',
    name,
    ...hostMembers(host),
    bridge: present({ stp, delay, interfaces: some(ports) }),
  });
};

/**
 * Several NICs of the host that work as one.
 *
 * @example
 * ```ts
 * build.hostInterface.bond({ name: 'bond0', mode: 'active-backup', miimon: 100, nics: ['eth0', 'eth1'] })
 * ```
 * ```xml
 * <interface type='bond' name='bond0'>
 *   <bond mode='active-backup'>
 *     <miimon freq='100'/>
 *     <interface type='ethernet' name='eth0'>
 *     </interface>
 *     <interface type='ethernet' name='eth1'>
 *     </interface>
 *   </bond>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `arpmon.target: 10.0.0.300 is not …`
 */
export const bond = (options: HostBondOptions): HostInterfaceDocument => {
  const { name, nics, mode, miimon, arpmon, ...host } = readBond(options, '');
  return deepFreeze({
    kind: 'hostInterface',
    type: 'bond',
    name,
    ...hostMembers(host),
    bond: bondSettings({ nics, ...present({ mode, miimon, arpmon }) }, ''),
  });
};

/**
 * The frames of a link of the host that have one VLAN tag.
 *
 * @example
 * ```ts
 * build.hostInterface.vlan({ on: 'eth0', tag: 42, ipv4: { addresses: '10.42.0.5/24' } })
 * ```
 * ```xml
 * <interface type='vlan' name='eth0.42'>
 *   <protocol family='ipv4'>
 *     <ip address='10.42.0.5' prefix='24'/>
 *   </protocol>
 *   <vlan tag='42'>
 *     <interface name='eth0'/>
 *   </vlan>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `tag: 4095 is not …`
 */
export const vlan = (options: HostVlanOptions): HostInterfaceDocument => {
  const read = readVlan(options, '');
  return deepFreeze({ kind: 'hostInterface', ...vlanMembers(read, ''), ...hostMembers(read) });
};
