// The builders of networks, one function a mode. Each takes options of a type of its own, so that a combination that
// libvirt would refuse does not compile, and returns a frozen document.
export { bridged } from './bridged.js';
export { hostdev } from './hostdev.js';
export { isolated } from './isolated.js';
export { macvtap } from './macvtap.js';
export { nat } from './nat.js';
export { open } from './open.js';
export { openvswitch } from './openvswitch.js';
export { routed } from './routed.js';
