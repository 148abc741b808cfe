// The one way from the facade to the addon: calls it, and makes a LibvirtError of what fails.
import { type ErrorCode, type ErrorDomain, LibvirtError } from '../errors.js';
import { addon } from '../native/addon.js';
import { virErrorDomain, virErrorNumber } from '../native/constants.gen.js';
import { type Functions, since } from '../native/functions.gen.js';
import { hintFor } from './hints.js';

/** What is asked of libvirt, for the error: "cannot ${action} ${object}". */
export interface Asked {
  action: string;
  object: string;
}

/** What the addon rejects with. */
interface Failure {
  reason: 'libvirt' | 'libraryMissing' | 'functionMissing' | 'closed' | 'lost';
  function: string;
  message: string;
  number?: number;
  domain?: number;
  level?: number;
}

/** Calls the addon, and rejects with what a user can act on. */
export async function ask<T>(asked: Asked, call: (functions: Functions) => Promise<T>): Promise<T> {
  try {
    return await call(addon().functions);
  } catch (failure) {
    throw explain(failure, asked);
  }
}

/** The same for functions that return at once. */
export function askNow<T>(asked: Asked, call: (functions: Functions) => T): T {
  try {
    return call(addon().functions);
  } catch (failure) {
    throw explain(failure, asked);
  }
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'reason' in value && 'function' in value;
}

function explain(failure: unknown, { action, object }: Asked): unknown {
  if (!isFailure(failure)) return failure;
  const code = codeOf(failure);
  // Of some commands that fail libvirt takes over the whole output, line end included.
  const why = failure.reason === 'functionMissing' ? tooOld(failure.function) : failure.message.trimEnd();
  const hint = hintFor(code, failure.function, failure.message);
  return new LibvirtError(`cannot ${action} ${object}: ${why}${hint ? ` (${hint})` : ''}`, {
    code,
    number: failure.number ?? 0,
    domain: (failure.domain === undefined ? 'NONE' : nameOf(virErrorDomain, failure.domain)) as ErrorDomain,
    level: failure.level === 1 ? 'warning' : 'error',
    function: failure.function,
    object,
    ...(hint !== undefined && { hint }),
  });
}

function codeOf(failure: Failure): ErrorCode {
  if (failure.reason === 'libraryMissing') return 'LIBRARY_MISSING';
  if (failure.reason === 'functionMissing') return 'FUNCTION_MISSING';
  if (failure.reason === 'closed') return 'CONNECTION_CLOSED';
  if (failure.reason === 'lost' || isLoss(failure)) return 'CONNECTION_LOST';
  return nameOf(virErrorNumber, failure.number) as ErrorCode;
}

const lossWords =
  /client socket is closed|end of file|broken pipe|connection reset|keepalive timeout|received (hangup|error) event/i;

/** libvirt has many codes for a connection that is of no use any more. One that never was is something else. */
function isLoss({ function: name, domain, message }: Failure): boolean {
  return domain === virErrorDomain.RPC && !name.startsWith('virConnectOpen') && lossWords.test(message);
}

function nameOf(table: Readonly<Record<string, number>>, value: number | undefined): string {
  return Object.keys(table).find((name) => table[name] === value) ?? 'UNKNOWN';
}

function tooOld(name: string): string {
  const [installed] = addon().functions.virGetVersion(null);
  return needs(name, since[name as keyof Functions] ?? 'a newer version', installed);
}

/** Throws when the libvirt of this machine is older than what is asked for, where no function is missing. */
export function requireLibvirt(version: string, asked: Asked, name: keyof Functions): void {
  const [installed] = askNow(asked, (functions) => functions.virGetVersion(null));
  if (installed >= parseVersion(version)) return;
  const { action, object } = asked;
  throw new LibvirtError(`cannot ${action} ${object}: ${needs('that', version, installed)}`, {
    code: 'FUNCTION_MISSING',
    function: name,
    object,
  });
}

function needs(what: string, version: string, installed: number): string {
  return `${what} needs libvirt >= ${version}, this is ${formatVersion(installed)}`;
}

/** The number of a version such as `9.7.0`. */
export function parseVersion(version: string): number {
  const [major = 0, minor = 0, release = 0] = version.split('.').map(Number);
  return major * 1_000_000 + minor * 1_000 + release;
}

/** libvirt's version numbers are 1,000,000 × major + 1,000 × minor + release. */
export function formatVersion(number: number): string {
  return `${Math.floor(number / 1_000_000)}.${Math.floor(number / 1_000) % 1_000}.${number % 1_000}`;
}
