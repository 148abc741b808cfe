// host.addresses: the IP addresses of links.
import { present } from '../build/present.js';
import { flag, record } from '../build/reader.js';
import { deviceArgument } from './link-changes.js';
import { addressMessage, scope } from './netlink/address.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import { device, ip, type Names, shortText, u32 } from './netlink/types.js';
import type { Change } from './operation.js';
import {
  broadcastOf,
  type Family,
  family,
  familyName,
  familyNumber,
  type Prefixed,
  prefixed,
} from './prefix.js';
import type { Rtnetlink } from './rtnetlink.js';

/** How far an address or a route reaches. */
export type Scope = 'global' | 'site' | 'link' | 'host' | 'nowhere';

/** IFA_F_… */
export type AddressFlag = NonNullable<
  NonNullable<ReturnType<typeof addressMessage.read>['attributes']['flags']>
>[number];

/** An IP address of a link. */
export interface Address {
  /** The link that has it. */
  readonly link: string;
  readonly family: Family;
  /** The address: `192.168.10.1`. */
  readonly address: string;
  /** How many leading bits name the subnet. */
  readonly prefix: number;
  /** Both: `192.168.10.1/24`. */
  readonly cidr: string;
  readonly scope?: Scope;
  /** The address at the other end of a point-to-point link. */
  readonly peer?: string;
  /** The address of all on the subnet. */
  readonly broadcast?: string;
  /** A name for it, which begins with the link's. */
  readonly label?: string;
  readonly flags: readonly AddressFlag[];
  /** Seconds that it may be used by new connections, and at all; Infinity for ever. */
  readonly preferredLifetime: number;
  readonly validLifetime: number;
  /** The metric of its subnet's route. */
  readonly metric?: number;
}

/** What an address can be told. */
export interface AddressOptions {
  /** The address of all on the subnet, or `auto` for its last one; none if not given. */
  broadcast?: string;
  /** The address at the other end of a point-to-point link. */
  peer?: string;
  /** A name for it, which begins with the link's: `eth0:web`. IPv4 only. */
  label?: string;
  /** How far it reaches: `host` for 127.0.0.0/8, `global` for others if not given. */
  scope?: Scope;
  /** Seconds that it may be used by new connections; for ever if not given. */
  preferredLifetime?: number;
  /** Seconds that it may be used at all; for ever if not given. */
  validLifetime?: number;
  /** The metric of its subnet's route. */
  metric?: number;
  /** Whether its subnet gets no route. */
  noPrefixRoute?: boolean;
  /** Whether nobody is asked if he has it already. IPv6 only. */
  noDuplicateDetection?: boolean;
}

/** Which addresses are asked for. */
export interface AddressFilter {
  /** Of this link only. */
  link?: string;
  /** Of this family only. */
  family?: Family;
}

const FOREVER = 0xffffffff;

const lifetime = (value: unknown, path: string): number =>
  value === Number.POSITIVE_INFINITY ? FOREVER : u32.input(value, path);

const optionFields = record<AddressOptions>()('an address', {
  broadcast: (value, path) => (value === 'auto' ? 'auto' : ip.input(value, path)),
  peer: ip.input,
  label: shortText(15).input,
  scope: scope.input,
  preferredLifetime: lifetime,
  validLifetime: lifetime,
  metric: u32.input,
  noPrefixRoute: flag,
  noDuplicateDetection: flag,
});

const filterFields = record<AddressFilter>()('a filter of addresses', { link: device.input, family });

/** The address in a message; undefined for one of another family. */
export function readAddress({ payload }: RawMessage, names: Names): Address | undefined {
  const { family: number, prefix, scope: reach, index, attributes } = addressMessage.read(payload, names);
  const { address, local, lifetimes, flags = [], label, broadcast, metric } = attributes;
  const own = local ?? address;
  const version = familyName(number);
  if (own === undefined || version === undefined) return undefined;
  const seconds = (value = FOREVER) => (value === FOREVER ? Number.POSITIVE_INFINITY : value);
  return Object.freeze({
    link: names.nameOf(index) ?? `#${index}`,
    family: version,
    address: own,
    prefix,
    cidr: `${own}/${prefix}`,
    flags,
    preferredLifetime: seconds(lifetimes?.preferred),
    validLifetime: seconds(lifetimes?.valid),
    ...present({
      scope: reach,
      peer: address !== own ? address : undefined,
      broadcast,
      label,
      metric,
    }),
  });
}

const asked = (action: string, link: string, { address, prefix }: Prefixed) => ({
  action,
  object: `address ${address}/${prefix} of '${link}'`,
  device: link,
});

const attributesFor = (own: Prefixed, options: ReturnType<typeof optionFields>) => {
  const { broadcast, peer, label, preferredLifetime, validLifetime, metric } = options;
  const flags = (['noPrefixRoute', 'noDuplicateDetection'] as const).filter((name) => options[name]);
  return present({
    local: own.address,
    address: peer ?? own.address,
    broadcast: broadcast === 'auto' ? broadcastOf(own) : broadcast,
    label,
    lifetimes:
      preferredLifetime === undefined && validLifetime === undefined
        ? undefined
        : {
            preferred: preferredLifetime ?? FOREVER,
            valid: validLifetime ?? FOREVER,
            created: 0,
            updated: 0,
          },
    flags: flags.length > 0 ? flags : undefined,
    metric,
  });
};

