// A NIC of a guest as it is listed.
import { formatPciAddress } from '../../build/network/pci.js';
import type { DomainInterfaceDocument, HostAddress, NicAddress } from '../../xml/index.js';

/** A NIC of a guest. What only a running guest has is undefined for one that does not run. */
export interface GuestNic {
  /** The MAC address, in lower case. */
  readonly mac: string;
  /** What it is plugged into, as in `network`, `bridge`, `direct`. */
  readonly type: DomainInterfaceDocument['type'];
  /**
   * The name of that: the network, the bridge, the device of the host, the PCI address of a device that is handed over,
   * the socket of a vhost-user switch, or an address and a port, as in `230.0.0.1:5558`.
   */
  readonly source: string | undefined;
  /** The network that it belongs to, also when libvirt tells what that network made of it. */
  readonly network: string | undefined;
  /** The network's port group. */
  readonly portGroup: string | undefined;
  /** The hardware that the guest sees, as in `virtio`. */
  readonly model: string | undefined;
  /** The tap or macvtap on the host, as in `vnet0`. */
  readonly target: string | undefined;
  /** Whether its cable is plugged in. */
  readonly link: 'up' | 'down';
  /** What moves its frames on the host, as in `vhost` or `passt`, when it is not left to the hypervisor. */
  readonly backend: string | undefined;
  /** Its name in its guest, as in `net0`, by which events of devices tell it. */
  readonly alias: string | undefined;
  /** Where its guest finds it, as in `0000:00:03.0`; undefined for one that is not on PCI, or has no place yet. */
  readonly pciAddress: string | undefined;
  /** All that libvirt says of it. */
  readonly document: DomainInterfaceDocument;
}

export function guestNic(document: DomainInterfaceDocument): GuestNic {
  const source = (('source' in document && document.source) || {}) as NicSource;
  return Object.freeze({
    mac: document.mac?.address.toLowerCase() ?? '',
    type: document.type,
    source: sourceName[document.type]?.(source) ?? source.network,
    network: source.network,
    portGroup: source.portGroup,
    model: document.model?.type,
    target: document.target?.dev,
    link: document.link?.state ?? 'up',
    backend: document.backend?.type ?? document.driver?.name,
    alias: document.alias?.name,
    pciAddress: pciAddressOf(document.address),
    document,
  });
}

/** The fields of sources that are names, or make one. */
interface NicSource {
  readonly network?: string;
  readonly portGroup?: string;
  readonly bridge?: string;
  readonly dev?: string;
  readonly name?: string;
  readonly path?: string;
  readonly switchId?: string;
  readonly port?: number;
  readonly address?: string | HostAddress;
}

type NameOf = (source: NicSource) => string | undefined;

const dev: NameOf = (source) => source.dev;

/** Of a server on all addresses it is the port alone: `:5558`. */
const endpoint: NameOf = ({ address = '', port }) => {
  if (port === undefined || typeof address !== 'string') return undefined;
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
};

const sourceName: { readonly [Type in DomainInterfaceDocument['type']]?: NameOf } = {
  bridge: (source) => source.bridge,
  direct: dev,
  user: dev,
  vdpa: dev,
  internal: (source) => source.name,
  vhostuser: (source) => source.path ?? source.dev,
  vds: (source) => source.switchId,
  mcast: endpoint,
  server: endpoint,
  client: endpoint,
  udp: endpoint,
  hostdev: ({ address }) => (typeof address === 'object' ? pciAddressOf(address) : undefined),
};

/** An address as lspci writes it; undefined for one that is not of PCI. */
function pciAddressOf(address: HostAddress | NicAddress | undefined): string | undefined {
  if (address?.type !== 'pci') return undefined;
  const { domain = 0, bus = 0, slot = 0, function: number = 0 } = address;
  return formatPciAddress({ domain, bus, slot, function: number });
}
