// Which half of a change was made in spite of an error.
import { LibvirtError } from '../errors.js';
import type { Half } from './affect.js';

/** Where a half of a change is made. */
export const words = { live: 'in what runs', config: 'in the configuration' } as const satisfies Record<
  Half,
  string
>;

/** The error, saying which halves were changed all the same. */
export function withDone(error: unknown, done: readonly Half[] | undefined): unknown {
  if (!(error instanceof LibvirtError) || done === undefined) return error;
  const { message, code, number, domain, level, function: name, object, hint } = error;
  const details = {
    code,
    number,
    domain,
    level,
    ...(name !== undefined && { function: name }),
    ...(object !== undefined && { object }),
    ...(hint !== undefined && { hint }),
    done: [...done],
  };
  const also = done.length === 0 ? '' : `; ${done.map((half) => words[half]).join(' and ')} it was done`;
  return new LibvirtError(`${message}${also}`, details, { cause: error });
}
