// What NICs have whose frames pass a tap or macvtap of the host. https://libvirt.org/formatdomain.html#network-interfaces
import { integer } from '../../xml/codec.js';
import type { Bandwidth, FilterReference } from '../../xml/index.js';
import { type BandwidthOptions, bandwidth } from '../bandwidth.js';
import { type NicFilterOptions, nicFilter } from '../filter/filter.js';
import { absolutePath, deviceName } from '../names.js';
import { present } from '../present.js';
import { coded, type Reader, show } from '../reader.js';
import { type PluggedNicOptions, pluggedFields, wrap } from './common.js';
import { type GuestEnd, type GuestEndOptions, guestEnd } from './ends.js';

/** What NICs have whose frames pass a device of the host. */
export interface DeviceNicOptions extends PluggedNicOptions {
  /** The name of the device on the host, up to 15 bytes. Default: libvirt's, `vnetN` or `macvtapN`. */
  target?: string;
  /** The limit of the NIC's traffic. Default: none. */
  bandwidth?: BandwidthOptions;
  /** The device's send buffer in bytes, 0 for no limit. Default: QEMU's, no limit. */
  sendBuffer?: number;
  /** The NIC in a container (LXC). */
  guest?: GuestEndOptions;
}

/** What NICs on a tap have. */
export interface TapNicOptions extends DeviceNicOptions {
  /** The MTU of the tap, and with virtio of the guest, in bytes: 68 to 65521. Default: that of the bridge or network. */
  mtu?: number;
  /** The device that taps are opened with, an absolute path. Default: `/dev/net/tun`. */
  tapDevice?: string;
}

/** What NICs on a tap have whose frames the host's firewall sees. */
export interface FilteredNicOptions extends TapNicOptions {
  /** The network filter that traffic passes: its name, or its name and values of variables. Default: none. */
  filter?: string | NicFilterOptions;
}

const OURS = /^(?:vnet|vif|macvtap|macvlan)/;

/** The name of a device that libvirt makes: not such as it gives by itself, which it would drop. */
export const target: Reader<string> = (value, path) => {
  const name = deviceName(value, path);
  const [prefix] = OURS.exec(name) ?? [];
  if (prefix !== undefined) {
    throw new RangeError(
      `${path}: ${show(name)} begins with ${prefix}; libvirt gives such names by itself and drops yours`,
    );
  }
  return name;
};

/** The readers of {@link DeviceNicOptions}. */
export const deviceFields = {
  ...pluggedFields,
  target,
  bandwidth,
  sendBuffer: coded(integer(0, 0xffffffff), 'bytes'),
  guest: guestEnd,
};

/** The readers of {@link TapNicOptions}. */
export const tapFields = {
  ...deviceFields,
  mtu: coded(integer(68, 65521), 'IPv4 demands 68 bytes, a tap device takes 65521'),
  tapDevice: absolutePath,
};

/** The readers of {@link FilteredNicOptions}. */
export const filteredFields = { ...tapFields, filter: nicFilter };

interface Read {
  readonly target?: string;
  readonly bandwidth?: Bandwidth;
  readonly sendBuffer?: number;
  readonly guest?: GuestEnd;
  readonly mtu?: number;
  readonly tapDevice?: string;
  readonly vhostDevice?: string;
  readonly filter?: FilterReference;
}

/** The members of a document that these options stand for. */
export const tapMembers = ({
  target,
  bandwidth,
  sendBuffer,
  guest,
  mtu,
  tapDevice,
  vhostDevice,
  filter,
}: Read) => ({
  target: wrap('dev', target),
  bandwidth,
  tune: wrap('sendBuffer', sendBuffer),
  mtu: wrap('size', mtu),
  backend:
    tapDevice === undefined && vhostDevice === undefined
      ? undefined
      : present({ tap: tapDevice, vhost: vhostDevice }),
  filterRef: filter,
  ...guest,
});
