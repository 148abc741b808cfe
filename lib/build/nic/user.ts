// NICs whose connections a process makes as a program of the host's would: no bridge, no tap, no root.
import type { UserNic, VhostUserNic } from '../../xml/index.js';
import { absolutePath, deviceName, dnsName, hostName } from '../names.js';
import { present, some } from '../present.js';
import { type Elsewhere, flag, list, record } from '../reader.js';
import {
  type NicDocument,
  nicDocument,
  nicMembers,
  type PluggedNicOptions,
  pluggedFields,
} from './common.js';
import { guestAddresses, userSubnets } from './ends.js';
import {
  type HardwareOptions,
  hardwareMembers,
  type VirtioModel,
  type VirtioOptions,
  virtioFields,
} from './hardware.js';
import { type PlaceOptions, placeFields, placeMembers } from './place.js';
import { type PortForwardOptions, portForward, refuseTakenPorts } from './port-forward.js';

/** A NIC on the network that QEMU plays for its guest (slirp). */
export type UserNicOptions = PluggedNicOptions & {
  /**
   * The subnet of the network, one of each family: IPv4 with a prefix of 4 to 27, IPv6 with 64. Default: `10.0.2.0/24`
   * and `fec0::/64`.
   */
  ip?: string | readonly string[];
} & PlaceOptions &
  HardwareOptions<VirtioOptions>;

/** What passt does for a NIC. */
export interface PasstOptions extends PluggedNicOptions {
  /** The device of the host whose addresses and routes the guest gets. Default: that of the default route. */
  dev?: string;
  /** The address of the guest, one of each family: IPv4 with a prefix of 4 to 27, IPv6 with 64. Default: the host's own. */
  ip?: string | readonly string[];
  /** Ports of the host that lead to the guest. Default: none. */
  portForwards?: readonly PortForwardOptions[];
  /** The file that passt writes its log to, an absolute path. Default: none. */
  logFile?: string;
  /** The host name that the guest gets by DHCP. Since libvirt 11.8.0. Default: none. */
  hostname?: string;
  /** The full name that the guest gets by DHCP. Since libvirt 11.8.0. Default: none. */
  fqdn?: string;
}

/** A NIC whose connections passt makes. Since libvirt 9.0.0, where it was built with passt. */
export type PasstNicOptions = PasstOptions &
  PlaceOptions &
  (
    | ({
        /** Whether frames go through memory that passt shares with the guest (vhost-user). Default: false. */
        vhostUser?: false;
      } & HardwareOptions<VirtioOptions>)
    | ({
        /**
         * Frames go through memory that passt shares with the guest, whose domain must have shared memory. Since
         * libvirt 11.1.0.
         */
        vhostUser: true;
        /** The hardware that the guest sees. Default: `virtio`. */
        model?: VirtioModel;
      } & VirtioOptions)
  );

const NO_TAP = 'there is no device on the host';

const ELSEWHERE: Elsewhere = {
  target: NO_TAP,
  mtu: NO_TAP,
  bandwidth: NO_TAP,
  filter: NO_TAP,
  vlan: NO_TAP,
  isolatedPort: NO_TAP,
  queues: 'QEMU has one queue there',
};

const NO_FORWARDS = "QEMU's own user network forwards no ports for libvirt; use build.nic.passt";

const common = { ...pluggedFields, ...placeFields, ...virtioFields };

const readUser = record<UserNicOptions>()(
  'a NIC on a user network',
  { ...common, ip: userSubnets },
  {
    ...ELSEWHERE,
    portForwards: NO_FORWARDS,
    dev: "QEMU's own user network is on no device; use build.nic.passt",
    backend: 'use build.nic.passt',
    logFile: 'use build.nic.passt',
  },
);

const readPasst = record<PasstNicOptions>()(
  'a NIC on passt',
  {
    ...common,
    ip: guestAddresses,
    dev: deviceName,
    portForwards: list(portForward),
    logFile: absolutePath,
    hostname: hostName,
    fqdn: dnsName,
    vhostUser: flag,
  },
  { ...ELSEWHERE, ports: 'did you mean portForwards?', source: 'name the device: dev' },
);

/**
 * A NIC on the network that QEMU plays for its guest (slirp): it reaches the world under the host's address, and has DHCP
 * and DNS; the world does not reach it.
 *
 * @example
 * ```ts
 * build.nic.user({ mac: '52:54:00:12:34:56', ip: ['172.17.2.0/24', '2001:db8:ac10:fd01::/64'] })
 * ```
 * ```xml
 * <interface type='user'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <ip address='172.17.2.0' prefix='24'/>
 *   <ip address='2001:db8:ac10:fd01::' family='ipv6' prefix='64'/>
 *   <model type='virtio'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `ip[0]: a prefix of 28 is not possible …`
 * @see https://libvirt.org/formatdomain.html#userspace-connection-using-slirp
 */
export const user = (options: UserNicOptions = {}): NicDocument<UserNic> => {
  const nic = readUser(options, '');
  return nicDocument({
    type: 'user',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardwareMembers(nic),
    ips: nic.ip,
  });
};

/**
 * A NIC whose connections passt makes: the guest has the host's own address, and ports of the host can lead to it.
 *
 * @example
 * ```ts
 * build.nic.passt({
 *   dev: 'eth0',
 *   mac: '52:54:00:12:34:56',
 *   portForwards: [
 *     { protocol: 'tcp', host: 8080, guest: 80 },
 *     { protocol: 'udp', address: '192.0.2.5', host: '5000-5009', exclude: 5005 },
 *   ],
 * })
 * ```
 * ```xml
 * <interface type='user'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source dev='eth0'/>
 *   <portForward proto='tcp'>
 *     <range start='8080' to='80'/>
 *   </portForward>
 *   <portForward proto='udp' address='192.0.2.5'>
 *     <range start='5000' end='5009'/>
 *     <range start='5005' exclude='yes'/>
 *   </portForward>
 *   <model type='virtio'/>
 *   <backend type='passt'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `portForwards[0].host: 0 is not …`
 * @see https://libvirt.org/formatdomain.html#userspace-connection-using-passt
 */
export const passt = (options: PasstNicOptions = {}): NicDocument<UserNic | VhostUserNic> => {
  const nic = readPasst(options, '');
  const { dev, portForwards, logFile, hostname, fqdn, vhostUser } = nic;
  refuseTakenPorts(portForwards ?? [], 'portForwards');
  const hardware = hardwareMembers(nic);
  if (vhostUser && !hardware.model.type.startsWith('virtio'))
    throw new TypeError(`model: ${hardware.model.type} is not possible with vhostUser: true, only virtio`);
  return nicDocument({
    type: vhostUser ? 'vhostuser' : 'user',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardware,
    ips: nic.ip,
    source: dev === undefined ? undefined : { dev },
    portForwards: some(portForwards),
    backend: { type: 'passt' as const, ...present({ logFile, hostname, fqdn }) },
  });
};
