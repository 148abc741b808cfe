// NICs on a tap that is plugged in by somebody else: a script, a program or a person.
import type { EthernetNic } from '../../xml/index.js';
import { absolutePath, deviceName, line } from '../names.js';
import { present } from '../present.js';
import { flag, record } from '../reader.js';
import { type NicDocument, nicDocument, nicMembers, wrap } from './common.js';
import { type HostEndOptions, hostEnd } from './ends.js';
import { type HardwareOptions, hardwareMembers, type TapVirtioOptions, tapVirtioFields } from './hardware.js';
import { type PlaceOptions, placeFields, placeMembers } from './place.js';
import { type FilteredNicOptions, filteredFields, tapMembers, target } from './tap.js';

/** What a NIC has on a tap that is plugged in by somebody else, whoever makes the tap. */
export interface EthernetNicBase extends Omit<FilteredNicOptions, 'target'> {
  /** What is run when libvirt has made or opened the tap, with the tap's name as its argument: an absolute path. */
  script?: string;
  /** What is run when the guest has ended, with the tap's name as its argument: an absolute path. */
  downScript?: string;
  /** Addresses and routes of the tap itself. */
  host?: HostEndOptions;
  /** The domain that the other end is in; Xen only. Default: the host. */
  backendDomain?: string;
}

/** A NIC on a tap that is plugged in by somebody else. */
export type EthernetNicOptions = EthernetNicBase &
  (
    | {
        /** The name of the tap, up to 15 bytes; made when it is not there. Default: libvirt's, `vnetN`. */
        target?: string;
        /** Whether libvirt sets the tap up: its MAC address, and up. Default: true. */
        managed?: true;
      }
    | {
        /** The name of the tap, which is there already and stays when the guest ends. */
        target: string;
        /** libvirt leaves the tap as it is, so that a user who is not root can have one. */
        managed: false;
      }
  ) &
  PlaceOptions &
  HardwareOptions<TapVirtioOptions>;

const read = record<EthernetNicOptions>()(
  'a NIC on a tap',
  {
    ...filteredFields,
    ...placeFields,
    ...tapVirtioFields,
    // Whose name it is, libvirt's or yours, depends on who makes it.
    target: deviceName,
    managed: flag,
    script: absolutePath,
    downScript: absolutePath,
    host: hostEnd,
    backendDomain: line,
  },
  {
    dev: 'the tap is the target',
    ip: 'addresses of the tap are host: { ip: … }, those of a container guest: { ip: … }',
    routes: 'routes of the tap are host: { routes: … }',
  },
);

/**
 * A NIC on a tap that libvirt plugs into nothing: a script does, or whoever made the tap, or the host routes to it.
 *
 * @example
 * ```ts
 * build.nic.ethernet({
 *   target: 'tap7',
 *   mac: '52:54:00:12:34:56',
 *   host: { ip: { cidr: '10.1.1.1/32', peer: '10.1.1.2' }, routes: [{ destination: '10.2.0.0/16', gateway: '10.1.1.2' }] },
 * })
 * ```
 * ```xml
 * <interface type='ethernet'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source>
 *     <ip address='10.1.1.1' prefix='32' peer='10.1.1.2'/>
 *     <route address='10.2.0.0' prefix='16' gateway='10.1.1.2'/>
 *   </source>
 *   <target dev='tap7'/>
 *   <model type='virtio'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `host.ip: 10.1.1.1 is not …`
 * @see https://libvirt.org/formatdomain.html#generic-ethernet-connection
 */
export const ethernet = (options: EthernetNicOptions): NicDocument<EthernetNic> => {
  const nic = read(options, '');
  const { managed, script, downScript, host } = nic;
  if (managed === false && nic.target === undefined)
    throw new TypeError('target: missing; a NIC with managed: false must have it');
  if (managed !== false && nic.target !== undefined) target(nic.target, 'target');
  return nicDocument({
    type: 'ethernet',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardwareMembers(nic),
    ...tapMembers(nic),
    source: host && Object.keys(host).length > 0 ? host : undefined,
    target: nic.target === undefined ? undefined : present({ dev: nic.target, managed }),
    script: wrap('path', script),
    downScript: wrap('path', downScript),
    backendDomain: wrap('name', nic.backendDomain),
  });
};
