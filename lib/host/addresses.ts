// host.addresses: the IP addresses of links.
import { formatIp, networkOf, parseCidr, parseIp } from '../build/address/index.js';
import { present } from '../build/present.js';
import { flag, record, show } from '../build/reader.js';
import {
  type Address,
  type AddressFilter,
  FOREVER,
  naming,
  restoreAddress,
  type Scope,
  said,
  type ToldAddress,
  toldAddresses,
} from './address.js';
import { away } from './again.js';
import { checking } from './checking.js';
import { deviceArgument } from './device-argument.js';
import { KernelError } from './error.js';
import { leaningOn } from './leaning.js';
import { addressMessage, IFA, scope } from './netlink/address.js';
import { NLM } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import { bytesOf, revised } from './netlink/retold.js';
import { ip, shortText, u32 } from './netlink/types.js';
import type { Change } from './operation.js';
import { ownName } from './own-name.js';
import { broadcastOf, type Family, family, familyNumber, type Prefixed, prefixed } from './prefix.js';
import type { Asking, Rtnetlink } from './rtnetlink.js';
import { ofThere } from './there.js';

/** What an address can be told. */
export interface AddressOptions {
  /**
   * The address of all on the subnet, or `auto` for its last one: of the peer's where there is a peer, and none of /31
   * and /32, as `ip` has it; none if not given. IPv4 only.
   */
  broadcast?: string;
  /** The address at the other end of a point-to-point link. */
  peer?: string;
  /** A name for it, which begins with the link's: `eth0:web`. IPv4 only. */
  label?: string;
  /** How far it reaches: `host` for 127.0.0.0/8, `global` for others if not given. */
  scope?: Scope;
  /** Seconds that it may be used by new connections, at most `validLifetime`, which it is if not given. */
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

type Options = ReturnType<typeof optionFields>;

const filterFields = record<AddressFilter>()('a filter of addresses', { link: deviceArgument, family });

/** Checks the address of a link. */
const checkedAddress = (action: string, request: number, link: string, cidr: string): Prefixed =>
  checking(
    () => ({ action, object: `address ${cidr} of '${link}'`, device: link }),
    request,
    () => {
      deviceArgument(link, 'link');
      return prefixed(cidr, 'cidr');
    },
  );

const asked = (action: string, link: string, { address, prefix }: Prefixed) => ({
  action,
  object: `address ${address}/${prefix} of '${link}'`,
  device: link,
});

/** Throws where the options do not go together with the address. */
function refuseUnfit(own: Prefixed, { broadcast, peer, label, ...lifetimes }: Options): void {
  for (const [name, value] of Object.entries({ broadcast, label })) {
    if (value !== undefined && own.family === 'ipv6')
      throw new RangeError(`${name}: an address of IPv6 has none`);
  }
  for (const [name, value] of Object.entries({ broadcast, peer })) {
    const version = value === undefined || value === 'auto' ? own.family : parseIp(value)?.family;
    if (version !== own.family)
      throw new RangeError(`${name}: ${show(value)} is not of ${own.family}, as ${own.address} is`);
  }
  const { preferredLifetime = 0, validLifetime = FOREVER } = lifetimes;
  if (preferredLifetime > validLifetime)
    throw new RangeError('preferredLifetime: longer than validLifetime, after which it is not used at all');
}

/** Throws where a label does not begin with the name of its link, by which others know whose it is. */
async function refuseLabel(
  kernel: Asking,
  how: string,
  link: string,
  own: Prefixed,
  label: string,
): Promise<void> {
  if (label.startsWith(link)) return;
  const name = await ownName(kernel, link);
  const refuse = () => {
    if (!label.startsWith(name))
      throw new RangeError(
        `label: ${show(label)} does not begin with the name of its link, as ${name}:web does`,
      );
  };
  checking(() => asked(how, link, own), RTM.NEWADDR, refuse);
}

/** The last address of a subnet that has more than two. */
const lastOf = ({ prefix, ...own }: Prefixed, peer = own.address): string | undefined =>
  prefix < 31 ? broadcastOf({ ...own, address: peer, prefix }) : undefined;

const attributesFor = (own: Prefixed, options: Options) => {
  const { broadcast, peer, label, preferredLifetime, validLifetime, metric } = options;
  const flags = (['noPrefixRoute', 'noDuplicateDetection'] as const).filter((name) => options[name]);
  return present({
    local: own.address,
    address: peer ?? own.address,
    broadcast: broadcast === 'auto' ? lastOf(own, peer) : broadcast,
    label,
    lifetimes:
      preferredLifetime === undefined && validLifetime === undefined
        ? undefined
        : {
            preferred: preferredLifetime ?? validLifetime ?? FOREVER,
            valid: validLifetime ?? FOREVER,
            created: 0,
            updated: 0,
          },
    flags: flags.length > 0 ? flags : undefined,
    metric,
  });
};

function giveAddress(how: 'add' | 'replace', link: string, cidr: string, options: AddressOptions): Change {
  const own = checkedAddress(how, RTM.NEWADDR, link, cidr);
  const given = checking(
    () => asked(how, link, own),
    RTM.NEWADDR,
    () => {
      const fields = optionFields(options, '');
      refuseUnfit(own, fields);
      return fields;
    },
  );
  const { label } = given;
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
    ...(label !== undefined && { check: (kernel: Asking) => refuseLabel(kernel, how, link, own, label) }),
    whole: true,
    undo: async (kernel) => {
      const before =
        how === 'add'
          ? undefined
          : find(await toldAddresses(kernel, { link }), own, given.peer ?? own.address);
      // The kernel takes no metric from an address of IPv6: the address is made anew then, and not its route.
      const keepsMetric = own.family === 'ipv6' && given.metric !== undefined && !before?.address.metric;
      if (before && !keepsMetric) return restoreAddress(before, true);
      // With the last address of a link goes what leans on any.
      const usual = before && restoreAddress(withMetric(before, USUAL_METRIC), true);
      return [
        ...(usual ?? []),
        removal(link, own, given.peer),
        ...(before ? restoreAddress(before) : []),
        ...(await leaningOn(kernel, link, own)),
      ];
    },
  };
}

