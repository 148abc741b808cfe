// How objects are listed and looked up, the same for all kinds of them.
import { anyText } from '../build/names.js';
import { type ErrorCode, LibvirtError } from '../errors.js';
import { uuid } from './options.js';

/** What is being looked up, or undefined when libvirt says with this code that there is none. */
export async function unlessMissing<T>(code: ErrorCode, looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof LibvirtError && error.code === code) return undefined;
    throw error;
  }
}

/** The UUID of a key, in whichever spelling. Throws when it has none. */
export function uuidOf(key: unknown, expects: string): string {
  const given = (key as { uuid?: unknown } | null)?.uuid;
  if (typeof given !== 'string') throw new TypeError(`key: ${expects}`);
  return uuid(given, 'uuid');
}

/** How libvirt looks an object up: it has a function for names and one for UUIDs. */
export interface Lookups<T> {
  byName(name: string): T;
  byUuid(uuid: string): T;
}

/** A key read: the words for it in messages, and what the lookup that fits gives. */
export function byNameOrUuid<T>(key: unknown, lookups: Lookups<T>): { described: string; lookup: T } {
  if (typeof key === 'string') return { described: `'${key}'`, lookup: lookups.byName(anyText(key, 'name')) };
  const given = uuidOf(key, 'neither a name nor { uuid }');
  return { described: given, lookup: lookups.byUuid(given) };
}
