// What a NIC is to be, of what it is.
import { refuseKey, show } from '../../xml/fault.js';
import type { DomainInterfaceDocument } from '../../xml/index.js';
import { domainInterface } from '../../xml/interface/interface.js';

type Members<Document> = Document extends unknown ? keyof Document : never;
type Member<Document, Key extends PropertyKey> = Document extends unknown
  ? Key extends keyof Document
    ? Document[Key]
    : never
  : never;

/**
 * Fields of a NIC that take the place of those that it has; undefined takes one away. The fields are those of a
 * {@link DomainInterfaceDocument}.
 *
 * @interface
 */
export type NicPatch = {
  readonly [Key in Exclude<Members<DomainInterfaceDocument>, 'kind' | 'mac'>]?:
    | Member<DomainInterfaceDocument, Key>
    | undefined;
};

/** How a NIC is to change: by fields, or by a function of the document that is. */
export type NicChange = NicPatch | ((nic: DomainInterfaceDocument) => DomainInterfaceDocument);

const { root } = domainInterface;
const types = root.type === 'union' ? root.variants : [root];
/** The fields that NICs have, each of its type. */
const known = new Set(['kind', ...types.flatMap(({ fields }) => Object.keys(fields))]);

/** The document to be. */
export function changedNic(before: DomainInterfaceDocument, change: NicChange): DomainInterfaceDocument {
  if (typeof change === 'function') return change(before);
  if (typeof change !== 'object' || change === null || Array.isArray(change))
    throw new TypeError(`change: ${show(change)} is neither fields of a NIC nor a function`);
  // One to be taken away is not in the document to be, which says of all others whether there are such.
  for (const key of Object.keys(change)) if (!known.has(key)) refuseKey(key, known, []);
  // Whether the fields fit together is for the schema to say, when the document is written.
  return { ...asOfItsNetwork(before), ...change } as DomainInterfaceDocument;
}

/** Of a NIC on a network that runs libvirt tells what the network made of it. What is changed is the NIC on the network. */
function asOfItsNetwork(nic: DomainInterfaceDocument): DomainInterfaceDocument {
  if ((nic.type !== 'bridge' && nic.type !== 'direct') || nic.source?.network === undefined) return nic;
  const { network, portGroup } = nic.source;
  return {
    ...nic,
    type: 'network',
    source: { network, ...(portGroup !== undefined && { portGroup }) },
  } as DomainInterfaceDocument;
}
