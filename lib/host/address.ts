// An address as the kernel tells it.
import { present } from '../build/present.js';
import { addressAgain, again, HOW } from './again.js';
import { addressMessage, IFA } from './netlink/address.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import { apart, type Told } from './netlink/retold.js';
import type { Names } from './netlink/types.js';
import type { Change } from './operation.js';
import { ofLink } from './own-name.js';
import { type Family, familyName, familyNumber } from './prefix.js';
import type { Asking } from './rtnetlink.js';

/** How far an address or a route reaches. */
export type Scope = 'global' | 'site' | 'link' | 'host' | 'nowhere';

/**
 * What is set of an address: IFA_F_… of linux/if_addr.h.
 *
 * @useDeclaredType
 */
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
  /** How far it reaches; none where the kernel has a number that has no name here. */
  readonly scope?: Scope;
  /** The address at the other end of a point-to-point link. */
  readonly peer?: string;
  /** The address of all on the subnet. */
  readonly broadcast?: string;
  /** A name for it, which begins with the link's. */
  readonly label?: string;
  /** IFA_F_… that are set. */
  readonly flags: readonly AddressFlag[];
  /** Seconds that new connections may still use it, Infinity for ever; `preferred_lft` of `ip address`. */
  readonly preferredLifetime: number;
  /** Seconds that it may be used at all, Infinity for ever; `valid_lft` of `ip address`. */
  readonly validLifetime: number;
  /** The metric of its subnet's route. */
  readonly metric?: number;
}

/** Which addresses are asked for. */
export interface AddressFilter {
  /** Of this link only. */
  link?: string;
  /** Of this family only. */
  family?: Family;
}

/** For ever, in seconds. */
export const FOREVER = 0xffffffff;

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

/** An address, and what the kernel told of it. */
export interface ToldAddress {
  readonly address: Address;
  /** Taken apart when it is asked for: of most that are listed nobody does. */
  readonly told: () => Told;
}

/** All addresses that a filter lets through. */
export async function toldAddresses(
  kernel: Asking,
  { link, family: of }: AddressFilter,
): Promise<ToldAddress[]> {
  const message = addressMessage.write({
    type: RTM.GETADDR,
    flags: NLM.dump,
    header: { family: familyNumber(of) },
  });
  const messages = await kernel.dump(RTM.GETADDR, message, { action: 'list', object: 'addresses' });
  const all = await kernel.read(messages, (message, names): ToldAddress | undefined => {
    const address = readAddress(message, names);
    return address && { address, told: () => apart(message.payload, addressMessage) };
  });
  const told = all.filter((one) => one !== undefined);
  return ofLink(kernel, told, link, ({ address }, own) => address.link === own);
}

/** What it is called in errors. */
export const said = ({ link, cidr }: Address): string => `address ${cidr} of '${link}'`;

/** What of it names an address. */
export const naming = ({ header, attributes }: Told): Told => ({
  header,
  attributes: attributes.filter(([number]) => number === IFA.local || number === IFA.address),
});

/** Gives a link an address again with all that it had; `instead` of the one that it has. */
export const restoreAddress = ({ address, told }: ToldAddress, instead = false): Change[] =>
  addressAgain(told(), instead).map((one, i) =>
    again('ADDR', said(address), one, instead || i > 0 ? HOW.replace : HOW.append, address.link),
  );
