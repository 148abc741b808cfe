// What to do about errors of guests and their NICs.
import type { HintRow } from '../hints.js';

export const domainHints: readonly HintRow[] = [
  {
    code: 'OPERATION_UNSUPPORTED',
    in: 'virDomainAttachDeviceFlags',
    words: /hotplug of interface type/,
    hint: 'libvirt plugs none of that type into a guest that runs: attach it with { live: false }, for the next start',
  },
  {
    code: 'INTERNAL_ERROR',
    in: 'virDomainAttachDeviceFlags',
    words: /Duplicate ID|slot \d+ function \d+ not available/,
    hint:
      'QEMU has a NIC there that libvirt does not know, left by a daemon that died while it was plugged in: ' +
      "give this one an alias of your own ({ alias: { name: 'ua-1' } }) and another address; the next start of the guest clears it up",
  },
];
