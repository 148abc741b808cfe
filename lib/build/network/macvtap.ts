// Networks of macvtap devices: guests on physical devices of the host, without a bridge.
import { oneOf } from '../../xml/codec.js';
import type { NetworkDocument } from '../../xml/index.js';
import { deviceName } from '../names.js';
import { present, some } from '../present.js';
import { coded, needed, oneOrMany, type Reader, raw, record, refuseDuplicates } from '../reader.js';
import { identityFields, type NetworkOptions, networkDocument } from './identity.js';
import {
  type FunctionPortGroupOptions,
  functionPortGroups,
  type MacvtapPortGroupOptions,
  macvtapPortGroups,
  refuseVlanAndVirtualPort,
} from './portgroup.js';
import { UNMANAGED } from './unmanaged.js';
import { type VirtualPortOptions, virtualPort } from './virtualport.js';
import { singleVlan, type VlanId } from './vlan.js';

/** A network of macvtap devices that share physical devices. */
export interface MacvtapSharedOptions extends NetworkOptions {
  /**
   * How guests on one device reach each other: directly (`'bridge'`), through a switch that sends frames back
   * (`'vepa'`), or not at all (`'private'`).
   */
  mode: 'bridge' | 'vepa' | 'private';
  /** The device or the pool of devices; libvirt takes the one with the fewest guests. */
  dev: string | readonly string[];
  /** How guests are presented to the switch beyond the device. Default: not at all. */
  virtualPort?: VirtualPortOptions;
  /** Classes of guest connections. */
  portGroups?: readonly MacvtapPortGroupOptions[];
  pf?: never;
  vlan?: never;
}

/** A network of macvtap devices that each have a physical device, or a virtual function, of their own. */
export type MacvtapPassthroughOptions = NetworkOptions & {
  /** Each guest has a device of its own, and may change its MAC address. */
  mode: 'passthrough';
  /** Classes of guest connections. */
  portGroups?: readonly FunctionPortGroupOptions[];
} & (
    | {
        /** The device or the pool of devices, one for each guest. */
        dev: string | readonly string[];
        pf?: never;
      }
    | {
        dev?: never;
        /** The physical function whose virtual functions are the pool. */
        pf: string;
      }
  ) &
  (
    | {
        /** The VLAN of the guests, when the devices are virtual functions. Default: none. */
        vlan?: VlanId;
        virtualPort?: never;
      }
    | {
        vlan?: never;
        /** How guests are presented to the switch beyond the device. Default: not at all. */
        virtualPort?: VirtualPortOptions;
      }
  );

/** A network of macvtap devices. */
export type MacvtapNetworkOptions = MacvtapSharedOptions | MacvtapPassthroughOptions;

const pool: Reader<readonly string[]> = (value, path) => {
  const devices = oneOrMany(deviceName)(value, path);
  refuseDuplicates(devices, path, 'the device', (device) => device);
  return devices;
};

const read = record<MacvtapNetworkOptions>()(
  'a macvtap network',
  {
    ...identityFields,
    mode: needed(coded(oneOf('bridge', 'vepa', 'private', 'passthrough'))),
    dev: pool,
    pf: deviceName,
    virtualPort: virtualPort('802.1Qbg', '802.1Qbh'),
    vlan: singleVlan,
    portGroups: raw,
  },
  {
    ...UNMANAGED,
    bridge: 'a macvtap network has no bridge; use build.network.bridged, or dev for the device',
    bandwidth: 'libvirt limits no bandwidth of macvtap networks; limit that of the NICs',
    isolatedPorts: "use mode: 'private'",
    devices: 'did you mean dev?',
    interfaces: 'did you mean dev?',
  },
);

const passthroughPortGroups = functionPortGroups('802.1Qbg', '802.1Qbh');

/**
 * A network of macvtap devices: guests are machines of a physical device's network, without a bridge. The host itself
 * does not reach them over that device.
 *
 * @example
 * ```ts
 * build.network.macvtap({ name: 'uplink', mode: 'bridge', dev: ['eth0', 'eth1'] })
 * ```
 * ```xml
 * <network>
 *   <name>uplink</name>
 *   <forward mode='bridge'>
 *     <interface dev='eth0'/>
 *     <interface dev='eth1'/>
 *   </forward>
 * </network>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `dev[1]: eth 1 is not …`
 * @see https://libvirt.org/formatnetwork.html#using-a-macvtap-direct-connection
 */
export const macvtap = (options: MacvtapNetworkOptions): NetworkDocument => {
  const { mode, dev, pf, vlan, virtualPort, portGroups: groups, ...network } = read(options, '');
  const passthrough = mode === 'passthrough';
  for (const [field, value] of Object.entries({ pf, vlan })) {
    if (value && !passthrough)
      throw new TypeError(`${field}: not possible with mode: '${mode}', only with 'passthrough'`);
  }
  if (dev && pf)
    throw new TypeError('pf: not possible beside dev; the pool is either devices or the functions of one');
  if (!dev && !pf)
    throw new TypeError(`dev: missing; a macvtap network must have it${passthrough ? ', or pf' : ''}`);
  const portGroups =
    groups === undefined
      ? []
      : (passthrough ? passthroughPortGroups : macvtapPortGroups)(groups, 'portGroups');
  if (passthrough) refuseVlanAndVirtualPort({ vlan, virtualPort, portGroups });
  return networkDocument(network, {
    forward: present({
      mode,
      pf: pf === undefined ? undefined : { dev: pf },
      interfaces: dev?.map((name) => ({ dev: name })),
    }),
    virtualPort,
    vlan,
    portGroups: some(portGroups),
  });
};
