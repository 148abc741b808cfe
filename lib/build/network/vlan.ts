// VLAN tags of ports. https://libvirt.org/formatnetwork.html#setting-vlan-tag-on-supported-network-types-only
import { oneOf } from '../../xml/codec.js';
import type { Vlan } from '../../xml/index.js';
import { coded, list, needed, type Reader, record, show, wrongType } from '../reader.js';

/**
 * The number of a VLAN: 1 to 4094, or 0 for frames that have a priority but belong to no VLAN. 4095 is reserved
 * (IEEE 802.1Q, table 9-2): libvirt would take it, no switch does.
 */
export type VlanId = number;

/** The VLAN of frames without a tag on a trunk. */
export interface NativeVlanOptions {
  /** The VLAN. It need not be among the trunk's. */
  id: VlanId;
  /** Whether frames of that VLAN leave the switch with their tag or without. */
  mode: 'tagged' | 'untagged';
}

/** A port that carries the tagged frames of several VLANs. */
export type TrunkOptions =
  | {
      /** The VLANs. */
      trunk: readonly VlanId[];
      /** The VLAN of frames without a tag. Default: there is none. */
      native?: NativeVlanOptions;
    }
  | { trunk?: never; native: NativeVlanOptions };

/** One VLAN whose frames the guest sees without a tag, or several with their tags: Open vSwitch and VLAN-aware bridges. */
export type VlanOptions = VlanId | TrunkOptions;

const vlanId: Reader<number> = (value, path) => {
  if (typeof value !== 'number') throw wrongType(path, value, 'a VLAN number from 0 to 4094');
  if (value === 4095) throw new RangeError(`${path}: VLAN 4095 is reserved by IEEE 802.1Q`);
  if (!Number.isInteger(value) || value < 0 || value > 4094) {
    throw new RangeError(`${path}: ${show(value)} is not a VLAN number from 0 to 4094`);
  }
  return value;
};

/** One VLAN number, as libvirt's `<vlan>`. */
export const singleVlan: Reader<Vlan> = (value, path) => ({ tags: [{ id: vlanId(value, path) }] });

const nativeFields = record<NativeVlanOptions>()('a native VLAN', {
  id: needed(vlanId),
  mode: needed(coded(oneOf('tagged', 'untagged'))),
});

const trunkFields = record<TrunkOptions>()(
  'a trunk',
  { trunk: list(vlanId), native: nativeFields },
  {
    tag: 'a port of one VLAN is written as its number: vlan: 42',
    id: 'a port of one VLAN is written as its number: vlan: 42',
  },
);

/** {@link VlanOptions} as libvirt's `<vlan>`. */
export const vlan: Reader<Vlan> = (value, path) => {
  if (typeof value === 'number') return singleVlan(value, path);
  const { trunk = [], native } = trunkFields(value, path);
  if (trunk.length === 0 && !native) throw new RangeError(`${path}.trunk: no VLAN; a trunk has at least one`);
  for (const [i, id] of trunk.entries()) {
    if (trunk.indexOf(id) < i)
      throw new RangeError(`${path}.trunk[${i}]: VLAN ${id} is already ${path}.trunk[${trunk.indexOf(id)}]`);
  }
  const ids = native && !trunk.includes(native.id) ? [native.id, ...trunk] : trunk;
  return {
    trunk: true,
    tags: ids.map((id) => (id === native?.id ? { id, nativeMode: native.mode } : { id })),
  };
};
