// Events are typed by name, and streams that outlive a loss say so.
import { expectTypeOf, it } from 'vitest';
import type {
  Connection,
  DomainLifecycleEvent,
  DomainState,
  EventStream,
  NetworkLifecycleEvent,
  NicPatch,
  Resync,
} from '../../lib/index.js';

declare const connection: Connection;

it('are of the type of their name', () => {
  expectTypeOf(connection.events.watch('networkLifecycle')).toEqualTypeOf<
    EventStream<NetworkLifecycleEvent>
  >();
  expectTypeOf(connection.events.watch('domainLifecycle', { buffer: 5 })).toEqualTypeOf<
    EventStream<DomainLifecycleEvent>
  >();
  // @ts-expect-error there is no such event
  connection.events.watch('domainLifecycles');
});

it('have the item resync where it was asked for', () => {
  expectTypeOf(connection.events.watch('networkLifecycle', { resync: true })).toEqualTypeOf<
    EventStream<NetworkLifecycleEvent | Resync>
  >();
});

it('reasons belong to their state', () => {
  expectTypeOf<{ state: 'running'; reason: 'booted' }>().toExtend<DomainState>();
  expectTypeOf<{ state: 'running'; reason: 'destroyed' }>().not.toExtend<DomainState>();
});

it('changes of NICs have the fields of NICs', () => {
  expectTypeOf<{ link: { state: 'down' }; filterRef: undefined }>().toExtend<NicPatch>();
  expectTypeOf<{ link: { state: 'sideways' } }>().not.toExtend<NicPatch>();
  expectTypeOf<{ source: { network: string } }>().toExtend<NicPatch>();
});
