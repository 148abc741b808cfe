// What methods take as a document: the typed value of a builder or a reader, or text.
import { XmlError } from '../xml/error.js';
import { show } from '../xml/fault.js';
import {
  type AnyDocument,
  parseFilter,
  parseFilterBinding,
  parseHostInterface,
  parseNetwork,
  parseNetworkPort,
  parseNodeDevice,
  toXML,
} from '../xml/index.js';

type OfKind<Kind extends AnyDocument['kind']> = Extract<AnyDocument, { kind: Kind }>;

/** Both forms of a document. */
export interface Given<Document> {
  document: Document;
  xml: string;
}

/** For each kind the name of the parameter, the words for it in messages, and the reader of its text. */
const kinds = {
  network: ['network', 'a network', parseNetwork],
  networkPort: ['port', 'a network port', parseNetworkPort],
  nwfilter: ['filter', 'a network filter', parseFilter],
  nwfilterBinding: ['binding', 'a filter binding', parseFilterBinding],
  hostInterface: ['interface', 'a host interface', parseHostInterface],
  nodeDevice: ['device', 'a node device', parseNodeDevice],
} as const satisfies {
  [Kind in AnyDocument['kind']]?: readonly [string, string, (text: string) => OfKind<Kind>];
};

const ofFile = "of a file its text is taken: await readFile(NAME, 'utf8')";
const start = { line: 1, column: 1 };

/** Reads what was given for a document. Text goes to libvirt as it came. */
export function documentAndText<Kind extends keyof typeof kinds>(
  kind: Kind,
  given: unknown,
): Given<OfKind<Kind>> {
  const [name, words, parse] = kinds[kind];
  if (typeof given === 'string') {
    if (given.trim() !== '' && !given.includes('<'))
      throw new XmlError(`${name}: ${show(given)} is no XML; ${ofFile}`, '', start);
    return { document: parse(given) as OfKind<Kind>, xml: given };
  }
  if (ArrayBuffer.isView(given))
    throw new TypeError(`${name}: bytes are neither the document of ${words} nor the text of one; ${ofFile}`);
  const document = documentOf(kind, given, name, words);
  return { document, xml: toXML(document) };
}

/** What was given, if it is a document of that kind. Throws, naming the parameter, for what is none. */
export function documentOf<Kind extends AnyDocument['kind']>(
  kind: Kind,
  given: unknown,
  name: string,
  words: string,
): OfKind<Kind> {
  if (typeof given !== 'object' || given === null)
    throw new TypeError(`${name}: ${show(given)} is neither the document of ${words} nor the text of one`);
  const its: unknown = 'kind' in given ? given.kind : undefined;
  if (its !== kind) throw new TypeError(`kind: ${show(its)} is not '${kind}'`);
  return given as OfKind<Kind>;
}
