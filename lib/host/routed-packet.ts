// The packet for which a route is asked.
import { record } from '../build/reader.js';
import { deviceArgument } from './device-argument.js';
import { RTM } from './netlink/numbers.js';
import { ipProtocol, routeMessage } from './netlink/route.js';
import { ranged, u8, u16, u32 } from './netlink/types.js';
import { address, BITS, familyNumber } from './prefix.js';
import type { Operation } from './rtnetlink.js';

/** What is known of a packet besides where it goes to: all that rules and routes look at. */
export interface RoutedPacket {
  /** The address that it comes from: of this machine, unless `input` is given. */
  readonly from?: string;
  /** The link that it came in by, to be forwarded; a packet of this machine's own if not given. */
  readonly input?: string;
  /** The link that it has to leave by, as one of a socket that is bound to it. */
  readonly output?: string;
  /** Its mark of netfilter: 0 if not given. */
  readonly mark?: number;
  /** Its type of service (of IPv6: traffic class): 0 if not given. */
  readonly tos?: number;
  /** The user whose socket it is of, by number: the one who asks if not given. */
  readonly user?: number;
  /** The protocol that it carries. */
  readonly ipProtocol?: 'icmp' | 'tcp' | 'udp' | 'icmpv6';
  /** The port that it comes from; with an `ipProtocol` that has ports. */
  readonly sourcePort?: number;
  /** The port that it goes to; with an `ipProtocol` that has ports. */
  readonly destinationPort?: number;
}

const port = ranged(u16, 1, 0xffff).input;
const fields = record<RoutedPacket & { to: string }>()('a packet', {
  to: { needed: address },
  from: address,
  input: deviceArgument,
  output: deviceArgument,
  mark: u32.input,
  tos: u8.input,
  user: u32.input,
  ipProtocol: ipProtocol.input,
  sourcePort: port,
  destinationPort: port,
});

/** RTM_F_LOOKUP_TABLE: of the table that the route is in, and not of the main one. */
const LOOKUP_TABLE = 0x1000;

/** The question which route it takes. */
export function routeQuery(to: string, packet: RoutedPacket): Omit<Operation, 'asked'> {
  const { to: destination, from, tos = 0, input, output, ...rest } = fields({ ...packet, to }, '');
  const { family } = destination;
  if (from && from.family !== family)
    throw new RangeError(`from: ${from.address} and ${destination.address} are not of one family`);
  return {
    request: RTM.GETROUTE,
    write: (names) =>
      routeMessage.write(
        {
          type: RTM.GETROUTE,
          header: {
            family: familyNumber(family),
            destinationPrefix: BITS[family],
            ...(from && { sourcePrefix: BITS[family] }),
            tos,
            // Of IPv6 the table is told in any case.
            flags: family === 'ipv4' ? LOOKUP_TABLE : 0,
          },
          attributes: {
            destination: destination.address,
            ...(from && { source: from.address }),
            ...(input !== undefined && { from: input }),
            ...(output !== undefined && { device: output }),
            ...rest,
          },
        },
        names,
      ),
  };
}
