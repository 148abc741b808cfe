// Ports of the host that lead to a guest. https://libvirt.org/formatdomain.html#userspace-connection-using-passt
import { integer, oneOf } from '../../xml/codec.js';
import type { PortForward, PortRange } from '../../xml/index.js';
import { formatIp } from '../address/index.js';
import { deviceName } from '../names.js';
import { anyAddress } from '../network/subnet.js';
import { present } from '../present.js';
import { coded, needed, oneOrMany, type Reader, record, show, wrongType } from '../reader.js';

/** A port, 1 to 65535, or a range of ports: `'5000-5009'`. */
export type Ports = number | string;

/** What of the host's ports a forward is about. */
export interface ForwardedFrom {
  /** What the ports are of. */
  protocol: 'tcp' | 'udp';
  /** The host's address to listen on. Default: all of them. */
  address?: string;
  /** The host's device to listen on. Default: all of them. */
  dev?: string;
  /** Ports that do not lead to the guest, among those that would: one, a range, or several of them. Default: none. */
  exclude?: Ports | readonly Ports[];
}

/** Ports of the host that lead to the guest. */
export type PortForwardOptions = ForwardedFrom &
  (
    | {
        /** The port or range of the host. */
        host: Ports;
        /** The port of the guest that the first port of the host leads to. Default: the same number. */
        guest?: number;
      }
    | {
        /** Without it, all ports lead to the guest. */
        host?: never;
        guest?: never;
      }
  );

const EXPECTS = "a port or a range of ports such as '5000-5009'";

const port = coded(integer(1, 65535));

const ports: Reader<{ readonly start: number; readonly end?: number }> = (value, path) => {
  if (typeof value === 'number') return { start: port(value, path) };
  if (typeof value !== 'string') throw wrongType(path, value, EXPECTS);
  const [, first, last] = /^\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?$/.exec(value) ?? [];
  if (first === undefined) throw new RangeError(`${path}: ${show(value)} is not ${EXPECTS}`);
  const start = port(Number(first), path);
  if (last === undefined) return { start };
  const end = port(Number(last), path);
  if (end < start) throw new RangeError(`${path}: ${value} ends before it starts`);
  return { start, end };
};

const address: Reader<string> = (value, path) => formatIp(anyAddress(value, path));

const fields = record<PortForwardOptions>()(
  'a port forward',
  {
    protocol: needed(coded(oneOf('tcp', 'udp'))),
    address,
    dev: deviceName,
    host: ports,
    guest: port,
    exclude: oneOrMany(ports),
  },
  { to: 'did you mean guest?', proto: 'did you mean protocol?', start: 'did you mean host?' },
);

/** {@link PortForwardOptions} as libvirt's `<portForward>`. */
export const portForward: Reader<PortForward> = (value, path) => {
  const { protocol, address, dev, host, guest, exclude = [] } = fields(value, path);
  if (guest !== undefined && !host) throw new TypeError(`${path}.guest: not possible without host`);
  if (host && guest !== undefined) {
    const last = guest + (host.end ?? host.start) - host.start;
    if (last > 65535)
      throw new RangeError(`${path}.guest: ${guest} is too high: the last port would be ${last}`);
  }
  const ranges: PortRange[] = exclude.map((range) => ({ ...range, exclude: true }));
  if (host) ranges.unshift({ ...host, ...present({ to: guest }) });
  return { protocol, ...present({ address, dev }), ...(ranges.length > 0 && { ranges }) };
};

/** Refuses a port of the host that two forwards lead elsewhere: passt would not start. */
export const refuseTakenPorts = (forwards: readonly PortForward[], path: string): void => {
  const seen: { readonly i: number; readonly key: string; readonly start: number; readonly end: number }[] =
    [];
  for (const [i, { protocol, address, dev, ranges = [] }] of forwards.entries()) {
    const [range, excluded] = ranges;
    // What is excluded may well be what another forward is for.
    if (!range || range.exclude || excluded) continue;
    const { start, end = start } = range;
    const key = JSON.stringify([protocol, address, dev]);
    const other = seen.find((one) => one.key === key && start <= one.end && one.start <= end);
    if (other) {
      const text = start === end ? start : `${start}-${end}`;
      throw new RangeError(`${path}[${i}].host: ${text} overlaps ${path}[${other.i}].host`);
    }
    seen.push({ i, key, start, end });
  }
};
