// Networks whose guests reach the world under the host's address.
import { integer } from '../../xml/codec.js';
import type { NetworkDocument, NetworkForward } from '../../xml/index.js';
import { formatIp } from '../address/index.js';
import { deviceName } from '../names.js';
import { present } from '../present.js';
import { coded, flag, needed, type Reader, record, show, text } from '../reader.js';
import { ELSEWHERE, type ForwardedNetworkOptions, forwardedFields, managedNetwork } from './managed.js';
import { addressOf, ends } from './subnet.js';

/** From the first to the last port, both included. */
export interface NatPortsOptions {
  /** The first port, 1 to 65535. */
  start: number;
  /** The last port, not below the first. */
  end: number;
}

/** What the guests' source addresses are translated to. */
export interface NatOptions {
  /** The IPv4 addresses: `'203.0.113.5'`, `'203.0.113.5-203.0.113.9'`. Default: that of the device it leaves by. */
  addresses?: string;
  /** The source ports. Default: libvirt's, 1024 to 65535. */
  ports?: NatPortsOptions;
  /** Whether IPv6 is translated too, instead of being routed. Default: whether the network has IPv6 addresses alone. */
  ipv6?: boolean;
}

/** A network whose guests reach the world under the host's address. */
export interface NatNetworkOptions extends ForwardedNetworkOptions {
  /** The only host device that traffic may leave by. Default: any. */
  dev?: string;
  /** What source addresses are translated to. Default: the address of the device that the traffic leaves by. */
  nat?: NatOptions;
  /** Whether guests may talk IPv6 to each other though the network has no IPv6 address. Default: false. */
  guestIpv6?: boolean;
}

type Nat = NonNullable<NetworkForward['nat']>;

const EXPECTS = "an IPv4 address or a range such as '203.0.113.5-203.0.113.9'";

const natAddresses: Reader<NonNullable<Nat['address']>> = text(EXPECTS, (value, path) => {
  const address = addressOf('ipv4');
  const [first, last] = value.includes('-') ? ends(value, path, EXPECTS) : [value, value];
  const start = address(first, path);
  const end = address(last, path);
  if (end.value < start.value) throw new RangeError(`${path}: ${show(value)} ends before it starts`);
  return { start: formatIp(start), end: formatIp(end) };
});

const port = coded(integer(1, 65535));
const portFields = record<NatPortsOptions>()('a range of ports', { start: needed(port), end: needed(port) });

const natPorts: Reader<NonNullable<Nat['port']>> = (value, path) => {
  const { start, end } = portFields(value, path);
  if (end < start) throw new RangeError(`${path}.end: ${end} is below the start, ${start}`);
  return { start, end };
};

const natFields = record<NatOptions>()(
  'the address translation',
  { addresses: natAddresses, ports: natPorts, ipv6: flag },
  { address: 'did you mean addresses?', port: 'did you mean ports?' },
);

const translation: Reader<Nat> = (value, path) => {
  const { addresses, ports, ipv6 } = natFields(value, path);
  return present({ ipv6, address: addresses, port: ports });
};

const read = record<NatNetworkOptions>()(
  'a nat network',
  { ...forwardedFields, dev: deviceName, nat: translation, guestIpv6: flag },
  ELSEWHERE,
);

/**
 * A network whose guests reach the world under the host's address, and are not reached from there.
 *
 * @example
 * ```ts
 * build.network.nat({ name: 'lab', ip: { cidr: '192.168.10.1/24', dhcp: true } })
 * ```
 * ```xml
 * <network>
 *   <name>lab</name>
 *   <forward mode='nat'/>
 *   <ip address='192.168.10.1' netmask='255.255.255.0'>
 *     <dhcp>
 *       <range start='192.168.10.2' end='192.168.10.254'/>
 *     </dhcp>
 *   </ip>
 * </network>
 * ```
 * @throws TypeError or RangeError whose message begins with the field: `ip.cidr: 192.168.10.300/24 is not …`
 * @see https://libvirt.org/formatnetwork.html#nat-based-network
 */
export const nat = (options: NatNetworkOptions): NetworkDocument => {
  const { dev, nat, guestIpv6, ...network } = read(options, '');
  const { ip } = network;
  const onlyIpv6 = ip.length > 0 && ip.every(({ subnet }) => subnet.family === 'ipv6');
  const translated = onlyIpv6 ? { ipv6: true, ...nat } : nat;
  return managedNetwork(network, {
    forward: present({ mode: 'nat', dev, nat: translated }),
    ipv6: guestIpv6,
  });
};
