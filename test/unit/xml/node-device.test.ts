// Devices of the host: read, typed as people expect, and written byte for byte.
import { describe, expect, it } from 'vitest';
import { type NodeDeviceCapability, parseNodeDevice, toXML, untyped } from '../../../lib/xml/index.js';
import { capabilities } from './capabilities.js';

/** Reads the capability of a device of which everything is typed, and expects it back from the typed fields alone. */
const read = (lines: string): NodeDeviceCapability | undefined => {
  const inside = lines.trim().replaceAll(/^/gm, '  ');
  const xml = `<device>\n  <name>dev</name>\n${inside}\n</device>\n`;
  const doc = parseNodeDevice(xml);
  expect(untyped(doc)).toEqual([]);
  expect(toXML(doc)).toBe(xml);
  expect(toXML(structuredClone(doc))).toBe(xml);
  expect(doc.capabilities).toHaveLength(1);
  return doc.capabilities?.[0];
};

describe('a device of the host', () => {
  it('has files, a parent and a driver', () => {
    const xml = `<device>
  <name>block_sda</name>
  <path>/sys/devices/pci0000:00/0000:00:1f.2/block/sda</path>
  <devnode type='dev'>/dev/sda</devnode>
  <devnode type='link'>/dev/disk/by-id/a</devnode>
  <parent>pci_0000_00_1f_2</parent>
  <driver>
    <name>sd</name>
  </driver>
</device>
`;
    const doc = parseNodeDevice(xml);
    expect(doc).toEqual({
      kind: 'nodeDevice',
      name: 'block_sda',
      path: '/sys/devices/pci0000:00/0000:00:1f.2/block/sda',
      devnodes: [
        { type: 'dev', path: '/dev/sda' },
        { type: 'link', path: '/dev/disk/by-id/a' },
      ],
      parent: { name: 'pci_0000_00_1f_2' },
      driver: { name: 'sd' },
    });
    expect(toXML(doc)).toBe(xml);
  });

  it('has a parent by world wide names, and no name before it is made', () => {
    const port = `<device>\n  <parent wwnn='20000000c9831b4b' wwpn='10000000c9831b4b'/>\n</device>\n`;
    expect(parseNodeDevice(port).parent).toEqual({ wwnn: '20000000c9831b4b', wwpn: '10000000c9831b4b' });
    expect(toXML(parseNodeDevice(port))).toBe(port);
    const fabric = `<device>\n  <parent fabric_wwn='2002000573de9a81'/>\n</device>\n`;
    expect(parseNodeDevice(fabric).parent).toEqual({ fabricWwn: '2002000573de9a81' });
    expect(() =>
      toXML({ kind: 'nodeDevice', parent: { name: 'a', wwnn: '20000000c9831b4b' } } as never),
    ).toThrow('parent.wwnn: cannot stand beside name');
  });

  it('is the host', () => {
    expect(
      read(`
<capability type='system'>
  <product>Board</product>
  <hardware>
    <vendor>Maker</vendor>
    <version>1</version>
    <serial>S1</serial>
    <uuid>09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f</uuid>
  </hardware>
  <firmware>
    <vendor>Maker</vendor>
    <version>2</version>
    <release_date>01/22/2024</release_date>
  </firmware>
</capability>`),
    ).toEqual({
      type: 'system',
      product: 'Board',
      hardware: {
        vendor: 'Maker',
        version: '1',
        serial: 'S1',
        uuid: '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f',
      },
      firmware: { vendor: 'Maker', version: '2', releaseDate: '01/22/2024' },
    });
  });

  it('is a PCI device with virtual functions, product data, an IOMMU group and links', () => {
    expect(
      read(`
<capability type='pci'>
  <class>0x020000</class>
  <domain>0</domain>
  <bus>2</bus>
  <slot>31</slot>
  <function>7</function>
  <product id='0x10d3'>A NIC</product>
  <vendor id='0x8086'/>
  <capability type='phys_function'>
    <address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>
  </capability>
  <capability type='virt_functions' maxCount='7'>
    <address domain='0x0000' bus='0x02' slot='0x10' function='0x1'/>
    <address domain='0x10000' bus='0xff' slot='0x1f' function='0x7'/>
  </capability>
  <capability type='pci-bridge'/>
  <capability type='cardbus-bridge'/>
  <capability type='mdev_types'>
    <type id='a-1'>
      <name>Small</name>
      <deviceAPI>vfio-pci</deviceAPI>
      <availableInstances>16</availableInstances>
    </type>
  </capability>
  <capability type='vpd'>
    <name>NIC</name>
    <fields access='readonly'>
      <change_level>1</change_level>
      <manufacture_id>2</manufacture_id>
      <part_number>3</part_number>
      <serial_number>4</serial_number>
      <vendor_field index='A'>5</vendor_field>
    </fields>
    <fields access='readwrite'>
      <asset_tag>6</asset_tag>
      <vendor_field index='0'>7</vendor_field>
      <system_field index='B'>8</system_field>
    </fields>
  </capability>
  <iommuGroup number='12'>
    <address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>
  </iommuGroup>
  <numa node='1'/>
  <pci-express>
    <link validity='cap' port='1' speed='2.5' width='4'/>
    <link validity='sta' speed='16' width='1'/>
  </pci-express>
</capability>`),
    ).toEqual({
      type: 'pci',
      class: 0x020000,
      domain: 0,
      bus: 2,
      slot: 31,
      function: 7,
      product: { id: 0x10d3, name: 'A NIC' },
      vendor: { id: 0x8086 },
      capabilities: [
        { type: 'phys_function', address: { domain: 0, bus: 2, slot: 0, function: 0 } },
        {
          type: 'virt_functions',
          maxCount: 7,
          addresses: [
            { domain: 0, bus: 2, slot: 16, function: 1 },
            { domain: 0x10000, bus: 255, slot: 31, function: 7 },
          ],
        },
        { type: 'pci-bridge' },
        { type: 'cardbus-bridge' },
        {
          type: 'mdev_types',
          types: [{ id: 'a-1', name: 'Small', deviceApi: 'vfio-pci', availableInstances: 16 }],
        },
        {
          type: 'vpd',
          name: 'NIC',
          fields: [
            {
              access: 'readonly',
              changeLevel: '1',
              manufactureId: '2',
              partNumber: '3',
              serialNumber: '4',
              vendorFields: [{ index: 'A', value: '5' }],
            },
            {
              access: 'readwrite',
              assetTag: '6',
              vendorFields: [{ index: '0', value: '7' }],
              systemFields: [{ index: 'B', value: '8' }],
            },
          ],
        },
      ],
      iommuGroup: { number: 12, addresses: [{ domain: 0, bus: 2, slot: 0, function: 0 }] },
      numa: { node: 1 },
      pciExpress: {
        links: [
          { validity: 'cap', port: 1, speed: 2.5, width: 4 },
          { validity: 'sta', speed: 16, width: 1 },
        ],
      },
    });
  });

  it('is a PCI device with numbers that PCI does not have', () => {
    expect(
      read(`
<capability type='pci'>
  <domain>0</domain>
  <bus>256</bus>
  <slot>32</slot>
  <function>12</function>
  <product id='0x0001'>P</product>
  <vendor id='0x0002'>V</vendor>
</capability>`),
    ).toMatchObject({ bus: 256, slot: 32, function: 12 });
  });

  it('is a network link, of whatever length its address is', () => {
    const link = (address: string) => `
<capability type='net'>
  <interface>eth0</interface>
  <address>${address}</address>
  <link speed='1000' state='lowerlayerdown'/>
  <feature name='rx'/>
  <feature name='tso'/>
  <capability type='80203'/>
  <capability type='80211'/>
</capability>`;
    expect(read(link('00:27:13:6a:fe:00'))).toEqual({
      type: 'net',
      interface: 'eth0',
      address: '00:27:13:6a:fe:00',
      link: { speed: 1000, state: 'lowerlayerdown' },
      features: ['rx', 'tso'],
      capabilities: [{ type: '80203' }, { type: '80211' }],
    });
    const infiniband = '80:00:00:48:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1';
    expect(read(link(infiniband))).toMatchObject({ address: infiniband });
  });

  it('is an adapter of Fibre Channel that can have virtual ports', () => {
    expect(
      read(`
<capability type='scsi_host'>
  <host>4</host>
  <unique_id>1</unique_id>
  <capability type='fc_host'>
    <wwnn>20000000c9831b4b</wwnn>
    <wwpn>10000000c9831b4b</wwpn>
    <fabric_wwn>2002000573de9a81</fabric_wwn>
  </capability>
  <capability type='vport_ops'>
    <max_vports>164</max_vports>
    <vports>5</vports>
  </capability>
</capability>`),
    ).toEqual({
      type: 'scsi_host',
      host: 4,
      uniqueId: 1,
      capabilities: [
        {
          type: 'fc_host',
          wwnn: '20000000c9831b4b',
          wwpn: '10000000c9831b4b',
          fabricWwn: '2002000573de9a81',
        },
        { type: 'vport_ops', maxVports: 164, vports: 5 },
      ],
    });
  });

  it.each(capabilities)('has the capability %s', (xml, value) => {
    expect(read(xml)).toEqual(value);
  });

  it('keeps capabilities that are unknown or that lack something, and types the others', () => {
    const xml = `<device>
  <name>dev</name>
  <capability type='warp'/>
  <capability type='vdpa'>
    <chardev>/dev/vhost-vdpa-0</chardev>
  </capability>
  <capability type='vdpa'/>
</device>
`;
    const doc = parseNodeDevice(xml);
    expect(doc.capabilities).toEqual([{ type: 'vdpa', chardev: '/dev/vhost-vdpa-0' }]);
    expect(untyped(doc).map(({ text }) => text)).toEqual([
      `<capability type='warp'/>`,
      `<capability type='vdpa'/>`,
    ]);
    expect(toXML(doc)).toBe(xml);
  });

  it('has numbers in the base that libvirt reads them in', () => {
    const xml = `<device><capability type='usb_device'><bus>1</bus><device>3</device><product id='10de'/><vendor id='0010'/></capability></device>`;
    const doc = parseNodeDevice(xml);
    expect(untyped(doc)).toEqual([]);
    expect(doc.capabilities).toMatchObject([{ product: { id: 0x10de }, vendor: { id: 0x10 } }]);
    expect(toXML(doc)).toContain(`<product id='10de'/>`);
  });
});

