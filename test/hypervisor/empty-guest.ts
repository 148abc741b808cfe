// A guest that has nothing to boot from: it runs, and its firmware waits for ever.
import type { DomainInterfaceDocument } from '../../lib/index.js';
import { toXML } from '../../lib/index.js';

/** The XML of such a guest, with these NICs. */
export function emptyGuest(
  name: string,
  nics: readonly DomainInterfaceDocument[] = [],
  devices = '',
): string {
  return `<domain type='qemu'>
  <name>${name}</name>
  <memory unit='MiB'>16</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <controller type='usb' model='none'/>
    <serial type='pty'/>
    ${devices}
    ${nics.map((nic) => toXML(nic)).join('')}
    <memballoon model='none'/>
  </devices>
</domain>`;
}
