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
  reason: 'libvirt' | 'libraryMissing' | 'functionMissing' | 'closed';
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
  const why = failure.reason === 'functionMissing' ? tooOld(failure.function) : failure.message;
  const hint = hintFor(code, failure.message);
  const error = new LibvirtError(`cannot ${action} ${object}: ${why}${hint ? ` (${hint})` : ''}`, {
    code,
    number: failure.number ?? 0,
    domain: nameOf(virErrorDomain, failure.domain) as ErrorDomain,
    level: failure.level === 1 ? 'warning' : 'error',
    function: failure.function,
    object,
    ...(hint !== undefined && { hint }),
  });
  return error;
}

function codeOf(failure: Failure): ErrorCode {
  if (failure.reason === 'libraryMissing') return 'LIBRARY_MISSING';
  if (failure.reason === 'functionMissing') return 'FUNCTION_MISSING';
  if (failure.reason === 'closed') return 'CONNECTION_CLOSED';
  return nameOf(virErrorNumber, failure.number) as ErrorCode;
}

function nameOf(table: Readonly<Record<string, number>>, value: number | undefined): string {
  return Object.keys(table).find((name) => table[name] === value) ?? 'UNKNOWN';
}

function tooOld(name: string): string {
  const needed = since[name as keyof Functions] ?? 'a newer version';
  const [installed] = addon().functions.virGetVersion(null);
  return `${name} needs libvirt >= ${needed}, this is ${formatVersion(installed)}`;
}

/** libvirt's version numbers are 1,000,000 × major + 1,000 × minor + release. */
export function formatVersion(number: number): string {
  return `${Math.floor(number / 1_000_000)}.${Math.floor(number / 1_000) % 1_000}.${number % 1_000}`;
}
