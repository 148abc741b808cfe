// What plain JavaScript gets for input that the types forbid, and everybody for values that types cannot tell: tables of
// options with the error that each must be refused with.
import { expect, test } from 'vitest';
import { build } from '../../../../lib/build/index.js';

export type Mode = keyof typeof build.network;

/** The smallest options of each mode. */
export const smallest: Record<Mode, object> = {
  isolated: { name: 'a' },
  routed: { name: 'a', ip: '10.0.0.1/24' },
  nat: { name: 'a', ip: '10.0.0.1/24' },
  open: { name: 'a', ip: '10.0.0.1/24' },
  bridged: { name: 'a', bridge: 'br0' },
  openvswitch: { name: 'a', bridge: 'ovsbr0' },
  macvtap: { name: 'a', mode: 'bridge', dev: 'eth0' },
  hostdev: { name: 'a', pf: 'eth0' },
};

export const make = (mode: Mode, options: unknown): unknown =>
  (build.network[mode] as (options: unknown) => unknown)(options);

export type Row = readonly [options: object, error: typeof TypeError | typeof RangeError, message: string];

/** Each row is added to the smallest options and must be refused in exactly these words. */
export const refusedBy = (
  name: string,
  make: (options: object) => unknown,
  least: object,
  rows: readonly Row[],
): void => {
  test.each(rows)(`${name} %j`, (options, error, message) => {
    expect(() => make({ ...least, ...options })).toThrow(new error(message));
  });
};

/** Each row is added to the mode's smallest options and must be refused in exactly these words. */
export const refused = (mode: Mode, rows: readonly Row[]): void =>
  refusedBy(mode, (options) => make(mode, options), smallest[mode], rows);
