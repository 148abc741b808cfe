// What compiles of network filters and their bindings, and what must not.
import { describe, expectTypeOf, it } from 'vitest';
import {
  type FilterBindingDocument,
  type FilterDocument,
  type FilterInclude,
  type FilterRule,
  type IpMatch,
  parseFilter,
  parseFilterBinding,
  type TcpMatch,
} from '../../lib/xml/index.js';
import type { HasAny } from './has-any.js';

describe('FilterDocument', () => {
  it('is what parseFilter gives', () => {
    expectTypeOf(parseFilter).toEqualTypeOf<(text: string) => FilterDocument>();
    expectTypeOf(parseFilterBinding).toEqualTypeOf<(text: string) => FilterBindingDocument>();
    expectTypeOf<HasAny<FilterDocument>>().toEqualTypeOf<false>();
    expectTypeOf<HasAny<FilterBindingDocument>>().toEqualTypeOf<false>();
  });

  it('tells rules from references', () => {
    const narrow = (entry: NonNullable<FilterDocument['entries']>[number]): void => {
      if (entry.action !== undefined) expectTypeOf(entry).toExtend<FilterRule>();
      else expectTypeOf(entry).toEqualTypeOf<FilterInclude>();
      if (entry.filter !== undefined) expectTypeOf(entry.filter).toBeString();
      else expectTypeOf(entry.direction).toEqualTypeOf<'in' | 'out' | 'inout'>();
    };
    expectTypeOf(narrow).returns.toBeVoid();
    // @ts-expect-error neither
    ({ kind: 'nwfilter', name: 'f', entries: [{}] }) satisfies FilterDocument;
    // @ts-expect-error both
    ({ filter: 'a', action: 'drop', direction: 'in' }) satisfies FilterRule | FilterInclude;
  });

  it('has the chains that libvirt has', () => {
    ({ kind: 'nwfilter', name: 'f', chain: 'arp-ip' }) satisfies FilterDocument;
    // @ts-expect-error no chain begins like this
    ({ kind: 'nwfilter', name: 'f', chain: 'tcp' }) satisfies FilterDocument;
  });
});

describe('FilterRule', () => {
  it('is for one protocol or for all', () => {
    ({ action: 'drop', direction: 'in' }) satisfies FilterRule;
    ({ action: 'drop', direction: 'in', tcp: { dstPortStart: 22 } }) satisfies FilterRule;
    // @ts-expect-error two protocols
    ({ action: 'drop', direction: 'in', tcp: {}, udp: {} }) satisfies FilterRule;
    // @ts-expect-error a rule has a direction
    ({ action: 'drop' }) satisfies FilterRule;
    // @ts-expect-error no such action
    ({ action: 'deny', direction: 'in' }) satisfies FilterRule;
  });

  it('has what its protocol has', () => {
    // @ts-expect-error ports are of TCP, UDP and SCTP
    ({ action: 'drop', direction: 'in', igmp: { dstPortStart: 22 } }) satisfies FilterRule;
    // @ts-expect-error states are of the protocols that the host's firewall sees
    ({ action: 'drop', direction: 'in', ip: { state: ['NEW'] } }) satisfies FilterRule;
  });

  it('takes variables where libvirt does', () => {
    ({ srcIp: '$IP', srcPortStart: '$PORTS[@1]', srcPortEnd: 80 }) satisfies TcpMatch;
    ({ protocol: 'udp', dscp: 46, srcIpMask: 24 }) satisfies IpMatch;
    ({ protocol: 17, srcIpMask: '255.255.0.0' }) satisfies IpMatch;
    // @ts-expect-error neither a number nor a variable
    ({ dstPortStart: '22' }) satisfies TcpMatch;
    // @ts-expect-error no such protocol
    ({ protocol: 'ospf' }) satisfies IpMatch;
    // @ts-expect-error flags to look at, and behind a slash those that are set
    ({ flags: 'SYN' }) satisfies TcpMatch;
    // @ts-expect-error no such state
    ({ state: ['OLD'] }) satisfies TcpMatch;
  });
});
