// The errors of changes to NICs that are not libvirt's.
import { LibvirtError } from '../../errors.js';
import type { Affect, Half } from '../affect.js';

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

/** The error of one of two NICs that libvirt would take for the other. */
export function oneOfTwo({ action, object }: { action: string; object: string }, mac: string): LibvirtError {
  const hint = 'update() with { bandwidth } changes the one that is named, list() tells it';
  return new LibvirtError(
    `cannot ${action} ${object}: here libvirt knows NICs by their MAC address alone, and two have ${mac} (${hint})`,
    { code: 'OPERATION_UNSUPPORTED', object, hint, done: [] },
  );
}

/** The error of what is to be done to a NIC that runs, of a guest that does not. */
export function notRunning(
  { action, domain }: { action: string; domain: string },
  nic: string,
  { config }: Affect,
): LibvirtError {
  const object = `NIC ${nic} of domain '${domain}'`;
  const otherwise = config === false ? '' : ', or change its configuration alone with { live: false }';
  const hint = `start() it first${otherwise}`;
  return new LibvirtError(`cannot ${action} ${object}: the guest does not run (${hint})`, {
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
