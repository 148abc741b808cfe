// What compiles of a NIC and of a port of a network, and what must not.
import { describe, expectTypeOf, it } from 'vitest';
import {
  type DirectNic,
  type DomainInterfaceDocument,
  type NetworkPortDocument,
  type Nic,
  type NicDriver,
  type NicOptions,
  parseInterface,
  parseNetworkPort,
  toXML,
  type VhostUserReconnect,
  type VirtualPort,
} from '../../lib/xml/index.js';
import type { HasAny } from './has-any.js';

type Of<T extends Nic['type']> = Extract<Nic, { readonly type: T }>;

describe('DomainInterfaceDocument', () => {
  it('is what parseInterface gives and toXML takes', () => {
    expectTypeOf(parseInterface).toEqualTypeOf<(text: string) => DomainInterfaceDocument>();
    expectTypeOf(toXML)
      .parameter(0)
      .extract<{ kind: 'domainInterface' }>()
      .toExtend<DomainInterfaceDocument>();
    expectTypeOf<HasAny<DomainInterfaceDocument>>().toEqualTypeOf<false>();
  });

  it('has the types of libvirt', () => {
    expectTypeOf<Nic['type']>().toEqualTypeOf<
      | 'network'
      | 'bridge'
      | 'ethernet'
      | 'direct'
      | 'hostdev'
      | 'user'
      | 'vhostuser'
      | 'internal'
      | 'mcast'
      | 'server'
      | 'client'
      | 'udp'
      | 'vdpa'
      | 'vds'
      | 'null'
    >();
  });

  it('narrows by its type to what such a NIC has', () => {
    const narrow = (nic: DomainInterfaceDocument) => {
      expectTypeOf(nic.mac?.address).toEqualTypeOf<string | undefined>();
      expectTypeOf(nic.model?.type).toEqualTypeOf<string | undefined>();
      // @ts-expect-error not before the type is known
      nic.source;
      if (nic.type === 'direct') {
        expectTypeOf(nic.source.dev).toBeString();
        expectTypeOf(nic.source.mode).toEqualTypeOf<
          'vepa' | 'bridge' | 'private' | 'passthrough' | undefined
        >();
        expectTypeOf(nic.virtualPort).toEqualTypeOf<VirtualPort | undefined>();
        // @ts-expect-error a macvtap is on a device
        nic.source.bridge;
        // @ts-expect-error only devices of the host are managed
        nic.managed;
      }
      if (nic.type === 'network') expectTypeOf(nic.source.network).toBeString();
      if (nic.type === 'bridge') expectTypeOf(nic.source?.bridge).toEqualTypeOf<string | undefined>();
      if (nic.type === 'hostdev') expectTypeOf(nic.managed).toEqualTypeOf<boolean | undefined>();
      if (nic.type === 'mcast' || nic.type === 'client') expectTypeOf(nic.source.port).toBeNumber();
      if (nic.type === 'vds') expectTypeOf(nic.source.portId).toEqualTypeOf<number | bigint | undefined>();
      if (nic.type === 'user') {
        // @ts-expect-error nothing to present to a switch
        nic.virtualPort;
      }
      if (nic.type === 'null') {
        // @ts-expect-error plugged into nothing
        nic.source;
      }
    };
    expectTypeOf(narrow).returns.toBeVoid();
  });

  it('refuses combinations that there are not', () => {
    ({ kind: 'domainInterface', type: 'direct', source: { dev: 'eth0' } }) satisfies DomainInterfaceDocument;
    ({ kind: 'domainInterface', type: 'user' }) satisfies DomainInterfaceDocument;
    // @ts-expect-error a macvtap has a source
    ({ kind: 'domainInterface', type: 'direct' }) satisfies DomainInterfaceDocument;
    // @ts-expect-error the source of another type
    ({ type: 'direct', source: { bridge: 'br0' } }) satisfies Nic;
    // @ts-expect-error the source of another type
    ({ type: 'network', source: { dev: 'eth0' } }) satisfies Nic;
    // @ts-expect-error no virtual port on a user network
    ({ type: 'user', virtualPort: { type: 'openvswitch' } }) satisfies Nic;
    // @ts-expect-error only devices of the host are managed
    ({ type: 'network', source: { network: 'default' }, managed: true }) satisfies Nic;
    // @ts-expect-error no such type
    ({ type: 'netwrok' }) satisfies Nic;
    // @ts-expect-error plugged into nothing
    ({ type: 'null', source: {} }) satisfies Nic;
    // @ts-expect-error a tunnel has two ends
    ({ type: 'udp', source: { address: '127.0.0.1', port: 1 } }) satisfies Nic;
  });

  it('shares between all types what all have', () => {
    expectTypeOf<Nic>().toExtend<NicOptions>();
    expectTypeOf<Of<'direct'>>().toEqualTypeOf<DirectNic>();
  });

  it('is changed by spreading', () => {
    const nic = {} as DomainInterfaceDocument;
    expectTypeOf({ ...nic, link: { state: 'down' as const } }).toExtend<DomainInterfaceDocument>();
    // @ts-expect-error read only
    nic.mtu = { size: 9000 };
  });
});

