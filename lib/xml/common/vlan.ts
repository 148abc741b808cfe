// <vlan>: the VLAN tags of a port or of all ports of a network. Networks, port groups, ports and interfaces
// of domains share it. https://libvirt.org/formatnetwork.html#setting-vlan-tag-on-supported-network-types-only
import { integer, oneOf, yesOrAbsent } from '../codec.js';
import { attribute, element, type Infer, many, required, typed } from '../schema.js';

const tagElement = element('tag', {
  /** `<tag id='42'/>`: 0 to 4095. */
  id: required(attribute('id', integer(0, 4095))),
  /** `<tag id='123' nativeMode='untagged'/>`: the native VLAN of a trunk. */
  nativeMode: attribute('nativeMode', oneOf('tagged', 'untagged')),
});

/** `<tag id='123' nativeMode='untagged'/>`: one VLAN of a port. */
export interface VlanTag extends Infer<typeof tagElement> {}

const vlanElement = element('vlan', {
  /** `<vlan trunk='yes'>`: the port carries tagged frames of all its tags; implied by more than one tag. */
  trunk: attribute('trunk', yesOrAbsent),
  /** `<tag id='42'/>`, at least one. */
  tags: required(many(typed<VlanTag>(tagElement))),
});

/** `<vlan trunk='yes'><tag id='42'/><tag id='123' nativeMode='untagged'/></vlan>`: the VLAN tags of a port. */
export interface Vlan extends Infer<typeof vlanElement> {}

/** `<vlan>` with at least one tag. */
export const vlan = typed<Vlan>(vlanElement);
