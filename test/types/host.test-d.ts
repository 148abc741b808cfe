// What compiles of the documents of the host (interfaces and node devices) and what must not.
import { describe, expectTypeOf, it } from 'vitest';
import {
  type HostBridgePort,
  type HostInterfaceDocument,
  type NodeDeviceCapability,
  type NodeDeviceDocument,
  parseHostInterface,
  parseNodeDevice,
  toXML,
} from '../../lib/xml/index.js';
import type { HasAny } from './has-any.js';

const nic = { kind: 'hostInterface', type: 'ethernet', name: 'eth0' } as const;

describe('HostInterfaceDocument', () => {
  it('is what parseHostInterface gives and toXML takes, without any any', () => {
    expectTypeOf(parseHostInterface).toEqualTypeOf<(text: string) => HostInterfaceDocument>();
    expectTypeOf<HasAny<HostInterfaceDocument>>().toEqualTypeOf<false>();
    expectTypeOf<HostInterfaceDocument['kind']>().toEqualTypeOf<'hostInterface'>();
    expectTypeOf(() => toXML(nic)).returns.toBeString();
  });

  it('is narrowed by its type', () => {
    const narrow = (doc: HostInterfaceDocument) => {
      if (doc.type === 'bridge') expectTypeOf(doc.bridge.stp).toEqualTypeOf<boolean | undefined>();
      if (doc.type === 'bond') expectTypeOf(doc.bond.miimon?.freq).toEqualTypeOf<number | undefined>();
      if (doc.type === 'vlan') expectTypeOf(doc.vlan.tag).toBeNumber();
      if (doc.type === 'ethernet') expectTypeOf(doc.mac?.address).toEqualTypeOf<string | undefined>();
      // @ts-expect-error not before the type is known
      doc.bridge;
      // @ts-expect-error IPv4 has no autoconfiguration
      for (const protocol of doc.protocols ?? []) if (protocol.family === 'ipv4') protocol.autoconf;
    };
    expectTypeOf(narrow).returns.toBeVoid();
  });

  it('has nothing of another type', () => {
    // @ts-expect-error a NIC has no ports
    ({ ...nic, bridge: {} }) satisfies HostInterfaceDocument;
    // @ts-expect-error a bridge has a <bridge>
    ({ ...nic, type: 'bridge' }) satisfies HostInterfaceDocument;
    // @ts-expect-error a bond has no start mode when it is in a bridge
    ({ type: 'bond', name: 'bond0', bond: {}, start: { mode: 'onboot' } }) satisfies HostBridgePort;
    // @ts-expect-error a bridge is in no bridge
    ({ type: 'bridge', name: 'br1', bridge: {} }) satisfies HostBridgePort;
    ({
      ...nic,
      type: 'bond',
      // @ts-expect-error a bond watches its NICs in one way
      bond: { miimon: { freq: 1 }, arpmon: { interval: 1, target: '192.0.2.1' } },
    }) satisfies HostInterfaceDocument;
  });
});

describe('NodeDeviceDocument', () => {
  it('is what parseNodeDevice gives, without any any', () => {
    expectTypeOf(parseNodeDevice).toEqualTypeOf<(text: string) => NodeDeviceDocument>();
    expectTypeOf<HasAny<NodeDeviceDocument>>().toEqualTypeOf<false>();
    expectTypeOf<NodeDeviceDocument['kind']>().toEqualTypeOf<'nodeDevice'>();
  });

  it('has capabilities that are narrowed by their type', () => {
    const narrow = (capability: NodeDeviceCapability) => {
      if (capability.type === 'net')
        expectTypeOf(capability.features).toEqualTypeOf<readonly string[] | undefined>();
      if (capability.type === 'pci')
        for (const inner of capability.capabilities ?? [])
          if (inner.type === 'virt_functions')
            expectTypeOf(inner.maxCount).toEqualTypeOf<number | undefined>();
      // @ts-expect-error not before the type is known
      capability.interface;
    };
    expectTypeOf(narrow).returns.toBeVoid();
    // @ts-expect-error a network link has a name
    ({ type: 'net' }) satisfies NodeDeviceCapability;
    // @ts-expect-error no such type
    ({ type: 'warp' }) satisfies NodeDeviceCapability;
  });

  it('has a parent by name or by world wide names', () => {
    ({ kind: 'nodeDevice', parent: { name: 'scsi_host3' } }) satisfies NodeDeviceDocument;
    ({ kind: 'nodeDevice', parent: { wwnn: 'a', wwpn: 'b' } }) satisfies NodeDeviceDocument;
    // @ts-expect-error not by both
    ({ kind: 'nodeDevice', parent: { name: 'scsi_host3', wwnn: 'a' } }) satisfies NodeDeviceDocument;
  });
});
