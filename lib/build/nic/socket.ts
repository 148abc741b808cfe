// NICs whose cable is a socket of QEMU's: frames go to other QEMUs, of this host or of others, and nowhere else. Anybody can
// have them, not only root. https://libvirt.org/formatdomain.html#multicast-tunnel
import { integer } from '../../xml/codec.js';
import type { ClientNic, MulticastNic, ServerNic, UdpNic } from '../../xml/index.js';
import { parseIpv4 } from '../address/index.js';
import { ipv4Text } from '../network/subnet.js';
import { present } from '../present.js';
import { coded, type Elsewhere, needed, type Reader, record } from '../reader.js';
import {
  type NicDocument,
  nicDocument,
  nicMembers,
  type PluggedNicOptions,
  pluggedFields,
} from './common.js';
import { type HardwareOptions, hardwareMembers, type VirtioOptions, virtioFields } from './hardware.js';
import { type PlaceOptions, placeFields, placeMembers } from './place.js';

/** What every NIC has whose cable is a socket. */
export type SocketNicOptions = PluggedNicOptions & PlaceOptions & HardwareOptions<VirtioOptions>;

/** An IPv4 address and a port. */
export interface EndpointOptions {
  /** The IPv4 address. */
  address: string;
  /** The port, 1 to 65535. */
  port: number;
}

/** A NIC on the network of all NICs that have one multicast group. */
export type MulticastNicOptions = SocketNicOptions & {
  /** The group: an IPv4 address of 224.0.0.0/4. */
  group: string;
  /** The port, 1 to 65535. */
  port: number;
};

/** A NIC that waits for the NICs of other guests over TCP. */
export type TcpServerNicOptions = SocketNicOptions & {
  /** The IPv4 address of the host to listen on. Default: all of them. */
  listen?: string;
  /** The port to listen on, 1 to 65535. */
  port: number;
};

/** A NIC that is connected to that of another guest over TCP. */
export type TcpClientNicOptions = SocketNicOptions & {
  /** The IPv4 address of the server's host. */
  server: string;
  /** The port that the server listens on, 1 to 65535. */
  port: number;
};

/** A NIC at one end of a UDP tunnel. */
export type UdpNicOptions = SocketNicOptions & {
  /** Where frames go to: the `local` of the other end. */
  remote: EndpointOptions;
  /** Where frames come to. */
  local: EndpointOptions;
};

const port = needed(coded(integer(1, 65535)));

const endpoint = (what: string) =>
  needed(record<EndpointOptions>()(what, { address: needed(ipv4Text), port }));

const group: Reader<string> = (value, path) => {
  const address = ipv4Text(value, path);
  const number = parseIpv4(address)?.value ?? 0n;
  if (number >> 28n !== 0xen)
    throw new RangeError(
      `${path}: ${address} is not a multicast group: those are 224.0.0.0 to 239.255.255.255`,
    );
  return address;
};

const NO_DEVICE = 'its cable is a socket: there is no device on the host';

const ELSEWHERE: Elsewhere = {
  target: NO_DEVICE,
  mtu: NO_DEVICE,
  bandwidth: NO_DEVICE,
  filter: NO_DEVICE,
  vlan: NO_DEVICE,
  isolatedPort: NO_DEVICE,
  queues: 'QEMU has one queue there',
  ip: 'nobody gives addresses there',
  source: 'its parts stand for themselves',
};

const common = { ...pluggedFields, ...placeFields, ...virtioFields };

const readMulticast = record<MulticastNicOptions>()(
  'a multicast NIC',
  { ...common, group: needed(group), port },
  ELSEWHERE,
);
const readServer = record<TcpServerNicOptions>()(
  'a NIC that is a TCP server',
  { ...common, listen: ipv4Text, port },
  ELSEWHERE,
);
const readClient = record<TcpClientNicOptions>()(
  'a NIC that is a TCP client',
  { ...common, server: needed(ipv4Text), port },
  ELSEWHERE,
);
const readUdp = record<UdpNicOptions>()(
  'a UDP NIC',
  {
    ...common,
    remote: endpoint('the remote end of a UDP tunnel'),
    local: endpoint('the local end of a UDP tunnel'),
  },
  { ...ELSEWHERE, port: 'it belongs in remote: { address: …, port: … }' },
);

