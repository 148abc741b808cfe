// The bridge that libvirt makes for a network. https://libvirt.org/formatnetwork.html#connectivity
import { integer, oneOf } from '../../xml/codec.js';
import type { NetworkBridge } from '../../xml/index.js';
import { deviceName, zoneName } from '../names.js';
import { coded, flag, type Reader, record } from '../reader.js';

/** The bridge that libvirt makes for a network. */
export interface BridgeOptions {
  /** Its name, up to 15 bytes. Default: libvirt takes the next free `virbrN`, and keeps it. */
  name?: string;
  /** Whether it takes part in the spanning tree protocol. Default: true. */
  stp?: boolean;
  /** Its forward delay in seconds, 0 to 30 (IEEE 802.1D). With `stp` the kernel makes it 2 or more. Default: 0. */
  delay?: number;
  /** The firewalld zone that it is in. Default: `libvirt`. */
  zone?: string;
  /**
   * Who fills its table of MAC addresses: `'libvirt'` from the guests' definitions, with no learning and flooding, or the
   * kernel. Default: `'kernel'`.
   */
  macTableManager?: 'kernel' | 'libvirt';
}

/** Who fills the table of MAC addresses of a bridge. */
export const macTableManager = coded(oneOf('kernel', 'libvirt'));

const fields = record<BridgeOptions>()('a bridge', {
  name: deviceName,
  stp: flag,
  delay: coded(integer(0, 30), 'seconds; IEEE 802.1D'),
  zone: zoneName,
  macTableManager,
});

/** A bridge's name, or {@link BridgeOptions}, as libvirt's `<bridge>`. */
export const bridge: Reader<NetworkBridge> = (value, path) =>
  typeof value === 'string' ? { name: deviceName(value, path) } : fields(value, path);
