// The errors of calls to the kernel: a system call or a netlink request that was refused, or that was not even sent
// because the kernel does not take what it was to say; with the device and what to do about it.
import type { SystemFailure } from '../native/kernel.js';
import { errnoName, errnoWords } from './errno.js';
import { hintFor } from './hints.js';

/** What is asked of the kernel, for the error: "cannot ${action} ${object} ${toward}". */
export interface Asked {
  /** As in `create`. */
  action: string;
  /** As in `bridge 'br0'`. */
  object: string;
  /** What comes behind the object, as in `to 'br0'`. */
  toward?: string | undefined;
  /** The network device that it is about, as in `br0`. */
  device?: string | undefined;
  /** Which call of a transaction asked for it, from 0. */
  position?: number | undefined;
}

/** How the kernel refused it. */
export interface Refusal {
  /** The kernel's number for the reason, as in 17 for EEXIST. */
  errno: number;
  /** The system call (`open`, `TUNSETIFF`) or the netlink request (`RTM_NEWLINK`). */
  call: string;
  /** The kernel's own words, where netlink has any; which field is not as the kernel takes it, where nothing was sent. */
  detail?: string | undefined;
  /** The field of the input, as in `options.id`. */
  field?: string | undefined;
}

const brand: unique symbol = Symbol.for('virtnet.KernelError') as never;

/**
 * A call to the kernel that failed: what was asked, of which device, why it failed and what can be done.
 *
 * ```ts
 * try {
 *   await host.bridges.create('br0');
 * } catch (error) {
 *   if (error instanceof KernelError && error.code === 'EEXIST') …
 * }
 * ```
 */
export class KernelError extends Error {
  /** To tell errors by name. */
  override readonly name = 'KernelError';
  /** @hidden */
  readonly [brand] = true;

  /** The name of the error number, as in `EEXIST`: errno(3). */
  readonly code: string;
  /** The error number itself. */
  readonly errno: number;
  /** The system call (`open`, `TUNSETIFF` of ioctl) or the netlink request (`RTM_NEWLINK`) that was refused, or would be. */
  readonly call: string;
  /** What it was asked of, as in `bridge 'br0'`. */
  readonly object: string;
  /** The network device that it is about, where it is about one. */
  readonly device: string | undefined;
  /** Which of the calls in a transaction asked for what was refused, from 0; undefined outside of one. */
  readonly position: number | undefined;
  /** The kernel's own words about it, where it has any; of a field, what the kernel takes. */
  readonly detail: string | undefined;
  /** The field of the input that the kernel does not take, as in `options.id`: nothing was sent then. */
  readonly field: string | undefined;
  /** What can be done about it, when that is known. */
  readonly hint: string | undefined;

  /** @hidden */
  constructor(
    { action, object, toward, device, position }: Asked,
    { errno, call, detail, field }: Refusal,
    options?: ErrorOptions,
  ) {
    const code = errnoName(errno);
    const hint =
      field === undefined
        ? hintFor({ code, call, action, object, toward, detail })
        : `correct ${field}; nothing was sent to the kernel`;
    const words = detail ? `${errnoWords(errno)}: ${detail}` : errnoWords(errno);
    const what = toward === undefined ? object : `${object} ${toward}`;
    super(`cannot ${action} ${what}: ${words} (${code}, ${call})${hint ? `; ${hint}` : ''}`, options);
    this.code = code;
    this.errno = errno;
    this.call = call;
    this.object = object;
    this.device = device;
    this.position = position;
    this.detail = detail;
    this.field = field;
    this.hint = hint;
  }

  /** True for errors of another copy of virtnet in the process, too (its ES module and its CommonJS form). */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }
}

const isSystemFailure = (value: unknown): value is SystemFailure =>
  value instanceof Error && 'errno' in value && 'call' in value && !(value instanceof KernelError);

/** What the addon threw, as users see it; anything else as it is. */
export const explain = (asked: Asked, failure: unknown): unknown =>
  isSystemFailure(failure)
    ? new KernelError(asked, failure, failure.cause === undefined ? undefined : { cause: failure.cause })
    : failure;

/** What Node's calls of the file system were refused with, as users see it; anything else as it is. */
export function explainFile(asked: Asked, call: string, error: unknown, detail?: string): unknown {
  const { errno } = error as NodeJS.ErrnoException;
  return errno === undefined
    ? error
    : new KernelError(asked, { errno: Math.abs(errno), call, detail }, { cause: error });
}

/** Calls the addon, and throws what a user can act on. */
export function asking<T>(asked: Asked, call: () => T): T {
  try {
    return call();
  } catch (failure) {
    throw explain(asked, failure);
  }
}

/** An error that says, too, what could not be taken back after it. */
export function withLeftovers(error: unknown, leftovers: readonly unknown[]): unknown {
  if (leftovers.length > 0 && error instanceof Error)
    error.cause ??= new AggregateError(leftovers, 'not all that was done could be taken back');
  return error;
}
