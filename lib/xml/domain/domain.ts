// The <domain> document as far as its NICs: what names the guest, and its interfaces. The rest of it is none of this
// library's business and stays as it was written, byte for byte.
// https://libvirt.org/formatdomain.html
import { integer, string, uuid } from '../codec.js';
import { domainInterface } from '../interface/interface.js';
import {
  attribute,
  content,
  type Document,
  documentsIn,
  element,
  type Infer,
  splicedDocument,
  text,
  wrapped,
} from '../schema.js';

const domainElement = element('domain', {
  /** `<domain type='kvm'>`: the hypervisor. Whoever defines a domain must say it; templates and fragments do not. */
  type: attribute('type', string),
  /** `<domain id='3'>`: the number of a guest that runs; libvirt writes it. */
  id: attribute('id', integer(0, 0x7fffffff)),
  /** `<name>guest1</name>`. Whoever defines a domain must say it; templates and fragments do not. */
  name: text('name', string),
  /** `<uuid>4dea22b3-1d52-d8f3-2516-782e98ab3fa0</uuid>`: libvirt makes one up when it is left out. */
  uuid: text('uuid', uuid),
  /** `<title>Web server</title>`: one line for people. */
  title: text('title', string),
  /** `<description>…</description>`: any text for people. */
  description: text('description', string),
  /** `<metadata>…</metadata>`: what is between the tags, as XML text; applications keep their own elements there. */
  metadata: wrapped('metadata', content()),
  /**
   * `<devices><interface type='network'>…</interface></devices>`: the NICs in their order. A NIC that libvirt could
   * not have written is not among them, but stays in the text.
   */
  nics: documentsIn('devices', domainInterface, {
    behind: ['emulator', 'disk', 'controller', 'lease', 'filesystem'],
  }),
});

/**
 * A guest, as far as its network goes: the typed value of a `<domain>` document. One that was read keeps its text;
 * one that was made by hand, or copied as JSON, has nothing but these fields.
 */
export interface DomainDocument extends Infer<typeof domainElement> {
  /** Tells a domain from other documents. */
  readonly kind: 'domain';
}

/** The schema of the `<domain>` document. */
export const domain: Document<DomainDocument> = splicedDocument('domain', domainElement);
