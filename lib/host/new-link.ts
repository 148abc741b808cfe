// A link that is to be made, as somebody asks for it: checked, and said as the kernel takes it.
import { flag, type Reader, record } from '../build/reader.js';
import { describe } from './device-argument.js';
import type { Asked } from './error.js';
import {
  type KindOptions,
  kindTables,
  type LinkKind,
  type MacvlanOptions,
  type PeerOptions,
  standing,
} from './netlink/kinds.js';
import { type LinkSettings, linkIndex, linkRows } from './netlink/link.js';
import { named, u8 } from './netlink/types.js';

/**
 * Kinds that are made by netlink; a tap or tun is made by `host.taps`.
 *
 * @useDeclaredType
 */
export type CreatableKind = Exclude<LinkKind, 'tun'>;

/** What a link can be told when it is made, whatever its kind. */
export interface NewLinkSettings
  extends Omit<LinkSettings, 'altNames' | 'altName' | 'extended' | 'carrier' | 'addressGeneration'> {
  /** Whether to set it up: false if not given. */
  up?: boolean;
  /** Its number; the kernel's next one if not given. */
  index?: number;
}

/** A link to be made. */
export type NewLink = {
  [K in CreatableKind]: NewLinkSettings & {
    /** What to make. */
    kind: K;
    /** What the link is told of its kind. */
    options?: KindOptions<K>;
  };
}[CreatableKind];

/** How what a link can be told, whatever its kind, is checked. */
export const settingInputs = Object.fromEntries(
  Object.entries(linkRows)
    .filter(([, { access }]) => access !== 'told')
    .map(([name, { type }]) => [name, type.input]),
);
const {
  altNames: _names,
  altName: _name,
  extended: _extended,
  carrier: _carrier,
  addressGeneration: _generation,
  ...common
} = settingInputs;

const creatable = Object.fromEntries(
  Object.keys(kindTables)
    .filter((kind) => kind !== 'tun')
    .map((kind, i) => [kind, i]),
) as Record<CreatableKind, number>;

/** Checks a kind of links that can be made. */
export const kindInput = named(u8, creatable).input;

const newLink = record<NewLink>()(
  'a link',
  {
    ...common,
    kind: { needed: kindInput },
    options: (value: unknown) => value,
    up: flag,
    index: linkIndex.input,
  } as never,
  {
    address: 'mac is its MAC address; IP addresses are added by host.addresses.add',
    addressGeneration:
      'a link that is there is told it: host.links.set(NAME, { addressGeneration, up: true })',
    peer: 'the other end of a veth is one of its options: options: { peer: { name } }',
  },
) as Reader<NewLink>;

/**
 * Throws for what a link that goes to another network namespace cannot be told here: the kernel takes the number of a
 * master for one of there, and all of IPv6 begins anew.
 */
export function refuseFromHere({
  netns,
  master,
  addressGeneration,
}: Pick<LinkSettings, 'netns' | 'master' | 'addressGeneration'>): void {
  if (netns === undefined) return;
  const elsewhere = 'and this one goes to another: host.in(netns).links.set';
  if (master) throw new TypeError(`master: a link has its master in its own network namespace, ${elsewhere}`);
  if (addressGeneration)
    throw new TypeError(`addressGeneration: a link keeps it in its network namespace, ${elsewhere}`);
}

/** What is asked for, as it is sent. */
export function checkedLink(options: NewLink) {
  const { kind, options: given, link, ...settings } = newLink(options, '');
  if (standing.has(kind) && link === undefined) {
    throw new TypeError(`link: missing; a ${kind} stands on another link`);
  }
  refuseFromHere(settings);
  const own: KindSettings = kindTables[kind].reader(`a ${kind}`)(given ?? {}, 'options');
  refuseSources(kind, own);
  return { kind, ...settings, ...footing(kind, own, link) };
}

/** What is told of a kind, as far as it is looked at here. */
type KindSettings = { link?: string; peer?: PeerOptions } & Pick<MacvlanOptions, 'mode' | 'macAction'>;

/** Where the kernel looks for the link that another stands on: of tunnels it is one of their options, most have none. */
function footing(
  kind: LinkKind,
  own: KindSettings,
  link: string | undefined,
): { own: KindSettings; link?: string } {
  if (link === undefined) return { own };
  if (standing.has(kind)) return { own, link };
  if (!('link' in kindTables[kind].rows))
    throw new TypeError(`link: one of the kind ${kind} stands on no other link`);
  if (own.link !== undefined && own.link !== link)
    throw new TypeError(`link: ${link} is not ${own.link}, which options.link says`);
  return { own: { ...own, link } };
}

/** Addresses to take frames of are those of the mode `source`. */
function refuseSources(kind: LinkKind, { mode = 'vepa', macAction }: KindSettings): void {
  if (macAction === undefined || mode === 'source') return;
  throw new RangeError(
    `options.mode: a ${kind} of the mode ${mode} takes frames of all; addresses are those of source`,
  );
}

function whereTo({ netns, master }: NewLink): string | undefined {
  if (netns !== undefined) return `in network namespace '${netns}'`;
  return typeof master === 'string' ? `as a port of '${master}'` : undefined;
}

/** What is asked for, for errors. */
export function creating(link: NewLink): Asked {
  const { kind, name = `${kind}%d` } = link;
  return { action: 'create', object: describe(name, kind), toward: whereTo(link), device: name };
}
