// NICs of networks and tunnels, and those with addresses of other machines, as libvirt 9.0 printed them, with what they mean.

/** What libvirt printed, and its value. */
export const nicsOfNetworks = [
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
