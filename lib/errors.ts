// The errors of calls to libvirt. Errors of input are TypeError and RangeError, those of XML text XmlError.
import type { virErrorDomain, virErrorNumber } from './native/constants.gen.js';

/** The names of libvirt's errors: `NO_NETWORK` is VIR_ERR_NO_NETWORK. */
type LibvirtCode = Exclude<keyof typeof virErrorNumber, 'OK'>;

/**
 * Why a call failed: one of libvirt's own codes without its `VIR_ERR_`, or
 *
 * - `LIBRARY_MISSING`: there is no libvirt on this machine;
 * - `FUNCTION_MISSING`: the libvirt on this machine is older than the function;
 * - `CONNECTION_CLOSED`: `close()` was called on the connection;
 * - `CONNECTION_LOST`: the daemon ended or the network failed: the connection is of no use any more;
 * - `EVENTS_LOST`: events came faster than an iterator took them, and its buffer is full;
 * - `OVERLAP`: a new network overlaps with one that exists;
 * - `NO_RESERVATION`: no address is kept for that guest;
 * - `FIELD_TOO_NEW`: a document has a field that the libvirt at the other end would drop;
 * - `UNKNOWN`: a code that is newer than virtnet.
 *
 * @see https://libvirt.org/html/libvirt-virterror.html#virErrorNumber
 * @useDeclaredType
 */
export type ErrorCode =
  | LibvirtCode
  | 'LIBRARY_MISSING'
  | 'FUNCTION_MISSING'
  | 'CONNECTION_CLOSED'
  | 'CONNECTION_LOST'
  | 'EVENTS_LOST'
  | 'OVERLAP'
  | 'NO_RESERVATION'
  | 'FIELD_TOO_NEW'
  | 'UNKNOWN';

/**
 * The part of libvirt that failed: `NETWORK` is VIR_FROM_NETWORK.
 *
 * @see https://libvirt.org/html/libvirt-virterror.html#virErrorDomain
 * @useDeclaredType
 */
export type ErrorDomain = keyof typeof virErrorDomain | 'UNKNOWN';

export interface LibvirtErrorDetails {
  code: ErrorCode;
  number?: number;
  domain?: ErrorDomain;
  level?: 'warning' | 'error';
  function?: string;
  object?: string;
  hint?: string;
  done?: readonly ('live' | 'config')[];
}

const brand: unique symbol = Symbol.for('virtnet.LibvirtError') as never;

/**
 * A call to libvirt that failed: what was asked, of which object, why it failed and what can be done.
 *
 * ```ts
 * try {
 *   await connection.networks.get('lan');
 * } catch (error) {
 *   if (error instanceof LibvirtError && error.code === 'NO_NETWORK') …
 * }
 * ```
 */
export class LibvirtError extends Error {
  /** To tell errors by name. */
  override readonly name = 'LibvirtError';
  /** @hidden */
  readonly [brand] = true;

  /** Why, by name. */
  readonly code: ErrorCode;
  /** libvirt's own number (virErrorNumber); 0 when the error is not libvirt's. */
  readonly number: number;
  /** The part of libvirt that failed. */
  readonly domain: ErrorDomain;
  /** How bad it is, to libvirt: nearly always an error. */
  readonly level: 'warning' | 'error';
  /** The C function that failed, as in `virNetworkCreate`. */
  readonly function: string | undefined;
  /** What it was called on, as in `network 'lan'`. */
  readonly object: string | undefined;
  /** What can be done about it, when that is known. */
  readonly hint: string | undefined;
  /**
   * Of a change that was for what runs (`live`) and for the configuration (`config`): which of the two was made all
   * the same. Undefined when the call was no such change, or when nobody can tell.
   */
  readonly done: readonly ('live' | 'config')[] | undefined;

  /** @hidden */
  constructor(message: string, details: LibvirtErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.code = details.code;
    this.number = details.number ?? 0;
    this.domain = details.domain ?? 'NONE';
    this.level = details.level ?? 'error';
    this.function = details.function;
    this.object = details.object;
    this.hint = details.hint;
    this.done = details.done;
  }

  /** True for errors of another copy of virtnet in the process, too (its ES module and its CommonJS form). */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }
}
