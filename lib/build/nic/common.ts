// What NICs of every type have, and how a document is made of it. https://libvirt.org/formatdomain.html#network-interfaces
import { form, integer, oneOf } from '../../xml/codec.js';
import type { DeviceBoot, Nic, Teaming } from '../../xml/index.js';
import { randomMac } from '../address/index.js';
import { deepFreeze } from '../freeze.js';
import { mac } from '../network/mac.js';
import { type Present, present } from '../present.js';
import { coded, needed, type Reader, record } from '../reader.js';

/** What every NIC has. */
export interface CommonNicOptions {
  /** The MAC address that the guest sees. Default: a random one in 52:54:00. */
  mac?: string;
  /** What the NIC is called in its domain: `ua-` and letters, digits, `_`, `.`, `-`. Default: libvirt's, `net0` … */
  alias?: string;
}

/** What every NIC has that is plugged into something. */
export interface PluggedNicOptions extends CommonNicOptions {
  /** Whether the cable is plugged in. Default: `up`. */
  link?: 'up' | 'down';
}

/** When the guest tries to boot from a device. */
export interface BootOptions {
  /** The lower, the earlier: 1 and more, a number of its own for each device. */
  order: number;
  /** What the boot loader of an s390 guest gets: one to eight letters, digits, full stops and blanks. */
  loadParm?: string;
}

/** The NIC of a pair that is unplugged during a migration. */
export interface TransientTeamingOptions {
  /** The alias of the NIC that stays. */
  persistent: string;
}

/** A NIC's document, by its type. */
export type NicDocument<N extends Nic = Nic> = { readonly kind: 'domainInterface' } & N;

/** A NIC's name in its domain, as a user gives it. */
export const alias: Reader<string> = coded(
  form('an alias such as ua-uplink', (name) => /^ua-[\w.-]+$/.test(name)),
  "libvirt keeps those that begin with 'ua-'; then ASCII letters, digits and '_', '.', '-'",
);

const link = coded(oneOf('up', 'down'));

/** The readers of {@link CommonNicOptions}. */
export const nicFields = { mac, alias };

/** The readers of {@link PluggedNicOptions}. */
export const pluggedFields = { ...nicFields, link };

const order = coded(integer(1, 0xffffffff));

const bootFields = record<BootOptions>()('a boot order', {
  order: needed(order),
  loadParm: coded(
    form('a load parameter', (text) => /^[a-zA-Z\d. ]{1,8}$/.test(text)),
    'one to eight letters, digits, full stops and blanks',
  ),
});

/** A number, or {@link BootOptions}, as libvirt's `<boot>`. */
export const boot: Reader<DeviceBoot> = (value, path) =>
  typeof value === 'object' ? bootFields(value, path) : { order: order(value, path) };

const transient = record<TransientTeamingOptions>()('a teaming', { persistent: needed(alias) });

/** {@link TransientTeamingOptions} as libvirt's `<teaming>`. */
export const transientTeaming: Reader<Teaming> = (value, path) => ({
  type: 'transient',
  ...transient(value, path),
});

/** A value as the one member of an element, none where there is no value. */
export const wrap = <K extends string, T>(
  key: K,
  value: T | undefined,
): { readonly [P in K]: T } | undefined =>
  value === undefined ? undefined : ({ [key]: value } as { readonly [P in K]: T });

/** The members of a document that the options of every NIC stand for. */
export const nicMembers = ({
  mac,
  alias,
  link,
}: {
  readonly mac?: string;
  readonly alias?: string;
  readonly link?: 'up' | 'down';
}) => ({
  mac: { address: mac ?? randomMac() },
  alias: wrap('name', alias),
  link: wrap('state', link),
});

/** A NIC's document, frozen. Members that are undefined are left out. */
export const nicDocument = <const M extends object>(
  members: M,
): { readonly kind: 'domainInterface' } & Present<M> =>
  deepFreeze({ kind: 'domainInterface' as const, ...present(members) });
