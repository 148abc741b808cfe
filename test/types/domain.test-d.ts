// What compiles of a domain as far as its NICs, and what must not.
import { describe, expectTypeOf, it } from 'vitest';
import {
  type DomainDocument,
  type DomainInterfaceDocument,
  diff,
  parseDocument,
  parseDomain,
  parseInterface,
  toXML,
} from '../../lib/xml/index.js';

const doc = parseDomain('');
const nic = parseInterface('');

describe('DomainDocument', () => {
  it('is what parseDomain gives and toXML takes', () => {
    expectTypeOf(parseDomain).toEqualTypeOf<(text: string) => DomainDocument>();
    expectTypeOf(parseDocument('', { kind: 'domain' })).toEqualTypeOf<DomainDocument>();
    expectTypeOf(doc.name).toEqualTypeOf<string | undefined>();
    expectTypeOf(doc.uuid).toEqualTypeOf<string | undefined>();
    expectTypeOf(doc.nics).toEqualTypeOf<readonly DomainInterfaceDocument[]>();
  });

  it('takes NICs that were read, built or changed', () => {
    toXML({ ...doc, nics: [...doc.nics, nic] });
    toXML({ ...doc, nics: doc.nics.map((one) => ({ ...one, link: { state: 'down' } })) });
    toXML({
      ...doc,
      nics: doc.nics.map((one) => (one.type === 'network' ? { ...one, source: { network: 'lan' } } : one)),
    });
    toXML({ kind: 'domain', type: 'kvm', name: 'web', nics: [] });
    for (const one of doc.nics) toXML(one);
  });

  it('takes nothing else for a NIC, and no change of what it holds', () => {
    // @ts-expect-error: a NIC is a document
    toXML({ ...doc, nics: [{ type: 'null' }] });
    // @ts-expect-error: of another kind
    toXML({ ...doc, nics: [{ kind: 'network', name: 'lan' }] });
    // @ts-expect-error: there is a list even without NICs
    toXML({ kind: 'domain', type: 'kvm', name: 'web' });
    // @ts-expect-error: this is kept as text
    toXML({ ...doc, memory: 512 });
    // @ts-expect-error: values are not changed in place
    doc.nics.push(nic);
    // @ts-expect-error: a domain and a NIC have nothing to compare
    diff(doc, nic);
  });
});
