// What compiles of comparing documents and of reading one of any kind.
import { describe, expectTypeOf, it } from 'vitest';
import {
  type AnyDocument,
  type Difference,
  diff,
  type NetworkDocument,
  parseDocument,
  parseFilter,
  parseNetwork,
} from '../../lib/xml/index.js';

const network = parseNetwork('<network><name>a</name></network>');
const filter = parseFilter("<filter name='a'/>");

describe('diff', () => {
  it('compares documents of one kind', () => {
    expectTypeOf(diff(network, network)).toEqualTypeOf<readonly Difference[]>();
    expectTypeOf<Difference['before']>().toBeUnknown();
    expectTypeOf<Difference['after']>().toBeUnknown();
    // @ts-expect-error: a filter is no network.
    expectTypeOf(diff<NetworkDocument>).toBeCallableWith(network, filter);
    // @ts-expect-error: there is no such way of ignoring.
    expectTypeOf(diff<NetworkDocument>).toBeCallableWith(network, network, { ignore: 'all' });
  });
});

describe('parseDocument', () => {
  it('gives any document, or one of the kind that is asked for', () => {
    const text = '<network><name>a</name></network>';
    expectTypeOf(parseDocument(text)).toEqualTypeOf<AnyDocument>();
    expectTypeOf(parseDocument(text, { kind: 'network' })).toEqualTypeOf<NetworkDocument>();
    // @ts-expect-error: there is no such kind.
    expectTypeOf(parseDocument).toBeCallableWith(text, { kind: 'lan' });
  });
});
