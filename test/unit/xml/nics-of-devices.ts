// NICs that plug into bridges and devices of the host, as libvirt 9.0 printed them, with what they mean.

/** What libvirt printed, and its value. */
export const nicsOfDevices = [
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
] as const;
