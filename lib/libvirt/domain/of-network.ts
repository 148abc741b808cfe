// NICs on a network, of a guest that runs: libvirt tells what the network made of each, and names the network beside it.
// Read as what is to be, such a description would be of a bridge or a macvtap that has nothing to do with the network.
import type { DomainInterfaceDocument } from '../../xml/index.js';

/** The NIC on its network, where it is described as what a network made of it; the same NIC otherwise. */
export function ofItsNetwork(nic: DomainInterfaceDocument): DomainInterfaceDocument {
  if ((nic.type !== 'bridge' && nic.type !== 'direct') || nic.source?.network === undefined) return nic;
  const { network, portGroup } = nic.source;
  return {
    ...nic,
    type: 'network',
    source: { network, ...(portGroup !== undefined && { portGroup }) },
  } as DomainInterfaceDocument;
}

/** What it is plugged into on the host: the bridge, or the device of a macvtap. */
export function placeOf(nic: DomainInterfaceDocument): string | undefined {
  if (nic.type === 'bridge') return nic.source?.bridge;
  return nic.type === 'direct' ? nic.source.dev : undefined;
}
