// How a NIC is named, and found by that name in what runs and in the configuration.
import { formatPciAddress, parsePciAddress } from '../../build/network/pci.js';
import { LibvirtError } from '../../errors.js';
import { show } from '../../xml/fault.js';
import type { Affect, Half } from '../affect.js';
import { words } from '../done.js';
import type { GuestNic } from './guest-nic.js';

/** What is asked of a NIC of a guest, for the error. */
interface Asked {
  action: string;
  domain: string;
}

/** The NICs of a guest in each half that it has, or is said to have. */
export type NicLists = { readonly [Each in Half]?: readonly GuestNic[] };

/** The same NIC in each half that is to be changed; undefined where it is not. */
export type Halves = { readonly [Each in Half]?: GuestNic };

const bothHalves = ['live', 'config'] as const satisfies Half[];
const keys = 'the MAC address, the alias, the target or the PCI address';

/** Throws a TypeError for what cannot name a NIC. */
export function checkedName(key: unknown): string {
  if (typeof key !== 'string' || key === '' || key.includes('\0'))
    throw new TypeError(`nic: ${show(key)} is not ${keys} of a NIC`);
  return key;
}

/** The NIC of a key in each half that is to be changed: where it is, or where it is said to be. */
export function locate(asked: Asked, lists: NicLists, key: string, affect: Affect): Halves {
  if (affect.live === false && affect.config === false)
    throw new RangeError('live, config: nothing is to be changed when both are false');
  const { live = [], config = [] } = lists;
  // A name in the configuration counts first where that alone is to be changed.
  const direct = affect.live === false ? onlyNic(asked, config, key) : undefined;
  const named = direct ? undefined : onlyNic(asked, live, key);
  const found = {
    live: affect.live === false ? undefined : named,
    config: affect.config === false ? undefined : (direct ?? sameInConfig(asked, lists, key, named)),
  };
  const wanted = bothHalves.filter((half) => affect[half] ?? lists[half]);
  const missing = wanted.filter((half) => affect[half] && !found[half]);
  if (missing.length > 0 || (!found.live && !found.config)) {
    const looked = missing.length === 1 ? missing : wanted;
    throw notThere(asked, lists, key, looked.length > 0 ? looked : ['config']);
  }
  return { ...(found.live && { live: found.live }), ...(found.config && { config: found.config }) };
}

/** What a NIC that runs is in the configuration, where it has no alias and no target; without one, what has that name. */
function sameInConfig(
  asked: Asked,
  { live = [], config = [] }: NicLists,
  key: string,
  named: GuestNic | undefined,
): GuestNic | undefined {
  if (!named) return onlyNic(asked, config, key);
  const alike = (nics: readonly GuestNic[]) => nics.filter(({ mac }) => mac === named.mac);
  const same = alike(config);
  if (same.length < 2 && alike(live).length < 2) return same[0];
  // Two of one MAC address are told apart by their place.
  return same.find(({ pciAddress }) => pciAddress !== undefined && pciAddress === named.pciAddress);
}

/** The only NIC of a key; undefined when there is none. Throws when there is more than one. */
function onlyNic(asked: Asked, nics: readonly GuestNic[], key: string): GuestNic | undefined {
  const found = nics.filter(named(key));
  if (found.length < 2) return found[0];
  const object = `NIC ${key} of domain '${asked.domain}'`;
  const hint = `name it by its alias, its target or its PCI address: ${found.map(describeNic).join('; ')}`;
  throw new LibvirtError(`cannot ${asked.action} ${object}: it has more than one of that name (${hint})`, {
    code: 'OPERATION_FAILED',
    object,
    hint,
  });
}

/** Whether a key names a NIC: its MAC address, its alias, its target or its PCI address. */
function named(key: string): (nic: GuestNic) => boolean {
  const pci = parsePciAddress(key);
  const place = pci && formatPciAddress(pci);
  return ({ mac, alias, target, pciAddress }) =>
    mac === key.toLowerCase() ||
    alias === key ||
    target === key ||
    (place !== undefined && pciAddress === place);
}

/** The error of a NIC that is in none of these halves; what there is, and whether the other half has it. */
function notThere(asked: Asked, lists: NicLists, key: string, looked: readonly Half[]): LibvirtError {
  const [first, second] = looked.map((half) => lists[half] ?? []);
  const macs = new Set(first?.map(({ mac }) => mac));
  const nics = [...(first ?? []), ...(second ?? []).filter(({ mac }) => !macs.has(mac))];
  const other = bothHalves.find((half) => !looked.includes(half) && lists[half]?.some(named(key)));
  const where = looked.length === 1 && looked[0] ? words[looked[0]] : 'there';
  return noNic({ ...asked, where }, nics, key, other && `it is ${words[other]} only; `);
}

/** The error of a NIC that is not there. */
export function noNic(
  asked: Asked & { where: string },
  nics: readonly GuestNic[],
  key: string,
  elsewhere = '',
): LibvirtError {
  const object = `NIC ${key} of domain '${asked.domain}'`;
  const place = asked.where === 'there' ? 'it has' : `${asked.where} it has`;
  const there =
    nics.length === 0
      ? `${place} no NIC at all`
      : `${place} ${nics.map(describeNic).join('; ')}, and takes ${keys}`;
  const hint = `${elsewhere}${there}`;
  return new LibvirtError(
    `cannot ${asked.action} ${object}: there is none of that name ${asked.where} (${hint})`,
    { code: 'DEVICE_MISSING', object, hint },
  );
}

/** All by which it can be named; its place where it has neither alias nor target. */
function describeNic({ mac, alias, target, pciAddress }: GuestNic): string {
  const names = [alias, target].filter(Boolean);
  return [mac, ...(names.length > 0 ? names : [pciAddress])].filter(Boolean).join(' ');
}