/**
 * A NIC on the network of all NICs, on whatever host, that have one multicast group and port.
 *
 * @example
 * ```ts
 * build.nic.multicast({ group: '230.0.0.1', port: 5558, mac: '52:54:00:12:34:56' })
 * ```
 * ```xml
 * <interface type='mcast'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source address='230.0.0.1' port='5558'/>
 *   <model type='virtio'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `group: 10.0.0.1 is not a multicast group …`
 * @see https://libvirt.org/formatdomain.html#multicast-tunnel
 */
export const multicast = (options: MulticastNicOptions): NicDocument<MulticastNic> => {
  const nic = readMulticast(options, '');
  return nicDocument({
    type: 'mcast',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardwareMembers(nic),
    source: { address: nic.group, port: nic.port },
  });
};

/**
 * A NIC that waits for those of other guests, made by `build.nic.tcpClient`: it is the hub of their network.
 *
 * @example
 * ```ts
 * build.nic.tcpServer({ listen: '192.0.2.1', port: 5558, mac: '52:54:00:12:34:56' })
 * ```
 * ```xml
 * <interface type='server'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source address='192.0.2.1' port='5558'/>
 *   <model type='virtio'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `port: 0 is not …`
 * @see https://libvirt.org/formatdomain.html#tcp-tunnel
 */
export const tcpServer = (options: TcpServerNicOptions): NicDocument<ServerNic> => {
  const nic = readServer(options, '');
  return nicDocument({
    type: 'server',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardwareMembers(nic),
    source: { port: nic.port, ...present({ address: nic.listen }) },
  });
};

/**
 * A NIC that is connected to one made by `build.nic.tcpServer`, whose guest must run.
 *
 * @example
 * ```ts
 * build.nic.tcpClient({ server: '192.0.2.1', port: 5558, mac: '52:54:00:12:34:57' })
 * ```
 * ```xml
 * <interface type='client'>
 *   <mac address='52:54:00:12:34:57'/>
 *   <source address='192.0.2.1' port='5558'/>
 *   <model type='virtio'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `server: 10.0.0.300 is not …`
 * @see https://libvirt.org/formatdomain.html#tcp-tunnel
 */
export const tcpClient = (options: TcpClientNicOptions): NicDocument<ClientNic> => {
  const nic = readClient(options, '');
  return nicDocument({
    type: 'client',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardwareMembers(nic),
    source: { address: nic.server, port: nic.port },
  });
};

/**
 * A NIC at one end of a UDP tunnel: frames go to `remote` and come to `local`.
 *
 * @example
 * ```ts
 * build.nic.udp({
 *   remote: { address: '192.0.2.2', port: 11115 },
 *   local: { address: '192.0.2.1', port: 11116 },
 *   mac: '52:54:00:12:34:56',
 * })
 * ```
 * ```xml
 * <interface type='udp'>
 *   <mac address='52:54:00:12:34:56'/>
 *   <source address='192.0.2.2' port='11115'>
 *     <local address='192.0.2.1' port='11116'/>
 *   </source>
 *   <model type='virtio'/>
 * </interface>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `local.port: 0 is not …`
 * @see https://libvirt.org/formatdomain.html#udp-unicast-tunnel
 */
export const udp = (options: UdpNicOptions): NicDocument<UdpNic> => {
  const nic = readUdp(options, '');
  return nicDocument({
    type: 'udp',
    ...nicMembers(nic),
    ...placeMembers(nic),
    ...hardwareMembers(nic),
    source: { ...nic.remote, local: nic.local },
  });
};
