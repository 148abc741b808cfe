// The documents of the library beside the grammars that libvirt has of them: a row for each root element.
// The contract test (documents-rng.test.ts) holds every row to the same demands.

import { hostInterface } from '../../../lib/xml/host-interface/host-interface.js';
import {
  type AnyDocument,
  parseFilter,
  parseFilterBinding,
  parseHostInterface,
  parseInterface,
  parseNetwork,
  parseNetworkPort,
  parseNodeDevice,
} from '../../../lib/xml/index.js';
import { domainInterface } from '../../../lib/xml/interface/interface.js';
import { network } from '../../../lib/xml/network/network.js';
import { networkPort } from '../../../lib/xml/network-port/network-port.js';
import { nodeDevice } from '../../../lib/xml/node-device/node-device.js';
import { nwfilter } from '../../../lib/xml/nwfilter/filter.js';
import { nwfilterBinding } from '../../../lib/xml/nwfilter-binding/binding.js';
import type { Document } from '../../../lib/xml/schema.js';

/** How much a grammar allows. */
export interface Counts {
  /** Pairs of an element's path and an attribute or text of it. */
  readonly pairs: number;
  /** The same, each counted once for every variant that it is in: all NICs have a MAC address. */
  readonly variants: number;
  /** Different smallest documents: one for each element, pair and enumerated value in each variant. */
  readonly documents: number;
}

/** A document, and the grammar that it is held against. */
export interface Root {
  /** The schema. */
  readonly schema: Pick<Document<unknown>, 'kind' | 'root' | 'namespaces'>;
  readonly parse: (text: string) => AnyDocument;
  /** The grammar's file. */
  readonly file: string;
  /** The definition that the root element is in, when the file does not start with it. */
  readonly definition?: string;
  /**
   * What the walk finds in the grammar of libvirt 9.0, the oldest that is supported; later ones have more. Fewer means
   * a broken walk.
   */
  readonly counts: Counts;
  /** Attributes that libvirt reads, by its documentation or its parser, though no grammar of it has them. */
  readonly beyond?: RegExp;
  /** Fields of variants that the grammar of 9.0 gives them and a later one does not: that one need not exercise them. */
  readonly wider?: RegExp;
}

export const roots: readonly Root[] = [
  {
    schema: network,
    parse: parseNetwork,
    file: 'network.rng',
    counts: { pairs: 117, variants: 140, documents: 218 },
  },
  {
    schema: nwfilter,
    parse: parseFilter,
    file: 'nwfilter.rng',
    counts: { pairs: 385, variants: 385, documents: 902 },
    beyond:
      /\/(?:r?arp @arp(?:src|dst)ipmask|tcp(?:-ipv6)? @option|\S*v6 @(?:connlimit-above|state|ipset|ipsetflags))$/,
  },
  {
    schema: nwfilterBinding,
    parse: parseFilterBinding,
    file: 'nwfilterbinding.rng',
    counts: { pairs: 8, variants: 8, documents: 4 },
  },
  {
    schema: networkPort,
    parse: parseNetworkPort,
    file: 'networkport.rng',
    counts: { pairs: 38, variants: 54, documents: 79 },
  },
  {
    schema: domainInterface,
    parse: parseInterface,
    file: 'domaincommon.rng',
    definition: 'interface',
    counts: { pairs: 154, variants: 2040, documents: 2841 },
    // Since 10.0 the grammar has no offloads beside a driver of a host's device.
    wider: /driver\[name=kvm\|vfio\|xen\]/,
  },
  {
    schema: hostInterface,
    parse: parseHostInterface,
    file: 'interface.rng',
    counts: { pairs: 49, variants: 148, documents: 180 },
  },
  {
    schema: nodeDevice,
    parse: parseNodeDevice,
    file: 'nodedev.rng',
    counts: { pairs: 105, variants: 172, documents: 128 },
  },
];
