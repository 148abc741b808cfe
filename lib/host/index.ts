// The public names of virtnet/host.
export { type Asked, KernelError, type Refusal } from './error.js';
