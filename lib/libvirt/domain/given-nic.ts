// The NIC that is to be plugged in, as it was given: a document, or the text of one.
import { type DomainInterfaceDocument, parseInterface, untyped } from '../../xml/index.js';
import { documentOf } from '../document.js';
import { refuseBytes } from './given-bytes.js';
import { ofItsNetwork } from './of-network.js';

/** The document of what was given. Throws for what is none, and for a MAC address that is none. */
export function readNic(nic: unknown): DomainInterfaceDocument {
  const document = ofItsNetwork(given(nic));
  // What cannot be read stays with a document as text, and a new address would silently take its place.
  const mac = document.mac ? undefined : untyped(document).find(({ path }) => path === 'interface/mac');
  if (mac) throw new RangeError(`mac: ${mac.text} has no unicast MAC address such as 52:54:00:12:34:56`);
  return document;
}

function given(nic: unknown): DomainInterfaceDocument {
  if (typeof nic === 'string') return parseInterface(nic);
  refuseBytes('nic', nic);
  return documentOf('domainInterface', nic, 'nic', 'a NIC');
}
