// What is to be built, by kind of document.

/** The builders of networks, one function a mode. */
export * as network from './network/index.js';
