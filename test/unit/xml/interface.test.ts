// NICs of guests as libvirt prints them: what is read of each type, and that it is written as it was.
import { describe, expect, it } from 'vitest';
import { parseInterface, toXML, untyped, XmlError } from '../../../lib/xml/index.js';

/** NICs as libvirt 9.0 printed them, with what they mean. */
const printed = [
  {
    of: 'a bridge, with all that a NIC can have',
    xml: `<interface type='bridge' trustGuestRxFilters='yes'>
  <mac address='52:54:00:12:34:56' type='static' check='no'/>
  <source bridge='br0'/>
  <vlan trunk='yes'>
    <tag id='42'/>
  </vlan>
  <virtualport type='openvswitch'>
    <parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' profileid='p'/>
  </virtualport>
  <bandwidth>
    <inbound average='1'/>
    <outbound average='1'/>
  </bandwidth>
  <portForward proto='tcp'>
    <range start='1' to='2'/>
  </portForward>
  <script path='/a'/>
  <downscript path='/b'/>
  <backenddomain name='x'/>
  <target dev='tap7'/>
  <guest dev='q'/>
  <model type='virtio'/>
  <driver name='vhost' txmode='timer' ioeventfd='on' event_idx='on' queues='5' rx_queue_size='256' tx_queue_size='256' rss='on' rss_hash_report='on' iommu='on' ats='on' packed='on' page_per_vq='on'>
    <host csum='off' gso='off' tso4='off' tso6='off' ecn='off' ufo='off' mrg_rxbuf='off'/>
    <guest csum='off' tso4='off' tso6='off' ecn='off' ufo='off'/>
  </driver>
  <backend tap='/dev/net/tun' vhost='/dev/vhost'/>
  <filterref filter='clean-traffic'>
    <parameter name='IP' value='10.0.0.1'/>
  </filterref>
  <tune>
    <sndbuf>10</sndbuf>
  </tune>
  <teaming type='persistent'/>
  <link state='down'/>
  <mtu size='1400'/>
  <coalesce>
    <rx>
      <frames max='7'/>
    </rx>
  </coalesce>
  <boot order='1'/>
  <alias name='ua-x'/>
  <rom bar='on' file='/x.bin'/>
  <acpi index='4'/>
  <address type='pci' domain='0x0000' bus='0x00' slot='0x05' function='0x0'/>
</interface>
`,
    value: {
      type: 'bridge',
      trustGuestRxFilters: true,
      mac: { address: '52:54:00:12:34:56', type: 'static', check: false },
      source: { bridge: 'br0' },
      vlan: { trunk: true, tags: [{ id: 42 }] },
      virtualPort: {
        type: 'openvswitch',
        parameters: { interfaceId: '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f', profileId: 'p' },
      },
      bandwidth: { inbound: { average: 1 }, outbound: { average: 1 } },
      portForwards: [{ protocol: 'tcp', ranges: [{ start: 1, to: 2 }] }],
      script: { path: '/a' },
      downScript: { path: '/b' },
      backendDomain: { name: 'x' },
      target: { dev: 'tap7' },
      guest: { dev: 'q' },
      model: { type: 'virtio' },
      driver: {
        name: 'vhost',
        txMode: 'timer',
        ioEventFd: true,
        eventIdx: true,
        queues: 5,
        rxQueueSize: 256,
        txQueueSize: 256,
        rss: true,
        rssHashReport: true,
        iommu: true,
        ats: true,
        packed: true,
        pagePerVq: true,
        host: {
          csum: false,
          gso: false,
          tso4: false,
          tso6: false,
          ecn: false,
          ufo: false,
          mergeableRxBuffers: false,
        },
        guest: { csum: false, tso4: false, tso6: false, ecn: false, ufo: false },
      },
      backend: { tap: '/dev/net/tun', vhost: '/dev/vhost' },
      filterRef: { filter: 'clean-traffic', parameters: [{ name: 'IP', value: '10.0.0.1' }] },
      tune: { sendBuffer: 10 },
      teaming: { type: 'persistent' },
      link: { state: 'down' },
      mtu: { size: 1400 },
      coalesce: { rx: { frames: { max: 7 } } },
      boot: { order: 1 },
      alias: { name: 'ua-x' },
      rom: { bar: true, file: '/x.bin' },
      acpi: { index: 4 },
      address: { type: 'pci', domain: 0, bus: 0, slot: 5, function: 0 },
    },
  },
  {
    of: 'an isolated port of a bridge',
    xml: `<interface type='bridge'>
  <mac address='52:54:00:12:34:5e'/>
  <source bridge='br0'/>
  <bandwidth>
    <outbound average='1'/>
  </bandwidth>
  <port isolated='yes'/>
  <ip address='192.168.1.2' family='ipv4'/>
  <script path='/a'/>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'bridge',
      mac: { address: '52:54:00:12:34:5e' },
      source: { bridge: 'br0' },
      bandwidth: { outbound: { average: 1 } },
      port: { isolated: true },
      ips: [{ address: '192.168.1.2', family: 'ipv4' }],
      script: { path: '/a' },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a PCI device of the host',
    xml: `<interface type='hostdev' managed='yes'>
  <mac address='52:54:00:12:34:57'/>
  <driver name='vfio'/>
  <source>
    <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>
  </source>
  <vlan>
    <tag id='5'/>
  </vlan>
  <virtualport type='802.1Qbh'>
    <parameters profileid='f'/>
  </virtualport>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'hostdev',
      managed: true,
      mac: { address: '52:54:00:12:34:57' },
      driver: { name: 'vfio' },
      source: { address: { type: 'pci', domain: 0, bus: 3, slot: 16, function: 1 } },
      vlan: { tags: [{ id: 5 }] },
      virtualPort: { type: '802.1Qbh', parameters: { profileId: 'f' } },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a USB device of the host',
    xml: `<interface type='hostdev'>
  <mac address='52:54:00:12:34:57'/>
  <source>
    <address type='usb' bus='2' device='3'/>
  </source>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'hostdev',
      mac: { address: '52:54:00:12:34:57' },
      source: { address: { type: 'usb', bus: 2, device: 3 } },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a macvtap',
    xml: `<interface type='direct'>
  <mac address='52:54:00:12:34:58'/>
  <source dev='eth0' mode='private'/>
  <virtualport type='802.1Qbg'>
    <parameters managerid='11' typeid='1193047' typeidversion='2' instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/>
  </virtualport>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'direct',
      mac: { address: '52:54:00:12:34:58' },
      source: { dev: 'eth0', mode: 'private' },
      virtualPort: {
        type: '802.1Qbg',
        parameters: {
          managerId: 11,
          typeId: 1193047,
          typeIdVersion: 2,
          instanceId: '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f',
        },
      },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a vhost-user switch',
    xml: `<interface type='vhostuser'>
  <mac address='52:54:00:12:34:59'/>
  <source type='unix' path='/tmp/v' mode='client'>
    <reconnect enabled='yes' timeout='10'/>
  </source>
  <target dev='testnet0'/>
  <model type='virtio'/>
</interface>
`,
    value: {
      type: 'vhostuser',
      mac: { address: '52:54:00:12:34:59' },
      source: { type: 'unix', path: '/tmp/v', mode: 'client', reconnect: { enabled: true, timeout: 10 } },
      target: { dev: 'testnet0' },
      model: { type: 'virtio' },
    },
  },
  {
    of: 'a UDP tunnel',
    xml: `<interface type='udp'>
  <mac address='52:54:00:12:34:5a'/>
  <source address='127.0.0.1' port='11115'>
    <local address='127.0.0.1' port='11116'/>
  </source>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'udp',
      mac: { address: '52:54:00:12:34:5a' },
      source: { address: '127.0.0.1', port: 11115, local: { address: '127.0.0.1', port: 11116 } },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a tap with addresses at both ends',
    xml: `<interface type='ethernet'>
  <mac address='52:54:00:12:34:5b'/>
  <source>
    <ip address='192.168.1.1' family='ipv4' prefix='24' peer='192.168.1.2'/>
    <route family='ipv4' address='10.0.0.0' prefix='8' gateway='1.1.1.1' metric='3'/>
  </source>
  <ip address='192.168.1.2' family='ipv4' prefix='24' peer='192.168.1.3'/>
  <route family='ipv4' address='10.0.0.0' prefix='8' gateway='1.1.1.1'/>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'ethernet',
      mac: { address: '52:54:00:12:34:5b' },
      source: {
        ips: [{ address: '192.168.1.1', family: 'ipv4', prefix: 24, peer: '192.168.1.2' }],
        routes: [{ family: 'ipv4', address: '10.0.0.0', prefix: 8, gateway: '1.1.1.1', metric: 3 }],
      },
      ips: [{ address: '192.168.1.2', family: 'ipv4', prefix: 24, peer: '192.168.1.3' }],
      routes: [{ family: 'ipv4', address: '10.0.0.0', prefix: 8, gateway: '1.1.1.1' }],
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a process of the user',
    xml: `<interface type='user'>
  <mac address='52:54:00:12:34:5c'/>
  <portForward proto='udp' address='1.2.3.4' dev='eth0'>
    <range start='1' end='9' to='7' exclude='yes'/>
  </portForward>
  <target dev='testnet0'/>
  <backend tap='/t'/>
</interface>
`,
    value: {
      type: 'user',
      mac: { address: '52:54:00:12:34:5c' },
      portForwards: [
        {
          protocol: 'udp',
          address: '1.2.3.4',
          dev: 'eth0',
          ranges: [{ start: 1, end: 9, to: 7, exclude: true }],
        },
      ],
      target: { dev: 'testnet0' },
      backend: { tap: '/t' },
    },
  },
  {
    of: 'a network',
    xml: `<interface type='network'>
  <mac address='52:54:00:12:34:5d'/>
  <source network='default' portgroup='g'/>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'network',
      mac: { address: '52:54:00:12:34:5d' },
      source: { network: 'default', portGroup: 'g' },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a TCP server',
    xml: `<interface type='server'>
  <mac address='52:54:00:12:34:5e'/>
  <source address='1.1.1.1' port='5'/>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'server',
      mac: { address: '52:54:00:12:34:5e' },
      source: { address: '1.1.1.1', port: 5 },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a TCP client',
    xml: `<interface type='client'>
  <mac address='52:54:00:12:34:5e'/>
  <source address='1.1.1.1' port='5'/>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'client',
      mac: { address: '52:54:00:12:34:5e' },
      source: { address: '1.1.1.1', port: 5 },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a multicast group',
    xml: `<interface type='mcast'>
  <mac address='52:54:00:12:34:5e'/>
  <source address='230.0.0.1' port='5'/>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'mcast',
      mac: { address: '52:54:00:12:34:5e' },
      source: { address: '230.0.0.1', port: 5 },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a network inside the hypervisor',
    xml: `<interface type='internal'>
  <mac address='52:54:00:12:34:5e'/>
  <source name='x'/>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'internal',
      mac: { address: '52:54:00:12:34:5e' },
      source: { name: 'x' },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a vDPA device',
    xml: `<interface type='vdpa'>
  <mac address='52:54:00:12:34:5e'/>
  <source dev='/dev/vhost-vdpa-0'/>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'vdpa',
      mac: { address: '52:54:00:12:34:5e' },
      source: { dev: '/dev/vhost-vdpa-0' },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a distributed switch',
    xml: `<interface type='vds'>
  <mac address='52:54:00:12:34:5e'/>
  <source switchid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f' portid='6' portgroupid='p' connectionid='1'/>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'vds',
      mac: { address: '52:54:00:12:34:5e' },
      source: {
        switchId: '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f',
        portId: 6,
        portGroupId: 'p',
        connectionId: 1,
      },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'nothing',
    xml: `<interface type='null'>
  <mac address='52:54:00:12:34:5e'/>
  <target dev='testnet0'/>
</interface>
`,
    value: {
      type: 'null',
      mac: { address: '52:54:00:12:34:5e' },
      target: { dev: 'testnet0' },
    },
  },
  {
    of: 'a channel device in a team',
    xml: `<interface type='network'>
  <mac address='52:54:00:12:34:5e'/>
  <source network='default'/>
  <target dev='testnet0'/>
  <teaming type='transient' persistent='ua-x'/>
  <address type='ccw' cssid='0xfe' ssid='0x0' devno='0x0001'/>
</interface>
`,
    value: {
      type: 'network',
      mac: { address: '52:54:00:12:34:5e' },
      source: { network: 'default' },
      target: { dev: 'testnet0' },
      teaming: { type: 'transient', persistent: 'ua-x' },
      address: { type: 'ccw', cssid: 254, ssid: 0, devno: 1 },
    },
  },
  {
    of: 'a USB device for the guest',
    xml: `<interface type='network'>
  <mac address='52:54:00:12:34:5e'/>
  <source network='default'/>
  <target dev='testnet0'/>
  <address type='usb' bus='0' port='1.2'/>
</interface>
`,
    value: {
      type: 'network',
      mac: { address: '52:54:00:12:34:5e' },
      source: { network: 'default' },
      target: { dev: 'testnet0' },
      address: { type: 'usb', bus: 0, port: '1.2' },
    },
  },
  {
    of: 'a device of a POWER guest',
    xml: `<interface type='network'>
  <mac address='52:54:00:12:34:5e'/>
  <source network='default'/>
  <target dev='testnet0'/>
  <address type='spapr-vio' reg='0x00001000'/>
</interface>
`,
    value: {
      type: 'network',
      mac: { address: '52:54:00:12:34:5e' },
      source: { network: 'default' },
      target: { dev: 'testnet0' },
      address: { type: 'spapr-vio', reg: 0x1000 },
    },
  },
  {
    of: 'a memory-mapped device',
    xml: `<interface type='network'>
  <mac address='52:54:00:12:34:5e'/>
  <source network='default'/>
  <target dev='testnet0'/>
  <address type='virtio-mmio'/>
</interface>
`,
    value: {
      type: 'network',
      mac: { address: '52:54:00:12:34:5e' },
      source: { network: 'default' },
      target: { dev: 'testnet0' },
      address: { type: 'virtio-mmio' },
    },
  },
  {
    of: 'a PCI device of an s390 guest',
    xml: `<interface type='network'>
  <mac address='52:54:00:12:34:5e'/>
  <source network='default'/>
  <target dev='testnet0'/>
  <address type='pci' domain='0x0000' bus='0x00' slot='0x05' function='0x0' multifunction='on'>
    <zpci uid='0x0001' fid='0x00000007'/>
  </address>
</interface>
`,
    value: {
      type: 'network',
      mac: { address: '52:54:00:12:34:5e' },
      source: { network: 'default' },
      target: { dev: 'testnet0' },
      address: {
        type: 'pci',
        domain: 0,
        bus: 0,
        slot: 5,
        function: 0,
        multifunction: true,
        zpci: { uid: 1, fid: 7 },
      },
    },
  },
] as const;

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
