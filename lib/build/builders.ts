// What is to be built, by kind of document.

/** Network filters: `build.filter({ name, entries })`, with rules and references to other filters. */
export { filter, include } from './filter/filter.js';
export { rule } from './filter/rule.js';
/** The builders of interfaces of the host, one function a type. */
export * as hostInterface from './host-interface/index.js';
/** The builders of networks, one function a mode. */
export * as network from './network/index.js';
/** The builders of NICs of guests, one function a type. */
export * as nic from './nic/index.js';
/** The builders of devices of the host. */
export * as nodeDevice from './node-device/index.js';
