// The builders of devices of the host.
export { vport } from './vport.js';
