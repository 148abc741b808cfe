// The notes of a guest.
import { Metadata } from '../metadata.js';
import type { AskDomain, Domain } from './domain.js';

/**
 * The notes of a guest.
 *
 * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainSetMetadata
 */
export class DomainMetadata extends Metadata {
  /** @internal */
  constructor(domain: Domain, ask: AskDomain) {
    super(domain, {
      get: (action, ...which) =>
        ask(action, (functions, handle) => functions.virDomainGetMetadata(handle, ...which)),
      set: (action, ...what) =>
        ask(action, (functions, handle) => functions.virDomainSetMetadata(handle, ...what)),
      none: 'NO_DOMAIN_METADATA',
    });
  }
}
