// What compiles of guests, their NICs and what is measured of them, and what must not.
import { describe, expectTypeOf, it } from 'vitest';
import type {
  AnnounceOptions,
  Connection,
  Domain,
  GuestAddress,
  GuestNic,
  GuestNicStats,
  NicTraffic,
  TargetStats,
} from '../../lib/index.js';

describe('domains.nicStats', () => {
  const use = async ({ domains, networks }: Connection, guests: readonly Domain[]) => {
    expectTypeOf(domains.nicStats()).resolves.toEqualTypeOf<readonly GuestNicStats[]>();
    expectTypeOf(domains.nicStats(guests)).resolves.toEqualTypeOf<readonly GuestNicStats[]>();
    domains.nicStats({ active: true, persistent: false, state: 'paused' });
    // @ts-expect-error only what libvirt measures by
    domains.nicStats({ autostart: true });
    // @ts-expect-error a state of guests
    domains.nicStats({ state: 'asleep' });
    // @ts-expect-error guests, and not their names
    domains.nicStats(['web']);
    // @ts-expect-error networks are not measured
    domains.nicStats(await networks.list());
    for (const stats of await domains.nicStats()) {
      expectTypeOf(stats.nics).toEqualTypeOf<readonly TargetStats[]>();
      // @ts-expect-error what was measured stays
      stats.nics = [];
    }
    expectTypeOf<TargetStats['target']>().toBeString();
    expectTypeOf<TargetStats['received']>().toEqualTypeOf<NicTraffic>();
    // Counters pass 2^53, and one may be missing.
    expectTypeOf<NicTraffic[keyof NicTraffic]>().toEqualTypeOf<bigint | undefined>();
  };

  it('takes a filter or guests', () => expectTypeOf(use).returns.resolves.toBeVoid());
});

describe('domain.nics.announce', () => {
  const use = async ({ nics }: Domain, nic: GuestNic) => {
    expectTypeOf(nics.announce()).resolves.toBeVoid();
    nics.announce(undefined, { initial: 50, max: 550, rounds: 5, step: 100 });
    nics.announce(nic.mac, {});
    // @ts-expect-error a NIC is named
    nics.announce(nic);
    // @ts-expect-error the name comes first
    nics.announce({ rounds: 3 });
    // @ts-expect-error milliseconds are a number
    nics.announce('vnet0', { initial: '50ms' });
    expectTypeOf<keyof AnnounceOptions>().toEqualTypeOf<'initial' | 'max' | 'rounds' | 'step'>();
  };

  it('takes the name of a NIC, or none', () => expectTypeOf(use).returns.resolves.toBeVoid());
});

describe('domain.waitForAddress', () => {
  const use = async (domain: Domain) => {
    expectTypeOf(domain.waitForAddress()).resolves.toEqualTypeOf<GuestAddress>();
    domain.waitForAddress({ mac: '', family: 'ipv6', sources: ['lease'], timeout: 1 });
    // @ts-expect-error a source of addresses
    domain.waitForAddress({ sources: ['dns'] });
    // @ts-expect-error a wait is for what others reach
    domain.waitForAddress({ local: true });
    // @ts-expect-error a link is up or down
    domain.nics.update('net0', { link: { state: 'unplugged' } });
    domain.nics.update('net0', { link: 'down', bandwidth: '10mbit', mtu: 9000, model: 'e1000', vlan: 10 });
    domain.nics.update('net0', {
      boot: 1,
      coalesce: 7,
      target: undefined,
      alias: 'ua-web',
      vlan: { trunk: [10] },
    });
    // @ts-expect-error a link is up or down, also in short
    domain.nics.update('net0', { link: 'unplugged' });
    // @ts-expect-error a document has filterRef
    domain.nics.update('net0', { filter: 'clean-traffic' });
    // @ts-expect-error what a function gives is waited for by nobody
    domain.nics.update('net0', async (nic) => nic);
    // @ts-expect-error another MAC address is another NIC
    domain.nics.update('net0', { mac: { address: '' } });
  };

  it('tells who knew', () => {
    expectTypeOf(use).returns.resolves.toBeVoid();
    expectTypeOf<GuestAddress['source']>().toEqualTypeOf<'lease' | 'agent' | 'arp'>();
  });
});
