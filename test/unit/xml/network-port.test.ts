// Ports of networks, with each of the things that a port can be on the host.
import { describe, expect, it } from 'vitest';
import { parseNetworkPort, toXML, untyped } from '../../../lib/xml/index.js';

const head = `<networkport>
  <uuid>5ae4e6e0-1a2b-4ab3-9f1b-5d1a1e7d2c3b</uuid>
  <owner>
    <name>guest1</name>
    <uuid>12c8fb6b-8e07-4d5c-8c7c-b6d1c1e5a6d2</uuid>
  </owner>
  <group>engineering</group>
  <mac address='52:54:00:7b:35:93'/>
`;

const base = {
  kind: 'networkPort',
  uuid: '5ae4e6e0-1a2b-4ab3-9f1b-5d1a1e7d2c3b',
  owner: { name: 'guest1', uuid: '12c8fb6b-8e07-4d5c-8c7c-b6d1c1e5a6d2' },
  group: 'engineering',
  mac: { address: '52:54:00:7b:35:93' },
} as const;

const ports = [
  {
    of: 'a bridge, with all that a port can have',
    xml: `${head}  <virtualport type='openvswitch'>
    <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' profileid='p'/>
  </virtualport>
  <bandwidth classID='3'>
    <inbound average='1000' floor='200'/>
  </bandwidth>
  <vlan>
    <tag id='42'/>
  </vlan>
  <rxfilters trustGuest='yes'/>
  <port isolated='yes'/>
  <plug type='bridge' bridge='virbr0' macTableManager='libvirt'/>
</networkport>
`,
    value: {
      ...base,
      virtualPort: {
        type: 'openvswitch',
        parameters: { interfaceId: '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f', profileId: 'p' },
      },
      bandwidth: { classId: 3, inbound: { average: 1000, floor: 200 } },
      vlan: { tags: [{ id: 42 }] },
      rxFilters: { trustGuest: true },
      port: { isolated: true },
      plug: { type: 'bridge', bridge: 'virbr0', macTableManager: 'libvirt' },
    },
  },
  {
    of: `the network's own bridge`,
    xml: `${head}  <plug type='network' bridge='virbr0'/>
</networkport>
`,
    value: { ...base, plug: { type: 'network', bridge: 'virbr0' } },
  },
  {
    of: 'a macvtap',
    xml: `${head}  <plug type='direct' dev='eth0' mode='vepa'/>
</networkport>
`,
    value: { ...base, plug: { type: 'direct', dev: 'eth0', mode: 'vepa' } },
  },
  {
    of: 'a PCI device',
    xml: `${head}  <plug type='hostdev-pci' managed='yes'>
    <driver name='vfio'/>
    <address domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>
  </plug>
</networkport>
`,
    value: {
      ...base,
      plug: {
        type: 'hostdev-pci',
        managed: true,
        driver: { name: 'vfio' },
        address: { domain: 0, bus: 3, slot: 16, function: 1 },
      },
    },
  },
] as const;

describe('a port of a network', () => {
  it.each(ports)('is read and written: $of', ({ xml, value }) => {
    const doc = parseNetworkPort(xml);
    expect(doc).toEqual(value);
    expect(untyped(doc)).toEqual([]);
    expect(toXML(value)).toBe(xml);
  });

  it('has an owner and a MAC address', () => {
    expect(() => parseNetworkPort('<networkport/>')).toThrow('it has no <uuid> that can be read');
    const { owner, ...others } = base;
    expect(owner.name).toBe('guest1');
    expect(() => toXML(others as never)).toThrow('owner: is missing');
  });

  it('is plugged in in one way', () => {
    const plug = (value: object) => () => toXML({ ...base, plug: value } as never);
    expect(plug({ type: 'direct', bridge: 'virbr0' })).toThrow(TypeError);
    expect(plug({ type: 'direct', dev: 'eth0' })).toThrow('plug.mode: is missing');
    expect(plug({ type: 'tap' })).toThrow(
      'plug.type: tap is not one of network, bridge, direct, hostdev-pci',
    );
  });
});
