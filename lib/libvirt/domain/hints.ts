// What to do about errors of guests and their NICs.
import type { HintRow } from '../hints.js';

export const domainHints: readonly HintRow[] = [
  {
    code: 'OPERATION_UNSUPPORTED',
    in: 'virDomainAttachDeviceFlags',
    words: /hotplug of interface type/,
    hint: 'libvirt plugs none of that type into a guest that runs: attach it with { live: false }, for the next start',
  },
];
