// Input, checked before anything is sent: what the kernel would not take is refused as the kernel would.
import { type Asked, KernelError } from './error.js';
import { requestName } from './netlink/numbers.js';
import { Unfit } from './netlink/types.js';

const EINVAL = 22;

/** The field that a message begins with. */
const fieldOf = (message: string): string | undefined => /^([\w.[\]]+): /.exec(message)?.[1];

/** A request, the name of a call, or which call has a field. */
type Call = number | string | ((field: string) => string);

function nameOf(call: Call, field = ''): string {
  if (typeof call === 'number') return requestName(call);
  return typeof call === 'string' ? call : call(field);
}

/**
 * Gives what `check` does. A value that the kernel would not take is a KernelError of the request or the call that would
 * have had it; what is not even of the type, or is missing, stays a TypeError.
 */
export function checking<T>(asked: () => Asked, call: Call, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const field = fieldOf(error.message);
    const errno = error instanceof Unfit ? error.errno : EINVAL;
    const refusal = { errno, call: nameOf(call, field), detail: error.message, field };
    throw new KernelError(asked(), refusal);
  }
}
