// What the changes of this machine's network are, by what is watched.
import { expectTypeOf, it } from 'vitest';
import {
  type BridgeVlan,
  type Change,
  type FdbEntry,
  host,
  type Link,
  type MulticastGroup,
} from '../../lib/host/index.js';
import type { EventStream } from '../../lib/index.js';

it('host.watch gives what it was asked for', () => {
  expectTypeOf(() => host.watch({ of: ['vlan'] })).returns.toEqualTypeOf<EventStream<Change<'vlan'>>>();
  expectTypeOf<Change<'vlan'>['item']>().toEqualTypeOf<BridgeVlan>();
  expectTypeOf<Change<'multicastGroup'>['item']>().toEqualTypeOf<MulticastGroup>();
  expectTypeOf<Change<'link' | 'fdb'>['item']>().toEqualTypeOf<Link | FdbEntry>();
  expectTypeOf(() => host.watch()).returns.toEqualTypeOf<EventStream<Change>>();
  // @ts-expect-error there is nothing of that name
  expectTypeOf(() => host.watch({ of: ['wire'] }));
});
