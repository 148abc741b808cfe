// The guest that is to be defined or created, as it was given: a document, or the text of one.
import { type DomainDocument, parseDomain, toXML } from '../../xml/index.js';
import { documentOf } from '../document.js';
import { refuseBytes } from './given-bytes.js';
import { ofItsNetwork } from './of-network.js';

/** Both forms of a guest. Text goes to libvirt as it came. */
export function readDomain(domain: unknown): { document: DomainDocument; xml: string } {
  if (typeof domain === 'string') return { document: parseDomain(domain), xml: domain };
  refuseBytes('domain', domain);
  const document = onItsNetworks(documentOf('domain', domain, 'domain', 'a domain'));
  return { document, xml: toXML(document) };
}

/** The guest with its NICs on their networks, also where it is described as it runs. */
function onItsNetworks(domain: DomainDocument): DomainDocument {
  if (!Array.isArray(domain.nics)) return domain;
  // What is no NIC at all is for the schema to name.
  const nics = domain.nics.map((nic) => nic && ofItsNetwork(nic));
  return nics.some((nic, i) => nic !== domain.nics?.[i]) ? { ...domain, nics } : domain;
}
