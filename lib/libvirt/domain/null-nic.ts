// NICs of the type `null` are bhyve's. libvirt's QEMU driver takes them and crashes when it is to plug one in; newer
// releases (11.3) refuse them.
import { LibvirtError } from '../../errors.js';
import type { DomainInterfaceDocument } from '../../xml/index.js';
import type { Asked } from '../ask.js';
import type { Connection } from '../connection.js';

/** Rejects with `CONFIG_UNSUPPORTED` when there is such a NIC, and the driver is QEMU's. */
export async function refuseNull(
  asked: Asked,
  nics: readonly DomainInterfaceDocument[],
  connection: Connection,
): Promise<void> {
  if (!nics.some(({ type }) => type === 'null') || (await connection.type()) !== 'QEMU') return;
  const hint = "a NIC that is plugged into nothing: { type: 'ethernet' } with the link down";
  throw new LibvirtError(
    `cannot ${asked.action} ${asked.object}: QEMU has no NICs of the type null, and libvirt before 11.3 crashes on them (${hint})`,
    { code: 'CONFIG_UNSUPPORTED', object: asked.object, hint, done: [] },
  );
}
