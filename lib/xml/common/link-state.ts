// <link>: what a link of the host does at the moment, and the address of its hardware. Host interfaces and node
// devices share it. https://libvirt.org/formatnode.html#net
import { form, integer, oneOf } from '../codec.js';
import { attribute, element, type Infer, typed } from '../schema.js';

/** A hardware address of any length: six bytes on Ethernet, twenty on InfiniBand, four on a tunnel. */
export const hardwareAddress = form('a hardware address', (text) =>
  /^[0-9a-f]{2}(?::[0-9a-f]{2})*$/i.test(text),
);

const linkStateElement = element('link', {
  /** `<link speed='1000'>`: Mbit/s. */
  speed: attribute('speed', integer(0, 0xffffffff)),
  /** `<link state='up'>`: the operational state of RFC 2863. */
  state: attribute(
    'state',
    oneOf('unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up'),
  ),
});

/** `<link speed='1000' state='up'/>`: what a link does at the moment; libvirt writes it. */
export interface LinkState extends Infer<typeof linkStateElement> {}

/** `<link speed='1000' state='up'/>` */
export const linkState = typed<LinkState>(linkStateElement);
