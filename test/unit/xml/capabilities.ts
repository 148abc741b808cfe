// Capabilities of node devices as libvirt prints them, with what they mean.
import type { NodeDeviceCapability } from '../../../lib/xml/index.js';

/** What libvirt printed, and its value. */
export const capabilities: readonly (readonly [xml: string, value: NodeDeviceCapability])[] = [
  [
    `<capability type='usb_device'>
  <bus>1</bus>
  <device>3</device>
  <product id='0x0003'>Reader</product>
  <vendor id='0x0483'>Maker</vendor>
</capability>`,
    {
      type: 'usb_device',
      bus: 1,
      device: 3,
      product: { id: 3, name: 'Reader' },
      vendor: { id: 0x483, name: 'Maker' },
    },
  ],
  [
    `<capability type='usb'>
  <number>0</number>
  <class>255</class>
  <subclass>1</subclass>
  <protocol>2</protocol>
  <description>HID</description>
</capability>`,
    { type: 'usb', number: 0, class: 255, subclass: 1, protocol: 2, description: 'HID' },
  ],
  [
    `<capability type='scsi_target'>
  <target>target0:0:0</target>
  <capability type='fc_remote_port'>
    <rport>rport-0:0-0</rport>
    <wwpn>9d73bc45f0e21a86</wwpn>
  </capability>
</capability>`,
    {
      type: 'scsi_target',
      target: 'target0:0:0',
      capability: { type: 'fc_remote_port', rport: 'rport-0:0-0', wwpn: '9d73bc45f0e21a86' },
    },
  ],
  [
    `<capability type='scsi'>
  <host>0</host>
  <bus>1</bus>
  <target>2</target>
  <lun>4611686018427387904</lun>
  <type>disk</type>
</capability>`,
    { type: 'scsi', host: 0, bus: 1, target: 2, lun: 4611686018427387904n, deviceType: 'disk' },
  ],
  [
    `<capability type='scsi_generic'>
  <char>/dev/sg0</char>
</capability>`,
    { type: 'scsi_generic', char: '/dev/sg0' },
  ],
  [
    `<capability type='storage'>
  <block>/dev/sr0</block>
  <bus>ata</bus>
  <drive_type>cdrom</drive_type>
  <model>M</model>
  <vendor>V</vendor>
  <serial>S</serial>
  <size>1000204886016</size>
  <logical_block_size>512</logical_block_size>
  <num_blocks>1953525168</num_blocks>
  <capability type='removable'>
    <media_available>1</media_available>
    <media_size>0</media_size>
    <media_label>Backup</media_label>
    <logical_block_size>2048</logical_block_size>
    <num_blocks>1</num_blocks>
  </capability>
  <capability type='hotpluggable'/>
</capability>`,
    {
      type: 'storage',
      block: '/dev/sr0',
      bus: 'ata',
      driveType: 'cdrom',
      model: 'M',
      vendor: 'V',
      serial: 'S',
      size: 1000204886016,
      logicalBlockSize: 512,
      numBlocks: 1953525168,
      capabilities: [
        {
          type: 'removable',
          mediaAvailable: true,
          mediaSize: 0,
          mediaLabel: 'Backup',
          logicalBlockSize: 2048,
          numBlocks: 1,
        },
        { type: 'hotpluggable' },
      ],
    },
  ],
  [
    `<capability type='drm'>
  <type>render</type>
</capability>`,
    { type: 'drm', nodeType: 'render' },
  ],
  [
    `<capability type='mdev'>
  <type id='a-1'/>
  <uuid>4b20d080-1b54-4048-85b3-a6a62d165c01</uuid>
  <parent_addr>0000:00:02.0</parent_addr>
  <iommuGroup number='12'/>
  <attr name='b' value='1'/>
  <attr name='a' value='2'/>
</capability>`,
    {
      type: 'mdev',
      mediatedType: { id: 'a-1' },
      uuid: '4b20d080-1b54-4048-85b3-a6a62d165c01',
      parentAddr: '0000:00:02.0',
      iommuGroup: { number: 12 },
      attrs: [
        { name: 'b', value: '1' },
        { name: 'a', value: '2' },
      ],
    },
  ],
  [
    `<capability type='ccw'>
  <state>online</state>
  <cssid>0x0</cssid>
  <ssid>0x3</ssid>
  <devno>0xbd00</devno>
  <capability type='ccwgroup_member'>
    <group_device>ccwgroup_0_0_bd00</group_device>
  </capability>
</capability>`,
    {
      type: 'ccw',
      state: 'online',
      cssid: 0,
      ssid: 3,
      devno: 0xbd00,
      capability: { type: 'ccwgroup_member', groupDevice: 'ccwgroup_0_0_bd00' },
    },
  ],
  [
    `<capability type='ccwgroup'>
  <state>offline</state>
  <cssid>0x0</cssid>
  <ssid>0x0</ssid>
  <devno>0xbd00</devno>
  <members>
    <ccw_device ref='cdev0'>ccw_0_0_bd00</ccw_device>
  </members>
  <capability type='qeth_layer2'>
    <card_type>OSD_1000</card_type>
    <chpid>0x5a</chpid>
  </capability>
</capability>`,
    {
      type: 'ccwgroup',
      state: 'offline',
      cssid: 0,
      ssid: 0,
      devno: 0xbd00,
      members: [{ ref: 'cdev0', name: 'ccw_0_0_bd00' }],
      capability: { type: 'qeth_layer2', cardType: 'OSD_1000', chpid: '0x5a' },
    },
  ],
  [
    `<capability type='css'>
  <cssid>0x0</cssid>
  <ssid>0x0</ssid>
  <devno>0x0052</devno>
  <channel_dev_addr>
    <cssid>0xfe</cssid>
    <ssid>0x0</ssid>
    <devno>0x0001</devno>
  </channel_dev_addr>
  <capability type='mdev_types'>
    <type id='io'>
      <deviceAPI>vfio-ccw</deviceAPI>
      <availableInstances>1</availableInstances>
    </type>
  </capability>
</capability>`,
    {
      type: 'css',
      cssid: 0,
      ssid: 0,
      devno: 0x52,
      channelDevAddr: { cssid: 0xfe, ssid: 0, devno: 1 },
      capability: {
        type: 'mdev_types',
        types: [{ id: 'io', deviceApi: 'vfio-ccw', availableInstances: 1 }],
      },
    },
  ],
  [
    `<capability type='vdpa'>
  <chardev>/dev/vhost-vdpa-0</chardev>
</capability>`,
    { type: 'vdpa', chardev: '/dev/vhost-vdpa-0' },
  ],
  [
    `<capability type='ap_card'>
  <ap-adapter>0x05</ap-adapter>
</capability>`,
    { type: 'ap_card', adapter: 5 },
  ],
  [
    `<capability type='ap_queue'>
  <ap-adapter>0x05</ap-adapter>
  <ap-domain>0x000a</ap-domain>
</capability>`,
    { type: 'ap_queue', adapter: 5, domain: 10 },
  ],
  [`<capability type='ap_matrix'/>`, { type: 'ap_matrix' }],
];