describe('parts of a NIC', () => {
  it('has the options of its driver', () => {
    ({ name: 'vhost', queues: 4, host: { gso: false } }) satisfies NicDriver;
    ({ queues: 4 }) satisfies NicDriver;
    // @ts-expect-error queues are not for handing a device over
    ({ name: 'vfio', queues: 4 }) satisfies NicDriver;
    // @ts-expect-error variants of VFIO are not for moving frames
    ({ name: 'vhost', model: 'mlx5_vfio_pci' }) satisfies NicDriver;
  });

  it('is found in the guest by the bus of its address', () => {
    ({ type: 'pci', slot: 5, zpci: { uid: 1 } }) satisfies NicOptions['address'];
    ({ type: 'virtio-mmio' }) satisfies NicOptions['address'];
    // @ts-expect-error a channel device has no slot
    ({ type: 'ccw', slot: 5 }) satisfies NicOptions['address'];
    // @ts-expect-error a USB device is on a bus
    ({ type: 'usb', port: '1' }) satisfies NicOptions['address'];
  });

  it('names the NIC that stays in a team', () => {
    ({ type: 'transient', persistent: 'ua-backup0' }) satisfies NicOptions['teaming'];
    // @ts-expect-error which one stays?
    ({ type: 'transient' }) satisfies NicOptions['teaming'];
    // @ts-expect-error it is this one
    ({ type: 'persistent', persistent: 'ua-backup0' }) satisfies NicOptions['teaming'];
  });

  it('tries again by its timeout or by a delay', () => {
    ({ enabled: true, timeout: 10 }) satisfies VhostUserReconnect;
    ({ delay: 10 }) satisfies VhostUserReconnect;
    // @ts-expect-error both at once
    ({ enabled: true, delay: 10 }) satisfies VhostUserReconnect;
  });
});

describe('NetworkPortDocument', () => {
  it('is what parseNetworkPort gives', () => {
    expectTypeOf(parseNetworkPort).toEqualTypeOf<(text: string) => NetworkPortDocument>();
    expectTypeOf<HasAny<NetworkPortDocument>>().toEqualTypeOf<false>();
  });

  it('narrows by what it is on the host', () => {
    const narrow = ({ plug }: NetworkPortDocument) => {
      if (plug?.type === 'direct') expectTypeOf(plug.dev).toBeString();
      if (plug?.type === 'bridge' || plug?.type === 'network') expectTypeOf(plug.bridge).toBeString();
      if (plug?.type === 'hostdev-pci') expectTypeOf(plug.address.slot).toEqualTypeOf<number | undefined>();
      // @ts-expect-error not before the type is known
      plug?.bridge;
    };
    expectTypeOf(narrow).returns.toBeVoid();
    // @ts-expect-error a macvtap is on a device
    ({ type: 'direct', bridge: 'virbr0' }) satisfies NetworkPortDocument['plug'];
  });
});
