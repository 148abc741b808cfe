// A neighbour as the kernel tells it.
import { present } from '../build/present.js';
import { again, HOW, neighbourAgain } from './again.js';
import { NLM, type RawMessage } from './netlink/message.js';
import { neighbourMessage } from './netlink/neighbour.js';
import { RTM } from './netlink/numbers.js';
import { apart, type Told } from './netlink/retold.js';
import type { Names } from './netlink/types.js';
import type { Change } from './operation.js';
import { ofLink } from './own-name.js';
import { type Family, familyName, familyNumber } from './prefix.js';
import type { Asking } from './rtnetlink.js';

/**
 * What is known of a neighbour: NUD_… of linux/neighbour.h; `none` before it is asked for.
 *
 * @useDeclaredType
 */
export type NeighbourState = 'none' | NonNullable<ReturnType<typeof neighbourMessage.read>['state']>[number];

/** A neighbour: ARP for IPv4, neighbour discovery for IPv6. */
export interface Neighbour {
  /** The link that it is on. */
  readonly link: string;
  /** Of its address. */
  readonly family: Family;
  /** Its IP address. */
  readonly address: string;
  /** Its MAC address, once it is known. */
  readonly mac?: string;
  /** What is known of it. */
  readonly state: NeighbourState;
  /** Whether it routes, IPv6 only. */
  readonly router: boolean;
  /** Whether this machine answers for it. */
  readonly proxy: boolean;
}

/** Which neighbours are asked for. */
export interface NeighbourFilter {
  /** On this link only. */
  link?: string;
  /** Of this family only. */
  family?: Family;
  /** Those that this machine answers for, in place of those that it knows. */
  proxy?: boolean;
}

/** The neighbour in a message; undefined for what is none, as an entry of a bridge's table. */
export function readNeighbour({ payload }: RawMessage, names: Names): Neighbour | undefined {
  const { family: number, index, state = [], flags = [], attributes } = neighbourMessage.read(payload, names);
  const version = familyName(number);
  if (version === undefined || attributes.address === undefined) return undefined;
  return Object.freeze({
    link: names.nameOf(index) ?? `#${index}`,
    family: version,
    address: attributes.address,
    ...present({ mac: attributes.mac }),
    state: state[0] ?? 'none',
    router: flags.includes('router'),
    proxy: flags.includes('proxy'),
  });
}

interface ToldNeighbour {
  readonly neighbour: Neighbour;
  /** Taken apart when it is asked for: of most that are listed nobody does. */
  readonly told: () => Told;
}

/** Makes a neighbour known again with all that was known of it. */
export const restoreNeighbour = ({ neighbour: { address: of, link }, told }: ToldNeighbour): Change =>
  again('NEIGH', `neighbour ${of} on '${link}'`, neighbourAgain(told()), HOW.replace, link);

/** Neighbours that a filter lets through. */
export async function toldNeighbours(
  kernel: Asking,
  { link, family: of, proxy = false }: NeighbourFilter,
): Promise<ToldNeighbour[]> {
  const message = neighbourMessage.write({
    type: RTM.GETNEIGH,
    flags: NLM.dump,
    header: { family: familyNumber(of), flags: proxy ? ['proxy'] : [] },
  });
  const messages = await kernel.dump(RTM.GETNEIGH, message, { action: 'list', object: 'neighbours' });
  const all = await kernel.read(messages, (message, names): ToldNeighbour | undefined => {
    const neighbour = readNeighbour(message, names);
    return neighbour && { neighbour, told: () => apart(message.payload, neighbourMessage) };
  });
  const told = all.filter((one) => one !== undefined);
  return ofLink(kernel, told, link, ({ neighbour }, own) => neighbour.link === own);
}
