// The domain of a test's guest, as XML for libvirt: an emulated machine (no KVM) that boots Debian's kernel.

import type { DomainInterfaceDocument } from '../../lib/index.js';
import { toXML } from '../../lib/index.js';
import { GUEST_INITRAMFS } from './setup/guest.mjs';
import { unpackedKernel } from './setup/kernel.mjs';

/** The memory of a guest that a switch may read: without it there is no vhost-user. */
export const SHARED_MEMORY = "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>";

export interface GuestOptions {
  /** Of the domain, and of its files below /run and /var/log. */
  name: string;
  /** `eth0`, `eth1` … in this order. */
  nics?: readonly (string | DomainInterfaceDocument)[];
  /** A running guest agent. */
  agent?: boolean;
  /** PCIe NICs that can be plugged in later; default 4. On `pc`, which has PCI slots, there are always about 20. */
  spareSlots?: number;
  /** `q35` (default) hot-plugs PCIe as real machines do, `pc` is the old PCI machine with ACPI hot-plug. */
  machine?: 'q35' | 'pc';
  memoryMiB?: number;
  /** Memory that other processes of the host can have, too, as those that serve vhost-user need. */
  sharedMemory?: boolean;
  /** The folder of its sockets and of its console's log; those of the system's guests, if not given. */
  home?: string;
  /** More elements below `<devices>`. */
  devices?: string;
}

/** The channel by which a guest takes commands, and the socket of the lab at its other end. */
export const SHELL_CHANNEL = 'virtnet.shell';
export const shellSocket = (name: string, home = '/run') => `${home}/${name}.shell`;
/** What the guest's kernel prints, and what is typed and printed on its console. */
export const consoleLog = (name: string, home = '/var/log/libvirt') => `${home}/${name}.console`;

const MEMORY_MIB = 160;
const SPARE_SLOTS = 4;
/** Not quiet: what it prints goes to a file, and is wanted when it does not come up. */
const KERNEL_ARGUMENTS = 'console=ttyS0 panic=-1 mitigations=off tsc=reliable nowatchdog random.trust_cpu=on';
/** The NICs, the channels and what libvirt adds each take a port of their own. */
const OWN_SLOTS = 2;

/** QEMU 7.2 crashes when a NIC that another process serves interrupts an emulated processor by messages (MSI-X). */
const NO_MESSAGES = `<qemu:commandline>
    <qemu:arg value='-global'/>
    <qemu:arg value='virtio-net-pci.vectors=0'/>
  </qemu:commandline>`;

/** The XML of a guest that {@link connectGuest} can talk to; also for a test that creates it by itself. */
export function guestXml(options: GuestOptions): string {
  const { name, nics = [], agent = false, machine = 'q35', home, devices = '' } = options;
  const { memoryMiB = MEMORY_MIB, spareSlots = SPARE_SLOTS, sharedMemory = false } = options;
  const kernel = unpackedKernel();
  if (kernel === undefined) throw new Error('there is no kernel for guests: npm run setup');
  return `<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>${name}</name>
  <memory unit='MiB'>${memoryMiB}</memory>
  ${sharedMemory ? SHARED_MEMORY : ''}
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='${machine}'>hvm</type>
    <kernel>${kernel.image}</kernel>
    <initrd>${GUEST_INITRAMFS}</initrd>
    <cmdline>${KERNEL_ARGUMENTS}</cmdline>
  </os>
  <features><acpi/></features>
  <cpu mode='maximum'/>
  <on_crash>destroy</on_crash>
  <devices>
    ${machine === 'q35' ? pcieSlots(nics.length + OWN_SLOTS + spareSlots) : ''}
    <controller type='usb' model='none'/>
    <serial type='pty'><log file='${consoleLog(name, home)}'/></serial>
    ${channel(`<source mode='bind' path='${shellSocket(name, home)}'/>`, SHELL_CHANNEL)}
    ${agent ? channel('', 'org.qemu.guest_agent.0') : ''}
    ${nics.map((nic) => (typeof nic === 'string' ? nic : toXML(nic))).join('\n')}
    ${devices}
    <memballoon model='none'/>
  </devices>
  ${sharedMemory ? NO_MESSAGES : ''}
</domain>`;
}

function pcieSlots(count: number): string {
  return `<controller type='pci' index='0' model='pcie-root'/>${`<controller type='pci' model='pcie-root-port'/>`.repeat(count)}`;
}

function channel(source: string, name: string): string {
  return `<channel type='unix'>${source}<target type='virtio' name='${name}'/></channel>`;
}