/** Gives a link an address. */
export const addAddress = (link: string, cidr: string, options: AddressOptions = {}): Change =>
  giveAddress('add', link, cidr, options);

/** Gives a link an address, or changes the one that it has. */
export const replaceAddress = (link: string, cidr: string, options: AddressOptions = {}): Change =>
  giveAddress('replace', link, cidr, options);

/** Takes away an address of which is known whether it has another end. */
const removal = (link: string, own: Prefixed, peer = own.address): Change => ({
  asked: asked('delete', link, own),
  request: RTM.DELADDR,
  write: (names) =>
    addressMessage.write({
      type: RTM.DELADDR,
      header: { family: familyNumber(own.family), prefix: own.prefix, index: names.indexOf(link) },
      // Without IFA_ADDRESS, which has to be that of the other end, the kernel does not look at the prefix of IPv4.
      attributes: { local: own.address, address: peer },
    }),
  whole: true,
});

/** Takes an address from a link. */
export function deleteAddress(link: string, cidr: string): Change {
  const own = checkedAddress('delete', RTM.DELADDR, link, cidr);
  let change = removal(link, own);
  return {
    ...change,
    check: async (kernel) => {
      const before = find(await toldAddresses(kernel, { link, family: own.family }), own);
      change = removal(link, own, before?.address.peer);
    },
    write: (names) => change.write(names),
    undo: async (kernel) => {
      const all = await toldAddresses(kernel, { link, family: own.family });
      const before = find(all, own);
      if (!before) return [];
      // Those of the same subnet that came after it go with it, or one of them takes its place.
      const after = before.address.flags.includes('secondary')
        ? []
        : all.filter(({ address }) => isSecondaryOf(address, own));
      return [
        ...after.map(({ address, told }) => away('ADDR', said(address), naming(told()))),
        ...[before, ...after].flatMap((one) => restoreAddress(one)),
        ...(await leaningOn(kernel, link, own)),
      ];
    },
  };
}

