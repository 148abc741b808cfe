// What ip and bridge of iproute2 6.1 send for a command, as strace showed it where lo, br0, v1 and v0 have the numbers 1
// to 4; and the same said to virtnet. Numbers of messages (bytes 8 to 15) are 0.

import { addAddress, replaceAddress } from '../../../lib/host/addresses.js';
import { addFdb, appendFdb } from '../../../lib/host/fdb.js';
import { altName, createLink, deleteLink, setKind, setLink } from '../../../lib/host/link-changes.js';
import { addMulticast, deleteMulticast } from '../../../lib/host/multicast-groups.js';
import { addNeighbour, deleteNeighbour, replaceNeighbour } from '../../../lib/host/neighbours.js';
import type { Change } from '../../../lib/host/operation.js';
import { addVlan, deleteVlan } from '../../../lib/host/port-vlans.js';
import { addRoute, deleteRoute, replaceRoute } from '../../../lib/host/routes.js';
import { addRule } from '../../../lib/host/rules.js';
import { deleteGroup } from '../../../lib/host/together.js';

export const golden: readonly (readonly [command: string, hex: string, change: () => Change])[] = [
  [
    'ip link add link lo name lo.10 type vlan id 10',
    '4c0000001000050600000000000000000000000000000000000000000000000008000500010000000a0003006c6f2e31300000001800120008000100766c616e0c000200060001000a000000',
    () => createLink({ kind: 'vlan', name: 'lo.10', link: 'lo', options: { id: 10 } })[0],
  ],
  [
    'ip link add link lo name lo.20 type vlan proto 802.1ad id 20',
    '540000001000050600000000000000000000000000000000000000000000000008000500010000000a0003006c6f2e32300000002000120008000100766c616e140002000600050088a800000600010014000000',
    () =>
      createLink({ kind: 'vlan', name: 'lo.20', link: 'lo', options: { id: 20, protocol: '802.1ad' } })[0],
  ],
  [
    'ip link add link lo name lo.30 type vlan id 30 egress-qos-map 1:2 3:4',
    '680000001000050600000000000000000000000000000000000000000000000008000500010000000a0003006c6f2e33300000003400120008000100766c616e28000200060001001e0000001c0003000c00010001000000020000000c0001000300000004000000',
    () =>
      createLink({
        kind: 'vlan',
        name: 'lo.30',
        link: 'lo',
        options: {
          id: 30,
          egressPriorities: [
            { from: 1, to: 2 },
            { from: 3, to: 4 },
          ],
        },
      })[0],
  ],
  [
    'ip link add bond0 type bond mode 802.3ad miimon 100 lacp_rate fast xmit_hash_policy layer3+4 min_links 1',
    '64000000100005060000000000000000000000000000000000000000000000000a000300626f6e64300000003800120008000100626f6e642c00020005000100040000000800030064000000050015000100000005000e00010000000800120001000000',
    () =>
      createLink({
        kind: 'bond',
        name: 'bond0',
        options: {
          mode: '802.3ad',
          miimon: 100,
          lacpRate: 'fast',
          transmitHashPolicy: 'layer3+4',
          minLinks: 1,
        },
      })[0],
  ],
  [
    'ip link add bond1 type bond mode active-backup arp_interval 200 arp_ip_target 10.0.0.1,10.0.0.2 primary v0 fail_over_mac active',
    '70000000100005060000000000000000000000000000000000000000000000000a000300626f6e64310000004400120008000100626f6e6438000200050001000100000008000700c800000014000800080000000a000001080001000a00000208000b000400000005000d0001000000',
    () =>
      createLink({
        kind: 'bond',
        name: 'bond1',
        options: {
          mode: 'active-backup',
          arpInterval: 200,
          arpIpTargets: ['10.0.0.1', '10.0.0.2'],
          primary: 'v0',
          failOverMac: 'active',
        },
      })[0],
  ],
  [
    'ip link add dummy0 mtu 9000 type dummy',
    '440000001000050600000000000000000000000000000000000000000000000008000400282300000b00030064756d6d79300000100012000900010064756d6d79000000',
    () => createLink({ kind: 'dummy', name: 'dummy0', mtu: 9000 })[0],
  ],
  [
    'ip link add link lo name mv0 address 52:54:00:00:00:01 type macvlan mode bridge',
    '58000000100005060000000000000000000000000000000000000000000000000a00010052540000000100000800050001000000080003006d7630001c0012000b0001006d6163766c616e000c0002000800010004000000',
    () =>
      createLink({
        kind: 'macvlan',
        name: 'mv0',
        link: 'lo',
        mac: '52:54:00:00:00:01',
        options: { mode: 'bridge' },
      })[0],
  ],
  [
    'ip link add link lo name mt0 type macvtap mode passthru',
    '4c000000100005060000000000000000000000000000000000000000000000000800050001000000080003006d7430001c0012000b0001006d616376746170000c0002000800010008000000',
    () => createLink({ kind: 'macvtap', name: 'mt0', link: 'lo', options: { mode: 'passthru' } })[0],
  ],
  [
    'ip link add ve0 type veth peer name ve1',
    '540000001000050600000000000000000000000000000000000000000000000008000300766530002c0012000800010076657468200002001c000100000000000000000000000000000000000800030076653100',
    () => createLink({ kind: 'veth', name: 've0', options: { peer: { name: 've1' } } })[0],
  ],
  [
    'ip link add iv0 link lo type ipvlan mode l3s',
    '540000001000050600000000000000000000000000000000000000000000000008000500010000000800030069763000240012000a0001006970766c616e00001400020006000100020000000600020000000000',
    () => createLink({ kind: 'ipvlan', name: 'iv0', link: 'lo', options: { mode: 'l3s', flags: [] } })[0],
  ],
  [
    'ip link add vrf0 type vrf table 100',
    '44000000100005060000000000000000000000000000000000000000000000000900030076726630000000001800120007000100767266000c0002000800010064000000',
    () => createLink({ kind: 'vrf', name: 'vrf0', options: { table: 100 } })[0],
  ],
  [
    'ip link add br9 type bridge stp_state 1 forward_delay 400 priority 4096 vlan_filtering 1 vlan_protocol 802.1ad vlan_default_pvid 7 mcast_snooping 0',
    '740000001000050600000000000000000000000000000000000000000000000008000300627239004c0012000a00010062726964676500003c00020008000500010000000800010090010000060006000010000005000700010000000600080088a8000006002700070000000500170000000000',
    () =>
      createLink({
        kind: 'bridge',
        name: 'br9',
        options: {
          stp: true,
          forwardDelay: 4,
          priority: 4096,
          vlanFiltering: true,
          vlanProtocol: '802.1ad',
          vlanDefaultPvid: 7,
          multicastSnooping: false,
        },
      })[0],
  ],
  [
    'ip link set dev br0 type bridge ageing_time 3000 group_address 01:80:c2:00:00:04',
    '4800000010000500000000000000000000000000020000000000000000000000280012000a00010062726964676500001800020008000400b80b00000a0014000180c20000040000',
    () => setKind('br0', 'bridge', { ageingTime: 30, groupAddress: '01:80:c2:00:00:04' }),
  ],
  [
    'ip link set dev v0 type bridge_slave isolated on cost 77 hairpin on',
    '500000001000050000000000000000000000000004000000000000000000000030001200100001006272696467655f736c6176651c0005000500210001000000080003004d0000000500040001000000',
    () => setLink('v0', { bridgePort: { isolated: true, pathCost: 77, hairpin: true } }),
  ],
  [
    'ip link set dev v0 type bond_slave queue_id 3',
    '4000000010000500000000000000000000000000040000000000000000000000200012000e000100626f6e645f736c61766500000c0005000600050003000000',
    () => setLink('v0', { bondMember: { queueId: 3 } }),
  ],
  [
    'ip link set dev v0 up',
    '2000000010000500000000000000000000000000040000000100000001000000',
    () => setLink('v0', { up: true }),
  ],
  [
    'ip link set dev v0 mtu 1400',
    '28000000100005000000000000000000000000000400000000000000000000000800040078050000',
    () => setLink('v0', { mtu: 1400 }),
  ],
  [
    'ip link set dev v0 nomaster',
    '280000001000050000000000000000000000000004000000000000000000000008000a0000000000',
    () => setLink('v0', { master: null }),
  ],
  [
    'ip link set dev v0 master br0',
    '280000001000050000000000000000000000000004000000000000000000000008000a0002000000',
    () => setLink('v0', { master: 'br0' }),
  ],
  [
    'ip link set dev v0 alias office',
    '2c000000100005000000000000000000000000000400000000000000000000000a0014006f66666963650000',
    () => setLink('v0', { alias: 'office' }),
  ],
  [
    'ip link set dev v0 name v9',
    '28000000100005000000000000000000000000000400000000000000000000000700030076390000',
    () => setLink('v0', { name: 'v9' }),
  ],
  [
    'ip link set dev v0 group 7',
    '280000001000050000000000000000000000000004000000000000000000000008001b0007000000',
    () => setLink('v0', { group: 7 }),
  ],
  [
    'ip link del dev v0',
    '2000000011000500000000000000000000000000040000000000000000000000',
    () => deleteLink('v0'),
  ],
  [
    'ip link del group 77',
    '280000001100050000000000000000000000000000000000000000000000000008001b004d000000',
    () => deleteGroup(77),
  ],
  [
    'ip link property add dev v0 altname another-name-for-it',
    '3c0000006c00050e0000000000000000000000000400000000000000000000001c00348018003500616e6f746865722d6e616d652d666f722d697400',
    () => altName('v0', 'another-name-for-it', 'add'),
  ],
  [
    'ip addr add 10.0.0.1/24 broadcast + dev br0',
    '300000001400050600000000000000000218000002000000080002000a000001080001000a000001080004000a0000ff',
    () => addAddress('br0', '10.0.0.1/24', { broadcast: 'auto' }),
  ],
  [
    'ip addr replace 10.0.0.1/24 dev br0',
    '280000001400050500000000000000000218000002000000080002000a000001080001000a000001',
    () => replaceAddress('br0', '10.0.0.1/24'),
  ],
  [
    'ip route add default via 192.168.10.254',
    '2400000018000506000000000000000002000000fe0300010000000008000500c0a80afe',
    () => addRoute({ destination: 'default', gateway: '192.168.10.254' }),
  ],
  [
    'ip route add 10.1.0.0/16 via 192.168.10.254 dev br0 metric 50 proto static src 192.168.10.1',
    '4400000018000506000000000000000002100000fe04000100000000080001000a01000008000500c0a80afe080006003200000008000700c0a80a010800040002000000',
    () =>
      addRoute({
        destination: '10.1.0.0/16',
        gateway: '192.168.10.254',
        device: 'br0',
        metric: 50,
        protocol: 'static',
        preferredSource: '192.168.10.1',
      }),
  ],
  [
    'ip route add 10.4.0.0/16 via 192.168.10.254 mtu 1400 advmss 1300 congctl cubic',
    '4c00000018000506000000000000000002100000fe03000100000000080001000a04000008000500c0a80afe2000080008000200780500000800080014050000090010006375626963000000',
    () =>
      addRoute({
        destination: '10.4.0.0/16',
        gateway: '192.168.10.254',
        metrics: { mtu: 1400, advertisedMss: 1300, congestionControl: 'cubic' },
      }),
  ],
  [
    'ip route replace 10.5.0.0/16 nexthop via 192.168.10.254 weight 3 nexthop via 192.168.10.253',
    '4800000018000505000000000000000002100000fe03000100000000080001000a05000024000900100000020000000008000500c0a80afe100000000000000008000500c0a80afd',
    () =>
      replaceRoute({
        destination: '10.5.0.0/16',
        nextHops: [{ gateway: '192.168.10.254', weight: 3 }, { gateway: '192.168.10.253' }],
      }),
  ],
  [
    'ip route add blackhole 10.3.0.0/16',
    '2400000018000506000000000000000002100000fe03000600000000080001000a030000',
    () => addRoute({ destination: '10.3.0.0/16', type: 'blackhole' }),
  ],
  [
    'ip route add 10.6.0.0/16 via 192.168.10.254 table 1000',
    '34000000180005060000000000000000021000000003000100000000080001000a06000008000500c0a80afe08000f00e8030000',
    () => addRoute({ destination: '10.6.0.0/16', gateway: '192.168.10.254', table: 1000 }),
  ],
  [
    'ip route add 10.8.0.0/16 via inet6 fd50::ff dev br0',
    '4400000018000506000000000000000002100000fe03000100000000080001000a080000160012000a00fd5000000000000000000000000000ff00000800040002000000',
    () => addRoute({ destination: '10.8.0.0/16', gateway: 'fd50::ff', device: 'br0' }),
  ],
  [
    'ip route del 10.1.0.0/16',
    '2400000019000500000000000000000002100000fe00ff0000000000080001000a010000',
    () => deleteRoute({ destination: '10.1.0.0/16' }),
  ],
  [
    'ip rule add from 192.168.10.0/24 table 100 pref 1000',
    '2c00000020000506000000000000000002001800640000010000000008000200c0a80a0008000600e8030000',
    () => addRule({ from: '192.168.10.0/24', table: 100, priority: 1000 }),
  ],
  [
    'ip rule add fwmark 16/255 table 1000 pref 1001',
    '3c00000020000506000000000000000002000000000000010000000008000a001000000008001000ff00000008000f00e803000008000600e9030000',
    () => addRule({ mark: 16, markMask: 255, table: 1000, priority: 1001 }),
  ],
  [
    'ip rule add not iif br0 prohibit pref 1002',
    '2c000000200005060000000000000000020000000000000802000000080003006272300008000600ea030000',
    () => addRule({ not: true, input: 'br0', action: 'prohibit', priority: 1002 }),
  ],
  [
    'ip rule add ipproto tcp dport 80-90 uidrange 0-9 pref 1003',
    '4000000020000506000000000000000002000000fe0000010000000005001600060000000800180050005a000c001400000000000900000008000600eb030000',
    () =>
      addRule({
        ipProtocol: 'tcp',
        destinationPorts: { start: 80, end: 90 },
        users: { start: 0, end: 9 },
        priority: 1003,
      }),
  ],
  [
    'ip neigh add 192.168.10.20 lladdr 52:54:00:00:00:20 dev br0',
    '300000001c000506000000000000000002000000020000008000000008000100c0a80a140a0002005254000000200000',
    () => addNeighbour('br0', '192.168.10.20', { mac: '52:54:00:00:00:20' }),
  ],
  [
    'ip neigh replace 192.168.10.20 lladdr 52:54:00:00:00:20 nud reachable dev br0',
    '300000001c000505000000000000000002000000020000000200000008000100c0a80a140a0002005254000000200000',
    () => replaceNeighbour('br0', '192.168.10.20', { mac: '52:54:00:00:00:20', state: 'reachable' }),
  ],
  [
    'ip neigh del 192.168.10.20 dev br0',
    '240000001d000500000000000000000002000000020000008000000008000100c0a80a14',
    () => deleteNeighbour('br0', '192.168.10.20'),
  ],
  [
    'bridge fdb add 52:54:00:00:00:aa dev v0 master static',
    '280000001c00050600000000000000000700000004000000420004000a0002005254000000aa0000',
    () => addFdb('v0', '52:54:00:00:00:aa', { table: 'master', state: 'static' }),
  ],
  [
    'bridge fdb append 00:00:00:00:00:00 dev v0 dst 10.0.0.2',
    '300000001c00050c00000000000000000700000004000000c00002000a0002000000000000000000080001000a000002',
    () => appendFdb('v0', '00:00:00:00:00:00', { destination: '10.0.0.2' }),
  ],
  [
    'bridge mdb add dev br0 port v0 grp 239.1.1.1 permanent',
    '380000005400050600000000000000000700000002000000200001000400000001000000ef01010100000000000000000000000008000000',
    () => addMulticast('br0', 'v0', '239.1.1.1', { state: 'permanent' }),
  ],
  [
    'bridge mdb add dev br0 port v0 grp 239.1.1.2 vid 10 temp',
    '380000005400050600000000000000000700000002000000200001000400000000000a00ef01010200000000000000000000000008000000',
    () => addMulticast('br0', 'v0', '239.1.1.2', { vlan: 10 }),
  ],
  [
    'bridge mdb add dev br0 port v0 grp ff0e::7 src 2001:db8::1 permanent',
    '500000005400050600000000000000000700000002000000200001000400000001000000ff0e000000000000000000000000000786dd0000180002801400010020010db8000000000000000000000001',
    () => addMulticast('br0', 'v0', 'ff0e::7', { source: '2001:db8::1', state: 'permanent' }),
  ],
  [
    'bridge mdb add dev br0 port v0 grp 01:00:5e:01:02:03 permanent',
    '38000000540005060000000000000000070000000200000020000100040000000100000001005e0102030000000000000000000000000000',
    () => addMulticast('br0', 'v0', '01:00:5e:01:02:03', { state: 'permanent' }),
  ],
  [
    'bridge mdb add dev br0 port br0 grp 239.1.1.9',
    '380000005400050600000000000000000700000002000000200001000200000000000000ef01010900000000000000000000000008000000',
    () => addMulticast('br0', 'br0', '239.1.1.9'),
  ],
  [
    'bridge mdb del dev br0 port v0 grp 239.1.1.1',
    '380000005500050000000000000000000700000002000000200001000400000000000000ef01010100000000000000000000000008000000',
    () => deleteMulticast('br0', 'v0', '239.1.1.1'),
  ],
  [
    'bridge vlan add dev v0 vid 10 pvid untagged',
    '2c000000130005000000000000000000070000000400000000000000000000000c001a000800020006000a00',
    () => addVlan('v0', 10, { pvid: true, untagged: true }),
  ],
  [
    'bridge vlan add dev v0 vid 10-19',
    '340000001300050000000000000000000700000004000000000000000000000014001a000800020008000a000800020010001300',
    () => addVlan('v0', [10, 19]),
  ],
  [
    'bridge vlan del dev v0 vid 10',
    '2c000000110005000000000000000000070000000400000000000000000000000c001a000800020000000a00',
    () => deleteVlan('v0', 10),
  ],
  [
    'bridge vlan add dev br0 vid 5 self',
    '340000001300050000000000000000000700000002000000000000000000000014001a0006000000020000000800020000000500',
    () => addVlan('br0', 5, { self: true }),
  ],
];
