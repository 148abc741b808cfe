// One link, as the kernel tells it.
import { present } from '../build/present.js';
import { describe } from './device-argument.js';
import { linkMessage, linkSummary } from './netlink/info.js';
import type { BondMemberFacts, BridgePortFacts, KindFacts, LinkKind } from './netlink/kinds.js';
import { kindTables } from './netlink/kinds.js';
import type { LinkFacts, LinkFlag } from './netlink/link.js';
import type { RawMessage } from './netlink/message.js';
import { RTM } from './netlink/numbers.js';
import type { Names } from './netlink/types.js';
import { type Asking, byName } from './rtnetlink.js';

const ENODEV = 19;

/** ARPHRD_… of include/uapi/linux/if_arp.h, those that a virtualization host meets. */
const hardware: Readonly<Record<number, string>> = {
  1: 'ether',
  32: 'infiniband',
  512: 'ppp',
  768: 'ipip',
  769: 'ip6ip6',
  772: 'loopback',
  776: 'sit',
  778: 'gre',
  823: 'ip6gre',
  824: 'netlink',
  65534: 'none',
};

/** What every link has, whatever its kind. */
export interface LinkBase extends Omit<LinkFacts, 'name' | 'mtu' | 'altNames' | 'master'> {
  /** The number that the kernel gave it. */
  readonly index: number;
  /** Its name. */
  readonly name: string;
  /** What it carries, as in `ether` or `loopback`; the number of ARPHRD_… where there is no word for it. */
  readonly type: string;
  /** Whether somebody has set it up. */
  readonly up: boolean;
  /** IFF_… that are set. */
  readonly flags: readonly LinkFlag[];
  /** The most bytes that a frame carries, without the header of Ethernet. */
  readonly mtu: number;
  /** Other names of it. */
  readonly altNames: readonly string[];
  /** The bridge or bond that it is in. */
  readonly master?: string;
  /** The link that it stands on, unless that is in another namespace. */
  readonly link?: string;
  /** The kernel's word for its kind; a physical device has none. */
  readonly kindName?: string;
  /** What its bridge says of it, when it is in one. */
  readonly bridgePort?: BridgePortFacts;
  /** What its bond says of it, when it is in one. */
  readonly bondMember?: BondMemberFacts;
}

/** A link of one kind. */
export type LinkOf<K extends LinkKind> = LinkBase & {
  /** Its kind. */
  readonly kind: K;
  /** What the kernel says of a link of this kind. */
  readonly options: KindFacts<K>;
};

/**
 * A network device: physical, or a bridge, a tap, a VLAN … by `kind`. Physical ones, and those of kinds that virtnet has
 * no options of, have no `kind`.
 */
export type Link =
  | { [K in LinkKind]: LinkOf<K> }[LinkKind]
  | (LinkBase & { readonly kind?: undefined; readonly options?: undefined });

const isKnown = (kind: string | undefined): kind is LinkKind =>
  kind !== undefined && Object.hasOwn(kindTables, kind);

/** Attributes that a link does not have as they are told. */
const interpreted = new Set(['info', 'altNames', 'linkIndex', 'master']);

/** The link in a message. */
export function readLink({ payload }: RawMessage, names: Names): Link {
  const { index, type, flags, attributes } = linkMessage.read(payload, names);
  const { info, altNames, linkIndex, linkNetnsId, master, name = '', mtu = 0 } = attributes;
  // Of another namespace the index says nothing here.
  const link = linkIndex === undefined || linkNetnsId !== undefined ? undefined : names.nameOf(linkIndex);
  const { kind: kindName, options = {}, portKind, port } = info ?? {};
  // One object from the beginning: to copy that many members again and again takes longer than to read them.
  const found: Record<string, unknown> = { index, name, mtu };
  for (const key of Object.keys(attributes))
    if (!interpreted.has(key)) found[key] = attributes[key as keyof typeof attributes];
  const members = present({
    linkIndex: linkIndex === 0 ? undefined : linkIndex,
    link: link === name ? undefined : link,
    master: master ?? undefined,
    kindName,
    kind: isKnown(kindName) ? kindName : undefined,
    options: isKnown(kindName) ? options : undefined,
    bridgePort: portKind === 'bridge' ? port : undefined,
    bondMember: portKind === 'bond' ? port : undefined,
    type: hardware[type] ?? String(type),
    up: flags.includes('up'),
    flags,
    altNames: altNames?.names ?? [],
  });
  return Object.freeze(Object.assign(found, members)) as unknown as Link;
}

/** The one of that name among some, be it its own or another one. */
export const linkNamed = (links: readonly Link[], name: string): Link | undefined =>
  links.find((link) => link.name === name || link.altNames.includes(name));

/** For the error about a link that is of another kind. */
export const notOf = ({ kindName, type }: Link, kind: string): string =>
  `it is a ${kindName ?? type} and not a ${kind}`;

/** Index and name alone: far cheaper, for what refers to them. */
export function readName({ payload }: RawMessage): readonly [name: string, index: number] {
  const { index, attributes } = linkSummary.read(payload);
  return [attributes.name ?? '', index];
}

/** A link as it is now; undefined when there is none. */
export async function lookUp(kernel: Asking, name: string): Promise<Link | undefined> {
  const asked = { action: 'look for', object: describe(name), device: name };
  const [outcome] = await kernel.send([{ asked, request: RTM.GETLINK, write: () => byName(name) }]);
  if (!outcome || outcome.ending.errno === ENODEV) return undefined;
  const [found] = await kernel.read(outcome.messages, readLink);
  return found;
}