describe('what is no device of the host', () => {
  const device = (capability: object) => ({ kind: 'nodeDevice', name: 'dev', capabilities: [capability] });
  it.each([
    [{ type: 'warp' }, RangeError, 'capabilities[0].type: warp is not one of system, pci'],
    [{ type: 'net' }, TypeError, 'capabilities[0].interface: is missing'],
    [
      { type: 'vdpa', chardev: '/dev/vhost-vdpa-0', link: {} },
      TypeError,
      'capabilities[0].link: there is no such field',
    ],
    [
      { type: 'scsi_host', capabilities: [{ type: 'fc_host', wwnn: '123' }] },
      RangeError,
      'capabilities[0].capabilities[0].wwnn: 123 is not a world wide name of 16 hexadecimal digits',
    ],
    [
      { type: 'usb', number: 256, class: 0, subclass: 0, protocol: 0 },
      RangeError,
      'capabilities[0].number: 256 is not a whole number from 0 to 255',
    ],
  ])('is not written: %j', (capability, error, message) => {
    expect(() => toXML(device(capability) as never)).toThrow(error);
    expect(() => toXML(device(capability) as never)).toThrow(message);
  });

  it('is not read', () => {
    expect(() => parseNodeDevice('<interface/>')).toThrow('<device> expected, <interface> found');
    expect(() => parseNodeDevice('<device>')).toThrow(expect.objectContaining({ name: 'XmlError' }));
  });
});
