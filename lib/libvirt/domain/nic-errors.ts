// The errors of changes to NICs that are not libvirt's, and which half of a change was made in spite of one.
import { LibvirtError } from '../../errors.js';
import type { Half } from '../affect.js';

/** Where a half of a change is made. */
export const words = { live: 'in what runs', config: 'in the configuration' } as const satisfies Record<
  Half,
  string
>;

/** The error of a MAC address that another NIC of the guest has. */
export function nicTaken({ action, object }: { action: string; object: string }): LibvirtError {
  const hint = 'leave the address out to get a new one, or detach() the other NIC first';
  return new LibvirtError(`cannot ${action} ${object}: it has a NIC with that MAC address (${hint})`, {
    code: 'OPERATION_INVALID',
    object,
    hint,
    done: [],
  });
}

/** The error of a guest that keeps a NIC. */
export function notLetGo(
  object: string,
  how: string,
  code: 'OPERATION_TIMEOUT' | 'OPERATION_FAILED',
  done: readonly Half[],
): LibvirtError {
  const was = done.includes('config') ? '; it is gone from the configuration' : '';
  const hint =
    'only an operating system that runs and knows hot-plug lets go of a NIC; the event deviceRemoved tells when it does, ' +
    'and the end of the guest takes it away in any case';
  return new LibvirtError(`cannot detach ${object}: the guest has not let go of it ${how}${was} (${hint})`, {
    code,
    function: 'virDomainDetachDeviceAlias',
    object,
    hint,
    done: [...done],
  });
}

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
