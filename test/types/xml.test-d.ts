// What compiles of the network document and what must not.
import { describe, expectTypeOf, it } from 'vitest';
import {
  type AnyDocument,
  type Bandwidth,
  type NetworkDocument,
  type NetworkForward,
  type NetworkIp,
  parseNetwork,
  type Route,
  toXML,
  type Untyped,
  untyped,
  type VirtualPort,
  type Vlan,
} from '../../lib/xml/index.js';
import type { networkParts } from '../../lib/xml/network/parts.js';
import { writeFragment } from '../../lib/xml/write.js';
import type { HasAny } from './has-any.js';

describe('NetworkDocument', () => {
  it('is what parseNetwork gives and toXML takes', () => {
    expectTypeOf(parseNetwork).toEqualTypeOf<(text: string) => NetworkDocument>();
    expectTypeOf(toXML).toEqualTypeOf<(document: AnyDocument) => string>();
    expectTypeOf(untyped).returns.toEqualTypeOf<readonly Untyped[]>();
    expectTypeOf(writeFragment).returns.toBeString();
    expectTypeOf<keyof typeof networkParts>().toEqualTypeOf<
      'dhcpHost' | 'dhcpRange' | 'dnsHost' | 'dnsTxt' | 'dnsSrv' | 'portGroup' | 'forwardInterface'
    >();
  });

  it('has no any in it', () => {
    expectTypeOf<HasAny<NetworkDocument>>().toEqualTypeOf<false>();
    // biome-ignore lint/suspicious/noExplicitAny: shows that the question can be answered otherwise
    expectTypeOf<HasAny<{ a?: readonly { b: any }[] }>>().toEqualTypeOf<true>();
  });

  it('is told from other documents by its kind', () => {
    expectTypeOf<NetworkDocument['kind']>().toEqualTypeOf<'network'>();
    // @ts-expect-error a document has a kind
    ({ name: 'lab' }) satisfies NetworkDocument;
    // @ts-expect-error no document has this kind
    toXML({ kind: 'netwrok', name: 'lab' });
  });

  it('must have a name, and has no other name for a field', () => {
    // @ts-expect-error a network has a name
    ({ kind: 'network' }) satisfies NetworkDocument;
    // @ts-expect-error misspelt
    ({ kind: 'network', name: 'lab', forwrad: {} }) satisfies NetworkDocument;
    // @ts-expect-error misspelt, deeper
    ({ kind: 'network', name: 'lab', ips: [{ adress: '10.0.0.1' }] }) satisfies NetworkDocument;
  });

  it('has values as people expect them', () => {
    expectTypeOf<NonNullable<NetworkDocument['bridge']>>().toEqualTypeOf<{
      readonly name?: string;
      readonly zone?: string;
      readonly stp?: boolean;
      readonly delay?: number;
      readonly macTableManager?: 'kernel' | 'libvirt';
    }>();
    expectTypeOf<NetworkForward['mode']>().toEqualTypeOf<
      'nat' | 'route' | 'open' | 'bridge' | 'private' | 'vepa' | 'passthrough' | 'hostdev' | undefined
    >();
    expectTypeOf<NonNullable<Bandwidth['inbound']>['average']>().toEqualTypeOf<number | bigint | undefined>();
    expectTypeOf<NetworkDocument['dnsmasqOptions']>().toEqualTypeOf<readonly string[] | undefined>();
    expectTypeOf<NonNullable<NonNullable<NetworkDocument['dns']>['hosts']>[number]>().toEqualTypeOf<{
      readonly ip: string;
      readonly hostnames: readonly string[];
    }>();
    // @ts-expect-error yes and no are true and false
    ({ kind: 'network', name: 'lab', ipv6: 'yes' }) satisfies NetworkDocument;
    // @ts-expect-error no such mode
    ({ mode: 'bogus' }) satisfies NetworkForward;
    // @ts-expect-error a MAC element has an address
    ({ kind: 'network', name: 'lab', mac: {} }) satisfies NetworkDocument;
  });

  it('cannot be changed in place, at any depth', () => {
    const change = (doc: NetworkDocument) => {
      // @ts-expect-error read only
      doc.name = 'other';
      // @ts-expect-error read only, deeper
      if (doc.bridge) doc.bridge.stp = true;
      // @ts-expect-error read only list
      doc.ips?.push({});
    };
    expectTypeOf(change).returns.toBeVoid();
  });

  it('is changed by spreading', () => {
    const doc = {} as NetworkDocument;
    expectTypeOf({ ...doc, bridge: { ...doc.bridge, stp: true } }).toExtend<NetworkDocument>();
    expectTypeOf({
      ...doc,
      ips: [...(doc.ips ?? []), { address: '10.0.0.1', prefix: 8 }],
    }).toExtend<NetworkDocument>();
  });
});

describe('what excludes each other', () => {
  it('does not stand together: a netmask and a prefix', () => {
    expectTypeOf<{ address: string; prefix: number }>().toExtend<NetworkIp>();
    expectTypeOf<{ address: string; netmask: string }>().toExtend<NetworkIp>();
    expectTypeOf<{ address: string; netmask: string; prefix: number }>().not.toExtend<NetworkIp>();
    expectTypeOf<{
      address: string;
      gateway: string;
      netmask: string;
      prefix: number;
    }>().not.toExtend<Route>();
    // Both can be read without asking which it is.
    expectTypeOf<NetworkIp['prefix']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<NetworkIp['netmask']>().toEqualTypeOf<string | undefined>();
  });

  it('does not stand together: a pool of devices and one of addresses', () => {
    expectTypeOf<{ interfaces: [{ dev: string }] }>().toExtend<NetworkForward>();
    expectTypeOf<{ addresses: [{ type: 'pci' }] }>().toExtend<NetworkForward>();
    expectTypeOf<{
      interfaces: [{ dev: string }];
      addresses: [{ type: 'pci' }];
    }>().not.toExtend<NetworkForward>();
  });
});

describe('VirtualPort', () => {
  it('has the parameters of its type', () => {
    expectTypeOf<VirtualPort['type']>().toEqualTypeOf<
      '802.1Qbg' | '802.1Qbh' | 'openvswitch' | 'midonet' | undefined
    >();
    const narrow = (port: VirtualPort) => {
      if (port.type === 'midonet')
        expectTypeOf(port.parameters).toEqualTypeOf<{ readonly interfaceId: string }>();
      if (port.type === '802.1Qbh')
        expectTypeOf(port.parameters).toEqualTypeOf<{ readonly profileId?: string } | undefined>();
      if (port.type === undefined)
        expectTypeOf(port.parameters?.managerId).toEqualTypeOf<number | undefined>();
      // @ts-expect-error not before the type is known
      port.parameters?.interfaceId;
    };
    expectTypeOf(narrow).returns.toBeVoid();
  });

  it('has no parameters of another type', () => {
    // @ts-expect-error 802.1Qbg has it, Open vSwitch does not
    ({ type: 'openvswitch', parameters: { managerId: 11 } }) satisfies VirtualPort;
    // @ts-expect-error midonet cannot do without
    ({ type: 'midonet' }) satisfies VirtualPort;
    // @ts-expect-error no such type
    ({ type: 'hyper' }) satisfies VirtualPort;
    ({ parameters: { managerId: 11, profileId: 'a' } }) satisfies VirtualPort;
  });
});

describe('Vlan', () => {
  it('must have tags', () => {
    // @ts-expect-error a VLAN without tags is none
    ({ trunk: true }) satisfies Vlan;
    ({ tags: [{ id: 42, nativeMode: 'untagged' }] }) satisfies Vlan;
  });
});
