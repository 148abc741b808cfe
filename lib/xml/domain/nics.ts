// The NICs of a domain that libvirt has printed, found without a tree of all the rest: lists of many guests are made
// of nothing else. What is not well-formed is not noticed here.
import { XmlError } from '../error.js';
import { type DomainInterfaceDocument, domainInterface } from '../interface/interface.js';
import { readDocument } from '../read.js';

/** A tag; or a comment, a CDATA section or an instruction, in which tags mean nothing. */
const markup =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)([^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*?(\/?)>/g;

/** The path of a NIC. */
const path = ['domain', 'devices', 'interface'];

/** The text of each NIC. */
function* texts(text: string): Generator<string> {
  /** How many of the elements that are open are those of the path, and how many there are. */
  let matched = 0;
  let depth = 0;
  let start = 0;
  for (const { index, 0: piece, 1: slash, 2: name, 3: empty } of text.matchAll(markup)) {
    if (name === undefined) continue;
    if (!slash) {
      if (matched === depth && name === path[depth]) {
        matched++;
        if (matched === path.length) start = index;
      }
      depth++;
    }
    if (slash || empty) {
      if (matched === depth) {
        if (matched === path.length) yield text.slice(start, index + piece.length);
        matched--;
      }
      depth--;
    }
  }
}

/** Those that `parseDomain` gives; a NIC that libvirt could not have written is not among them. */
export function nicsOf(text: string): DomainInterfaceDocument[] {
  const nics: DomainInterfaceDocument[] = [];
  for (const nic of texts(text)) {
    try {
      nics.push(readDocument(domainInterface, nic));
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
    }
  }
  return nics;
}
