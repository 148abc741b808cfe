// The guest that is to be defined or created, as it was given: a document, or the text of one.
import { show } from '../../xml/fault.js';
import { type DomainDocument, parseDomain, toXML } from '../../xml/index.js';
import { refuseBytes } from './given-bytes.js';
import { ofItsNetwork } from './of-network.js';

/** Both forms of a guest. Text goes to libvirt as it came. */
export function readDomain(domain: unknown): { document: DomainDocument; xml: string } {
  if (typeof domain === 'string') return { document: parseDomain(domain), xml: domain };
  refuseBytes('domain', domain);
  if (typeof domain !== 'object' || domain === null)
    throw new TypeError(`domain: ${show(domain)} is neither the document of a domain nor the text of one`);
  const kind: unknown = 'kind' in domain ? domain.kind : undefined;
  if (kind !== 'domain') throw new TypeError(`kind: ${show(kind)} is not 'domain'`);
  const document = onItsNetworks(domain as DomainDocument);
  return { document, xml: toXML(document) };
}

/** The guest with its NICs on their networks, also where it is described as it runs. */
function onItsNetworks(domain: DomainDocument): DomainDocument {
  if (!Array.isArray(domain.nics)) return domain;
  // What is no NIC at all is for the schema to name.
  const nics = domain.nics.map((nic) => nic && ofItsNetwork(nic));
  return nics.some((nic, i) => nic !== domain.nics?.[i]) ? { ...domain, nics } : domain;
}
