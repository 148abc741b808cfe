// Documents that have what the grammar of libvirt 9.0 lacks: fields of later releases, and those that libvirt reads
// though no grammar of it names them.
const ipsets = ['all', 'tcp', 'udp', 'udplite', 'esp', 'ah', 'sctp'].map(
  (protocol) => `
  <rule action='accept' direction='in'>
    <${protocol}-ipv6 connlimit-above='1' state='NEW' ipset='trusted' ipsetflags='src'/>
  </rule>`,
);

/** The documents of each kind. */
export const newerDocuments: { readonly [kind: string]: readonly string[] } = {
  network: [
    `<network>
  <name>lab</name>
  <title>Laboratory</title>
  <description>Nobody's production</description>
  <metadata>
    <lab:owner xmlns:lab='urn:example:lab'>ops</lab:owner>
  </metadata>
  <forward mode='hostdev' managed='yes'>
    <driver name='vfio' model='mlx5_vfio_pci' iommufd='yes'/>
  </forward>
  <domain name='example.com' register='yes'/>
  <dns>
    <forwarder addr='10.0.0.1' port='5353'/>
  </dns>
</network>`,
  ],
  nwfilter: [
    `<filter name='beyond'>
  <rule action='accept' direction='in'>
    <arp arpsrcipaddr='10.0.0.0' arpsrcipmask='24' arpdstipaddr='10.0.1.0' arpdstipmask='24'/>
  </rule>
  <rule action='accept' direction='in'>
    <rarp arpsrcipaddr='10.0.0.0' arpsrcipmask='24' arpdstipaddr='10.0.1.0' arpdstipmask='24'/>
  </rule>
  <rule action='accept' direction='in'>
    <tcp option='8'/>
  </rule>
  <rule action='accept' direction='in'>
    <tcp-ipv6 option='8'/>
  </rule>
  <rule action='accept' direction='in'>
    <icmpv6 connlimit-above='1' state='NEW' ipset='trusted' ipsetflags='src'/>
  </rule>${ipsets.join('')}
</filter>`,
  ],
  networkPort: [
    `<networkport>
  <uuid>5d744f21-ba4a-4d6e-bdb2-30a35ff3207d</uuid>
  <owner>
    <name>guest</name>
    <uuid>5d744f21-ba4a-4d6e-bdb2-30a35ff3207e</uuid>
  </owner>
  <mac address='52:54:00:7b:35:93'/>
  <plug type='hostdev-pci' managed='yes'>
    <driver name='vfio' model='mlx5_vfio_pci' iommufd='yes'/>
    <address domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>
  </plug>
</networkport>`,
  ],
  domainInterface: [
    `<interface type='hostdev' managed='yes'>
  <source>
    <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/>
  </source>
  <mac address='52:54:00:7b:35:93' currentAddress='52:54:00:7b:35:94'/>
  <driver name='vfio' model='mlx5_vfio_pci' iommufd='yes'/>
  <acpi index='1' nodeset='0'/>
</interface>`,
    `<interface type='user'>
  <mac address='52:54:00:7b:35:93'/>
  <backend type='passt' hostname='guest' fqdn='guest.example.com'/>
</interface>`,
    `<interface type='vhostuser'>
  <source type='unix' path='/run/vhost.sock' mode='client' dev='vhost0'>
    <reconnect delay='100'/>
  </source>
</interface>`,
  ],
  nodeDevice: [
    `<device>
  <name>usb_1_1</name>
  <capability type='usb_device'>
    <bus>1</bus>
    <device>3</device>
    <port>1.4</port>
    <product id='0x0003'>Reader</product>
    <vendor id='0x0483'>Vendor</vendor>
  </capability>
</device>`,
    `<device>
  <name>ccw_0_0_1000</name>
  <capability type='ccw'>
    <state>online</state>
    <cssid>0x0</cssid>
    <ssid>0x0</ssid>
    <devno>0x1000</devno>
    <capability type='ccwgroup_member'>
      <group_device>ccwgroup_0_0_1000</group_device>
    </capability>
  </capability>
</device>`,
    ...['qeth_generic', 'qeth_layer2', 'qeth_layer3'].map(
      (type) => `<device>
  <name>ccwgroup_0_0_1000</name>
  <capability type='ccwgroup'>
    <state>online</state>
    <cssid>0x0</cssid>
    <ssid>0x0</ssid>
    <devno>0x1000</devno>
    <members>
      <ccw_device ref='cdev0'>ccw_0_0_1000</ccw_device>
    </members>
    <capability type='${type}'>
      <card_type>OSD_10GIG</card_type>
      <chpid>32</chpid>
    </capability>
  </capability>
</device>`,
    ),
  ],
};
