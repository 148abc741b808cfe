// The builders of interfaces of the host, one function a type.
export { bond, bridge, ethernet, vlan } from './host-interface.js';