/** IP6_RT_PRIO_ADDRCONF: of a subnet's route whose address has none. */
const USUAL_METRIC = 256;

const withMetric = ({ address, told }: ToldAddress, metric: number): ToldAddress => ({
  address,
  told: () => revised(told(), {}, [[IFA.metric, bytesOf(metric)]]),
});

const inOneSubnet = (addresses: readonly string[], prefix: number): boolean => {
  const subnets = addresses.map((one) => parseCidr(`${one}/${prefix}`));
  return new Set(subnets.map((one) => one && formatIp(networkOf(one)))).size === 1;
};

const isSecondaryOf = ({ flags, address, prefix }: Address, own: Prefixed): boolean =>
  flags.includes('secondary') && prefix === own.prefix && inOneSubnet([address, own.address], prefix);

/** The first that is it; of IPv4 a link may have it several times, with other ends in several subnets. */
const find = (all: readonly ToldAddress[], own: Prefixed, end?: string): ToldAddress | undefined =>
  all.find(
    ({ address: { address, prefix, peer = address } }) =>
      address === own.address &&
      prefix === own.prefix &&
      (end === undefined || own.family === 'ipv6' || inOneSubnet([peer, end], prefix)),
  );

/** The IP addresses of links, as `ip address` shows and changes them. */
export class Addresses {
  readonly #kernel: Rtnetlink;

  /** @internal */
  constructor(kernel: Rtnetlink) {
    this.#kernel = kernel;
  }

  /**
   * All addresses, or those that a filter lets through; `ip address`. Rejects with `ENODEV` when there is no such link.
   *
   * ```ts
   * const [first] = await host.addresses.list({ link: 'br0', family: 'ipv4' });
   * ```
   */
  async list(filter: AddressFilter = {}): Promise<Address[]> {
    const what = { action: 'list', object: 'addresses', device: filter.link };
    const checked = checking(
      () => what,
      RTM.GETADDR,
      () => filterFields(filter, ''),
    ) as AddressFilter;
    const all = await toldAddresses(this.#kernel, checked);
    return (await ofThere(this.#kernel, all, checked.link, what)).map(({ address }) => address);
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
    await this.#make(addAddress(link, cidr, options));
  }

  /** Gives a link an address, or changes the one that it has; `ip address replace`. */
  async replace(link: string, cidr: string, options: AddressOptions = {}): Promise<void> {
    await this.#make(replaceAddress(link, cidr, options));
  }

  /**
   * Takes an address from a link; `ip address delete`. Rejects with `EADDRNOTAVAIL` when the link does not have it with
   * that prefix length.
   */
  async delete(link: string, cidr: string): Promise<void> {
    await this.#make(deleteAddress(link, cidr));
  }

  /**
   * Takes all addresses from a link, or those of one family; `ip address flush`. Rejects with `ENODEV` when there is no
   * such link.
   */
  async flush(link: string, of?: Family): Promise<void> {
    const filter = present({ link, family: of }) as AddressFilter;
    // A secondary address goes with the one before it.
    for (const { family: version, address, prefix, peer } of (await this.list(filter)).reverse())
      await this.#kernel.ask(removal(link, { family: version, address, prefix }, peer)).catch(unlessGone);
  }

  async #make(change: Change): Promise<void> {
    await change.check?.(this.#kernel, []);
    await this.#kernel.ask(change);
  }
}

/** Somebody else may have taken an address away meanwhile. */
function unlessGone(error: unknown): void {
  if (!(error instanceof KernelError) || error.code !== 'EADDRNOTAVAIL') throw error;
}
