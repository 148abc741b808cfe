// The documents of the library beside the grammars that libvirt has of them: a row for each root element.
// The contract test (documents-rng.test.ts) holds every row to the same demands.

import { hostInterface } from '../../../lib/xml/host-interface/host-interface.js';
import {
  type AnyDocument,
  parseHostInterface,
  parseNetwork,
  parseNodeDevice,
} from '../../../lib/xml/index.js';
import { network } from '../../../lib/xml/network/network.js';
import { nodeDevice } from '../../../lib/xml/node-device/node-device.js';
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
}

export const roots: readonly Root[] = [
  { schema: network, parse: parseNetwork, file: 'network.rng', pairs: 117 },
  { schema: hostInterface, parse: parseHostInterface, file: 'interface.rng', pairs: 49 },
  { schema: nodeDevice, parse: parseNodeDevice, file: 'nodedev.rng', pairs: 105 },
];
