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

/** A document, and the grammar that it is held against. */
export interface Root {
  /** The schema. */
  readonly schema: Pick<Document<unknown>, 'kind' | 'root'>;
  readonly parse: (text: string) => AnyDocument;
  /** The grammar's file. */
  readonly file: string;
  /** The definition that the root element is in, when the file does not start with it. */
  readonly definition?: string;
  /** How many pairs of element and attribute or text the grammar of libvirt 9.0 has: fewer means a broken walk. */
  readonly pairs: number;
  /** Attributes that libvirt reads, by its documentation or its parser, though no grammar of it has them. */
  readonly beyond?: RegExp;
}

export const roots: readonly Root[] = [
  { schema: network, parse: parseNetwork, file: 'network.rng', pairs: 117 },
  {
    schema: nwfilter,
    parse: parseFilter,
    file: 'nwfilter.rng',
    pairs: 385,
    beyond:
      /\/(?:r?arp @arp(?:src|dst)ipmask|tcp(?:-ipv6)? @option|\S*v6 @(?:connlimit-above|state|ipset|ipsetflags))$/,
  },
  { schema: nwfilterBinding, parse: parseFilterBinding, file: 'nwfilterbinding.rng', pairs: 8 },
  { schema: networkPort, parse: parseNetworkPort, file: 'networkport.rng', pairs: 38 },
  {
    schema: domainInterface,
    parse: parseInterface,
    file: 'domaincommon.rng',
    definition: 'interface',
    pairs: 154,
  },
  { schema: hostInterface, parse: parseHostInterface, file: 'interface.rng', pairs: 49 },
  { schema: nodeDevice, parse: parseNodeDevice, file: 'nodedev.rng', pairs: 105 },
];
