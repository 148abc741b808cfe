// Which addresses a DHCP server leases. https://libvirt.org/formatnetwork.html#addressing
import type { DhcpRange } from '../../../xml/index.js';
import {
  type Cidr,
  contains,
  formatIp,
  formatRange,
  type IpAddress,
  type IpRange,
  rangesOverlap,
  usable,
} from '../../address/index.js';
import { type Duration, lease } from '../../duration.js';
import { present } from '../../present.js';
import { list, needed, type Reader, raw, record, wrongType } from '../../reader.js';
import { ends, guestAddress } from '../subnet.js';

/** Addresses to lease: `'192.168.10.100-192.168.10.199'`, or the two ends with a lease time of their own. */
export type DhcpRangeOptions =
  | string
  | {
      /** The first address. */
      start: string;
      /** The last address: libvirt wants it in the same /16 (IPv4) or /112 (IPv6) as the first. */
      end: string;
      /** How long a lease of this range lasts. Default: the `lease` of the server. */
      lease?: Duration;
    };

/** Which addresses to lease: one range, several, or (neither given) all that are left. */
export type DhcpRanges =
  | {
      /**
       * The addresses to lease. It may contain the network's own address, which dnsmasq never leases.
       * Default: all of the subnet but the network's own, within the /16 (IPv4) or /112 (IPv6) of that one.
       */
      range?: DhcpRangeOptions;
      ranges?: never;
    }
  | {
      range?: never;
      /** The addresses to lease; `[]` when only `hosts` shall get addresses. */
      ranges?: readonly DhcpRangeOptions[];
    };

interface Range extends IpRange {
  readonly lease?: NonNullable<DhcpRange['lease']>;
}

const EXPECTS = "a range such as '192.168.10.100-192.168.10.199'";

/** libvirt takes a range whose ends have the same first two bytes, or the same first seven groups. */
const BLOCK = { ipv4: 16, ipv6: 112 } as const;
const blockOf = (address: IpAddress): Cidr => ({ ...address, prefix: BLOCK[address.family] });

const fields = record<Exclude<DhcpRangeOptions, string>>()('a DHCP range', {
  start: needed(raw),
  end: needed(raw),
  lease,
});

const readRange = (subnet: Cidr, value: unknown, path: string): Range => {
  if (typeof value === 'object') {
    const { start, end, ...rest } = fields(value, path);
    return {
      start: guestAddress(subnet, start, `${path}.start`),
      end: guestAddress(subnet, end, `${path}.end`),
      ...rest,
    };
  }
  if (typeof value !== 'string') throw wrongType(path, value, EXPECTS);
  const [start, end] = ends(value, path, EXPECTS);
  return { start: guestAddress(subnet, start, path), end: guestAddress(subnet, end, path) };
};

const rangeIn =
  (subnet: Cidr): Reader<Range> =>
  (value, path) => {
    const range = readRange(subnet, value, path);
    if (range.end.value < range.start.value) {
      throw new RangeError(`${path}: ${formatRange(range)} ends before it starts`);
    }
    if (!contains(blockOf(range.start), range.end)) {
      const size = BLOCK[subnet.family];
      throw new RangeError(
        `${path}: ${formatRange(range)} is too large; libvirt takes ranges within one /${size}`,
      );
    }
    return range;
  };

/** All addresses that guests can have in the gateway's block, before and after the gateway. */
const automatic = (gateway: Cidr): Range[] => {
  const { family, value } = gateway;
  const { start, end } = usable({ ...gateway, prefix: Math.max(gateway.prefix, BLOCK[family]) });
  return [
    { start, end: { family, value: value - 1n } },
    { start: { family, value: value + 1n }, end },
  ].filter((range) => range.start.value <= range.end.value);
};

const print = ({ start, end, lease }: Range, common: Range['lease']): DhcpRange =>
  present({ start: formatIp(start), end: formatIp(end), lease: lease ?? common });

/** The `<range>` elements of a DHCP server's `range` and `ranges`, which stand in `path`. */
export const rangesOf = (
  subnet: Cidr,
  { range, ranges: several, lease }: { range?: unknown; ranges?: unknown; lease?: Range['lease'] },
  path: string,
): readonly DhcpRange[] => {
  if (range !== undefined && several !== undefined) {
    throw new TypeError(`${path}.ranges: not possible beside range; list all of them in ranges`);
  }
  if (range !== undefined) return [print(rangeIn(subnet)(range, `${path}.range`), lease)];
  if (several === undefined) return automatic(subnet).map((each) => print(each, lease));
  const ranges = list(rangeIn(subnet))(several, `${path}.ranges`);
  for (const [i, each] of ranges.entries()) {
    const other = ranges.slice(0, i).findIndex((before) => rangesOverlap(before, each));
    if (other >= 0) {
      const both = `${formatRange(each)} overlaps ${path}.ranges[${other}], ${formatRange(ranges[other] as Range)}`;
      throw new RangeError(`${path}.ranges[${i}]: ${both}`);
    }
  }
  return ranges.map((each) => print(each, lease));
};
