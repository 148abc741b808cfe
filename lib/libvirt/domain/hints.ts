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
    code: 'OPERATION_UNSUPPORTED',
    in: 'virDomainUpdateDeviceFlags',
    words: /unable to change config on/,
    hint: 'libvirt changes nothing of that type while the guest runs: detach() it and attach() another, or { live: false }',
  },
  {
    code: 'INTERNAL_ERROR',
    in: 'virDomainAttachDeviceFlags',
    words: /Duplicate ID|slot \d+ function \d+ not available/,
    hint:
      'QEMU has a NIC there that libvirt does not know, left by a daemon that died while it was plugged in: ' +
      "give this one an alias of your own ({ alias: { name: 'ua-1' } }) and another address; the next start of the guest clears it up",
  },
  {
    code: ['XML_ERROR', 'CONFIG_UNSUPPORTED'],
    words: /passt/,
    hint: 'this libvirt was built without passt; build.nic.user needs none, and forwards no ports',
  },
  {
    code: ['SYSTEM_ERROR', 'INTERNAL_ERROR', 'OPERATION_FAILED'],
    words: /(tap device|\/dev\/net\/tun|bridge helper|network device).*(not permitted|denied)/i,
    hint: 'only root may do that: qemu:///system can, and without it build.nic.user and build.nic.passt need no rights',
  },
];