function giveAddress(how: 'add' | 'replace', link: string, cidr: string, options: AddressOptions): Change {
  deviceArgument(link, 'link');
  const own = prefixed(cidr, 'cidr');
  const given = optionFields(options, '');
  const reach = given.scope ?? (own.address.startsWith('127.') ? 'host' : 'global');
  return {
    asked: asked(how, link, own),
    request: RTM.NEWADDR,
    write: (names) =>
      addressMessage.write({
        type: RTM.NEWADDR,
        flags: NLM.create | (how === 'add' ? NLM.exclusive : NLM.replace),
        header: {
          family: familyNumber(own.family),
          prefix: own.prefix,
          scope: reach,
          index: names.indexOf(link),
        },
        attributes: attributesFor(own, given),
      }),
    undo: async (kernel) => {
      const before = await findAddress(kernel, link, own);
      return before ? [restoreAddress(before)] : [deleteAddress(link, cidr)];
    },
  };
}

/** Gives a link an address. */
export const addAddress = (link: string, cidr: string, options: AddressOptions = {}): Change =>
  giveAddress('add', link, cidr, options);

/** Gives a link an address, or changes the one that it has. */
export const replaceAddress = (link: string, cidr: string, options: AddressOptions = {}): Change =>
  giveAddress('replace', link, cidr, options);

/** Takes an address from a link. */
export function deleteAddress(link: string, cidr: string): Change {
  deviceArgument(link, 'link');
  const own = prefixed(cidr, 'cidr');
  return {
    asked: asked('delete', link, own),
    request: RTM.DELADDR,
    write: (names) =>
      addressMessage.write({
        type: RTM.DELADDR,
        header: { family: familyNumber(own.family), prefix: own.prefix, index: names.indexOf(link) },
        // Not also IFA_ADDRESS, which is the other end where there is one.
        attributes: { local: own.address },
      }),
    undo: async (kernel) => {
      const before = await findAddress(kernel, link, own);
      return before ? [restoreAddress(before)] : [];
    },
  };
}

const restoreAddress = (before: Address): Change =>
  replaceAddress(
    before.link,
    before.cidr,
    present({
      broadcast: before.broadcast,
      peer: before.peer,
      label: before.label,
      scope: before.scope,
      preferredLifetime: before.preferredLifetime,
      validLifetime: before.validLifetime,
      metric: before.metric,
      noPrefixRoute: before.flags.includes('noPrefixRoute') || undefined,
    }),
  );

async function listAddresses(kernel: Rtnetlink, filter: AddressFilter): Promise<Address[]> {
  const message = addressMessage.write({
    type: RTM.GETADDR,
    flags: NLM.dump,
    header: { family: familyNumber(filter.family) },
  });
  const messages = await kernel.dump(RTM.GETADDR, message, { action: 'list', object: 'addresses' });
  const all = await kernel.read(messages, readAddress);
  return all.filter(
    (one): one is Address => one !== undefined && (filter.link === undefined || one.link === filter.link),
  );
}

const findAddress = async (kernel: Rtnetlink, link: string, { family: version, address, prefix }: Prefixed) =>
  (await listAddresses(kernel, { link, family: version })).find(
    (one) => one.address === address && one.prefix === prefix,
  );

/** The IP addresses of links, as `ip address` shows and changes them. */
export class Addresses {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /**
   * All addresses, or those that a filter lets through; `ip address`.
   *
   * ```ts
   * const [first] = await host.addresses.list({ link: 'br0', family: 'ipv4' });
   * ```
   */
  async list(filter: AddressFilter = {}): Promise<Address[]> {
    return listAddresses(this.#kernel, filterFields(filter, '') as AddressFilter);
  }

  /**
   * Gives a link an address; `ip address add`.
   *
   * @param cidr the address with the prefix length of its subnet; without one it is alone in it.
   * @throws KernelError with code `EEXIST` when it has the address, `ENODEV` when there is no such link.
   *
   * ```ts
   * await host.addresses.add('br0', '192.168.10.1/24', { broadcast: 'auto' });
   * ```
   */
  async add(link: string, cidr: string, options: AddressOptions = {}): Promise<void> {
    await this.#kernel.ask(addAddress(link, cidr, options));
  }

  /** Gives a link an address, or changes the one that it has; `ip address replace`. */
  async replace(link: string, cidr: string, options: AddressOptions = {}): Promise<void> {
    await this.#kernel.ask(replaceAddress(link, cidr, options));
  }

  /** Takes an address from a link; `ip address delete`. Rejects with `EADDRNOTAVAIL` when the link does not have it. */
  async delete(link: string, cidr: string): Promise<void> {
    await this.#kernel.ask(deleteAddress(link, cidr));
  }

  /** Takes all addresses from a link, or those of one family; `ip address flush`. */
  async flush(link: string, of?: Family): Promise<void> {
    const filter = filterFields(present({ link, family: of }), '') as AddressFilter;
    // A secondary address goes with the one before it.
    for (const { cidr } of (await this.list(filter)).reverse()) await this.delete(link, cidr);
  }
}
