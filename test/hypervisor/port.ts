// A port of a network, as a guest's NIC gets one when it is plugged in: libvirt decides then what the NIC is
// connected to. No guest is needed for it. https://libvirt.org/formatnetworkport.html

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Libvirtd } from '../lab/libvirtd.js';

export interface Port {
  /** libvirt's description of it. */
  xml: string;
  /** Gives it back. */
  unplug(): Promise<void>;
}

/** Takes a port of a network that runs, of one of its port groups where that is named. */
export async function plug(lab: Libvirtd, network: string, group?: string): Promise<Port> {
  const uuid = randomUUID();
  const file = join(lab.inside.base, `${uuid}.xml`);
  writeFileSync(
    file,
    `<networkport>
      <uuid>${uuid}</uuid>
      <owner><name>guest</name><uuid>${randomUUID()}</uuid></owner>
      ${group === undefined ? '' : `<group>${group}</group>`}
      <mac address='52:54:00:00:00:01'/>
    </networkport>`,
  );
  await lab.must('virsh', 'net-port-create', network, file);
  return {
    xml: await lab.must('virsh', 'net-port-dumpxml', network, uuid),
    unplug: async () => void (await lab.must('virsh', 'net-port-delete', network, uuid)),
  };
}
