// What a NIC is to be, of what it is.
import { isDeepStrictEqual } from 'node:util';
import { refuseKey, show } from '../../xml/fault.js';
import type { DomainInterfaceDocument } from '../../xml/index.js';
import { domainInterface } from '../../xml/interface/interface.js';
import { type NicShorthands, readField, refuseOption } from './nic-shorthands.js';
import { ofItsNetwork, placeOf } from './of-network.js';

type Members<Document> = Document extends unknown ? keyof Document : never;
type Member<Document, Key extends PropertyKey> = Document extends unknown
  ? Key extends keyof Document
    ? Document[Key]
    : never
  : never;
type Shorthand<Key> = Key extends keyof NicShorthands ? NicShorthands[Key] : never;

/**
 * Fields of a NIC that take the place of those that it has; undefined takes one away. The fields are those of a
 * {@link DomainInterfaceDocument}; of some the short form of the builders will do, see {@link NicShorthands}.
 *
 * @interface
 */
export type NicPatch = {
  readonly [Key in Exclude<Members<DomainInterfaceDocument>, 'kind' | 'mac'>]?:
    | Member<DomainInterfaceDocument, Key>
    | Shorthand<Key>
    | undefined;
};

/** How a NIC is to change: by fields, or by a function of the document that is. */
export type NicChange = NicPatch | ((nic: DomainInterfaceDocument) => DomainInterfaceDocument);

const { root } = domainInterface;
const types = root.type === 'union' ? root.variants : [root];
/** The fields that NICs have, each of its type. */
const known = new Set(['kind', ...types.flatMap(({ fields }) => Object.keys(fields))]);

/**
 * The document to be.
 *
 * @param keeps whether libvirt leaves a macvtap on its network that it is told of as it is.
 */
export function changedNic(
  before: DomainInterfaceDocument,
  change: NicChange,
  keeps = true,
): DomainInterfaceDocument {
  return typeof change === 'function' ? byFunction(before, change, keeps) : byFields(before, change, keeps);
}

function byFields(before: DomainInterfaceDocument, change: unknown, keeps: boolean): DomainInterfaceDocument {
  if (typeof change !== 'object' || change === null || Array.isArray(change))
    throw new TypeError(`change: ${show(change)} is neither fields of a NIC nor a function`);
  // One to be taken away is not in the document to be, which says of all others whether there are such.
  const fields = Object.entries(change).map(([key, value]) => {
    refuseOption(key, value);
    if (!known.has(key)) refuseKey(key, known, []);
    return [key, readField(key, value)] as const;
  });
  const patch = Object.fromEntries(fields);
  const moves = 'type' in patch || 'source' in patch;
  // Whether the fields fit together is for the schema to say, when the document is written.
  const to = { ...(moves ? ofItsNetwork(before) : before), ...patch } as DomainInterfaceDocument;
  return moves ? to : where(before, to, keeps);
}

function byFunction(
  before: DomainInterfaceDocument,
  change: (nic: DomainInterfaceDocument) => unknown,
  keeps: boolean,
): DomainInterfaceDocument {
  const to = change(before);
  if (typeof to !== 'object' || to === null || !('kind' in to) || to.kind !== 'domainInterface')
    throw new TypeError(
      `change: the function gave ${given(to)}, and not the document of a NIC: return { ...nic, … }`,
    );
  return where(before, to as DomainInterfaceDocument, keeps);
}

/** What a function gave that is no document. */
function given(value: unknown): string {
  if (value === undefined) return 'nothing';
  const isThenable = typeof value === 'object' && value !== null && 'then' in value;
  return isThenable ? 'a promise, which a change does not wait for' : show(value);
}

/** The NIC in the form in which it stays on its network, if it has not been moved elsewhere. */
function where(
  before: DomainInterfaceDocument,
  to: DomainInterfaceDocument,
  keeps: boolean,
): DomainInterfaceDocument {
  // A NIC whose link alone is another stays as it is, while one on a network gets a device of the network anew, which
  // of a macvtap's may be another one.
  if (
    keeps &&
    to.type === 'direct' &&
    isDeepStrictEqual({ ...to, link: undefined }, { ...before, link: undefined })
  )
    return to;
  return placeOf(to) === placeOf(before) ? ofItsNetwork(to) : to;
}
