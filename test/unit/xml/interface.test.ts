// NICs of guests as libvirt prints them: what is read of each type, and that it is written as it was.
import { describe, expect, it } from 'vitest';
import { parseInterface, toXML, untyped, XmlError } from '../../../lib/xml/index.js';
import { nicsOfDevices } from './nics-of-devices.js';
import { nicsOfNetworks } from './nics-of-networks.js';

const printed = [...nicsOfDevices, ...nicsOfNetworks];

describe('a NIC as libvirt prints it', () => {
  it.each(printed)('is read: $of', ({ xml, value }) => {
    const doc = parseInterface(xml);
    expect(doc).toEqual({ kind: 'domainInterface', ...value });
    expect(untyped(doc)).toEqual([]);
  });

  it.each(printed)('is written in the same order: $of', ({ xml, value }) => {
    expect(toXML({ kind: 'domainInterface', ...value })).toBe(xml);
  });
});

describe('parseInterface', () => {
  it('reads what releases after 9.0 print', () => {
    const doc = parseInterface(`<interface type='vhostuser'>
  <mac address='52:54:00:12:34:56' currentAddress='52:54:00:12:34:57'/>
  <source dev='eth0'>
    <reconnect delay='10'/>
  </source>
  <portForward proto='tcp' address='2001:db8::1' dev='eth0'>
    <range start='8080' end='8089' to='80'/>
    <range start='8085' exclude='yes'/>
  </portForward>
  <model type='virtio'/>
  <backend type='passt' logFile='/var/log/passt.log' hostname='guest' fqdn='guest.example.com'/>
  <acpi nodeset='0-1'/>
</interface>
`);
    expect(untyped(doc)).toEqual([]);
    expect(doc).toMatchObject({
      mac: { currentAddress: '52:54:00:12:34:57' },
      source: { dev: 'eth0', reconnect: { delay: 10 } },
      portForwards: [
        {
          protocol: 'tcp',
          address: '2001:db8::1',
          ranges: [
            { start: 8080, end: 8089, to: 80 },
            { start: 8085, exclude: true },
          ],
        },
      ],
      backend: { type: 'passt', logFile: '/var/log/passt.log', hostname: 'guest', fqdn: 'guest.example.com' },
      acpi: { nodeSet: '0-1' },
    });
    const device = parseInterface(`<interface type='hostdev'>
  <driver model='mlx5_vfio_pci' iommufd='yes'/>
  <source><vendor id='0x1d6b'/><product id='0x0002'/><address bus='0x1' device='2'/></source>
</interface>`);
    expect(untyped(device)).toEqual([]);
    expect(device).toMatchObject({
      driver: { model: 'mlx5_vfio_pci', iommufd: true },
      source: { vendor: { id: 0x1d6b }, product: { id: 2 }, address: { bus: 1, device: 2 } },
    });
  });

  it('reads identifiers of a distributed switch beyond what a number can hold', () => {
    const xml = `<interface type='vds'>
  <source switchid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' portid='9223372036854775807' connectionid='-9223372036854775808'/>
</interface>
`;
    const doc = parseInterface(xml);
    expect(doc).toMatchObject({ source: { portId: 2n ** 63n - 1n, connectionId: -(2n ** 63n) } });
    expect(toXML(structuredClone(doc))).toBe(xml);
  });

  it('keeps what it does not know where it was', () => {
    const xml = `<!-- uplink -->
<interface type='network' colour='red'>
  <source network='default' bond='0'/>
  <!-- virtio is fast -->
  <model type='virtio'/>
  <vendor:hint xmlns:vendor='urn:example'>x</vendor:hint>
  <mac address='52:54:00:12:34:56'/>
</interface>
`;
    const doc = parseInterface(xml);
    expect(toXML(doc)).toBe(xml);
    expect(untyped(doc).map(({ path }) => path)).toEqual([
      'interface/@colour',
      'interface/vendor:hint',
      'interface/source/@bond',
    ]);
    expect(toXML({ ...doc, model: { type: 'e1000e' } })).toBe(xml.replace(`'virtio'`, `'e1000e'`));
  });

  it('keeps the parts of another type, which its own does not have', () => {
    const xml = `<interface type='user'>
  <source network='default'/>
  <virtualport type='openvswitch'/>
</interface>
`;
    const doc = parseInterface(xml);
    expect(structuredClone(doc)).toEqual({ kind: 'domainInterface', type: 'user' });
    expect(untyped(doc).map(({ path }) => path)).toEqual(['interface/source', 'interface/virtualport']);
    expect(toXML(doc)).toBe(xml);
  });

  it('says which types there are', () => {
    expect(() => parseInterface(`<interface type='netwrok'/>`)).toThrow(XmlError);
    expect(() => parseInterface(`<interface type='netwrok'/>`)).toThrow(
      /its type is not one of network, bridge,/,
    );
    expect(() => parseInterface('<interface/>')).toThrow(XmlError);
    expect(() => parseInterface(`<interface type='direct'/>`)).toThrow('it has no <source> that can be read');
  });
});

describe('toXML of a NIC', () => {
  const nic = (fields: object) => toXML({ kind: 'domainInterface', ...fields } as never);

  it.each([
    [{}, TypeError, 'type: is missing; it is one of network, bridge'],
    [{ type: 'brigde' }, RangeError, 'type: brigde is not one of network, bridge'],
    [{ type: 'network' }, TypeError, 'source: is missing'],
    [{ type: 'network', source: { bridge: 'br0' } }, TypeError, 'source.network: is missing'],
    [
      { type: 'direct', source: { dev: 'eth0', mode: 'nat' } },
      RangeError,
      'source.mode: nat is not one of vepa',
    ],
    [{ type: 'user', virtualPort: {} }, TypeError, 'virtualPort: there is no such field'],
    [{ type: 'null', source: {} }, TypeError, 'source: there is no such field'],
    [
      { type: 'user', mac: { address: '01:00:5e:00:00:01' } },
      RangeError,
      'mac.address: 01:00:5e:00:00:01 is not a',
    ],
    [
      { type: 'user', driver: { name: 'vfio', queues: 2 } },
      TypeError,
      'driver.queues: there is no such field',
    ],
    [{ type: 'user', driver: { queues: 0 } }, RangeError, 'driver.queues: 0 is not a whole number from 1'],
    [{ type: 'user', address: { type: 'pci', slot: 32 } }, RangeError, 'address.slot: 32 is not'],
    [
      { type: 'user', address: { type: 'usb', bus: 0, port: '1.2.3.4.5' } },
      RangeError,
      'address.port: 1.2.3.4.5 is',
    ],
    [{ type: 'user', teaming: { type: 'transient' } }, TypeError, 'teaming.persistent: is missing'],
    [{ type: 'user', portForwards: [{ ranges: [] }] }, TypeError, 'portForwards[0].protocol: is missing'],
    [
      { type: 'vhostuser', source: { reconnect: { enabled: true, delay: 5 } } },
      TypeError,
      'source.reconnect.delay: cannot stand beside enabled',
    ],
  ] as const)('refuses %j', (fields, kind, message) => {
    expect(() => nic(fields)).toThrow(kind);
    expect(() => nic(fields)).toThrow(message);
  });
});
