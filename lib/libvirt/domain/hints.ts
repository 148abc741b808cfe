// What to do about errors of guests and their NICs.
import type { HintRow } from '../hints.js';

/** What plugs a NIC in. */
const plugs = ['virDomainAttachDeviceFlags', 'virDomainCreateWithFlags', 'virDomainCreateXML'] as const;

export const domainHints: readonly HintRow[] = [
  {
    code: 'OPERATION_INVALID',
    in: [
      'virDomainAnnounceInterface',
      'virDomainDestroyFlags',
      'virDomainGetGuestInfo',
      'virDomainGetHostname',
      'virDomainInterfaceAddresses',
      'virDomainInterfaceStats',
      'virDomainOpenConsole',
      'virDomainReboot',
      'virDomainReset',
      'virDomainResume',
      'virDomainShutdownFlags',
      'virDomainSuspend',
    ],
    words: /not running|not active/,
    hint: 'it does not run: start() it first',
  },
  {
    code: 'DEVICE_MISSING',
    hint: 'domain.nics.list() gives the NICs that it has',
  },
  {
    code: 'INVALID_ARG',
    in: 'virConnectGetDomainCapabilities',
    hint: 'connection.capabilities() tells the architectures and machines of guests that are possible there',
  },
  {
    code: ['INTERNAL_ERROR', 'OPERATION_FAILED'],
    words: /not a valid device model name|can't go on \S+ bus/,
    hint: 'the hypervisor has no NIC of that model for this machine: virtio, e1000e and rtl8139 are the usual ones',
  },
  {
    code: 'SYSTEM_ERROR',
    in: plugs,
    words: /(MTU on|index for interface|interface flags).*No such device/,
    hint:
      'the host has no bridge or device of that name (virtnet/host lists those of its own machine, ' +
      'connection.hostInterfaces.list() those of another), or it is in another network namespace than the daemon',
  },
  {
    code: 'SYSTEM_ERROR',
    in: plugs,
    words: /Unable to add bridge .*Operation not supported/,
    hint: 'that device of the host is no bridge: build.nic.direct plugs a NIC into a device that is none',
  },
  {
    code: 'CONFIG_UNSUPPORTED',
    words: /per-device boot elements cannot be used together with os\/boot/,
    hint:
      'the guest has <boot> in its <os>: leave boot out of the NIC, or take that out of <os> and give every device ' +
      'to boot from an order of its own',
  },
  {
    code: ['INTERNAL_ERROR', 'OPERATION_FAILED', 'INVALID_ARG'],
    in: 'virDomainInterfaceStats',
    words: /Interface name not provided/,
    hint: 'a NIC without a device on the host has no counters: those of the types user and hostdev, and sockets',
  },
  {
    code: 'CONFIG_UNSUPPORTED',
    words: /requires shared memory/,
    hint:
      "the switch reads the guest's memory: the guest needs " +
      "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking> from its start",
  },
  {
    code: 'INTERNAL_ERROR',
    in: plugs,
    words: /chardev.*Failed to connect to/,
    hint: "the switch has to listen there first; with mode: 'server' the guest listens and waits for the switch",
  },
  {
    code: 'OPERATION_FAILED',
    in: 'virDomainUpdateDeviceFlags',
    words: /failed to add new filter rules/,
    hint:
      'that filter, or one that it refers to, is not there or cannot be had on this host: ' +
      'connection.filters.list() gives those that exist, and the log of the daemon says what failed',
  },
  {
    code: 'OPERATION_UNSUPPORTED',
    in: 'virDomainUpdateDeviceFlags',
    words: /cannot modify/,
    hint: 'a guest that runs keeps it: detach() the NIC and attach() another, or { live: false } for its next start',
  },
  {
    code: 'OPERATION_FAILED',
    in: 'virDomainOpenConsole',
    words: /Active console session exists/,
    hint: 'somebody reads it: console({ force: true }) takes it from them',
  },
  {
    code: 'INTERNAL_ERROR',
    in: 'virDomainOpenConsole',
    words: /cannot find character device/,
    hint: 'xml() tells the aliases of its consoles and serial ports, as in serial0',
  },
  {
    code: 'NO_HOSTNAME',
    hint: "no DHCP server was told one: hostname({ source: 'agent' }) asks the guest, where its agent runs",
  },
  {
    code: 'INTERNAL_ERROR',
    in: 'virDomainInterfaceAddresses',
    words: /wrong nlmsg len/,
    hint: "this libvirt cannot read the neighbours of so new a kernel, newer releases can: ask { sources: ['lease', 'agent'] }",
  },
  {
    code: 'OPERATION_UNSUPPORTED',
    in: 'virDomainAttachDeviceFlags',
    words: /hotplug of interface type/,
    hint: 'libvirt plugs none of that type into a guest that runs: attach it with { live: false }, for the next start',
  },
  {
    code: 'OPERATION_UNSUPPORTED',
    in: 'virDomainUpdateDeviceFlags',
    words: /(cannot|unable to) change config o[nf] '(vhostuser|hostdev|vdpa)'/,
    hint: 'libvirt changes nothing of that type while the guest runs: detach() it and attach() another, or { live: false }',
  },
  {
    code: 'OPERATION_UNSUPPORTED',
    in: 'virDomainUpdateDeviceFlags',
    words: /unable to change config on/,
    hint:
      'it would have to be plugged in anew: detach() it and attach() another, or { live: false } for its next start; ' +
      'of one on a macvtap network libvirt changes no more than the link and, by setBandwidth(), the bandwidth',
  },
  {
    code: 'OPERATION_INVALID',
    words: /transient domains do not have any persistent config|cannot set autostart for transient domain/,
    hint: 'it runs without a definition: change what runs only ({ config: false }), or define() it first',
  },
  {
    code: ['INTERNAL_ERROR', 'XML_ERROR'],
    words: /No more available PCI slots/,
    hint:
      'a guest with PCI Express (q35) has as many places to plug into as it was defined with: ' +
      "give it <controller type='pci' model='pcie-root-port'/>, one for each NIC, and start it anew",
  },
  {
    code: 'OPERATION_INVALID',
    in: plugs,
    words: /interface already exists/,
    hint:
      'target is the name of a device to be made: leave it out, choose another, or plug into the one that is there ' +
      'with build.nic.ethernet({ target, managed: false })',
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
    code: ['INTERNAL_ERROR', 'OPERATION_FAILED'],
    words: /\bpasst\b[\s\S]*(interface not usable|No external routable interface)/,
    hint:
      'passt shows the guest the connection of a device of the host that is up and has an address and a default route: ' +
      'ip route; dev names one of several',
  },
  {
    code: ['INTERNAL_ERROR', 'OPERATION_FAILED'],
    words: /\bpasst\b[\s\S]*PID file open: Permission denied/,
    hint: 'passt never runs as root, and this QEMU does: name another user in /etc/libvirt/qemu.conf, or use qemu:///session',
  },
  {
    code: ['XML_ERROR', 'CONFIG_UNSUPPORTED'],
    words: /\bpasst\b/,
    hint: 'this libvirt was built without passt; build.nic.user needs none, and forwards no ports',
  },
  {
    code: ['SYSTEM_ERROR', 'INTERNAL_ERROR', 'OPERATION_FAILED'],
    words: /(tap device|\/dev\/net\/tun|bridge helper|network device).*(not permitted|denied)/i,
    hint: 'only root may do that: qemu:///system can, and without it build.nic.user and build.nic.passt need no rights',
  },
];
