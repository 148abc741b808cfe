// What ip of iproute2 6.1 sends for tunnels, as strace showed it where lo has the number 1; and the same said to virtnet.

import { createLink } from '../../../lib/host/link-changes.js';
import type { Change } from '../../../lib/host/operation.js';

/** In no UDP, which ip says of every tunnel that could be. */
const plain = {
  encapsulation: 'none',
  encapsulationFlags: [],
  encapsulationSourcePort: 0,
  encapsulationPort: 0,
} as const;

export const goldenTunnels: readonly (readonly [command: string, hex: string, change: () => Change])[] = [
  [
    'ip link add vx0 type vxlan id 42 group 239.1.1.1 dev lo dstport 4789 ttl 5',
    '6c000000100005060000000000000000000000000000000000000000000000000800030076783000440012000900010076786c616e0000003400020008000300010000000500050005000000080001002a00000008000200ef010101050007000100000006000f0012b50000',
    () =>
      createLink({
        kind: 'vxlan',
        name: 'vx0',
        options: { id: 42, group: '239.1.1.1', link: 'lo', port: 4789, ttl: 5, learning: true },
      })[0],
  ],
  [
    'ip link add vx1 type vxlan id 43 remote fd00::1 local fd00::2 dstport 4789 nolearning',
    '7c000000100005060000000000000000000000000000000000000000000000000800030076783100540012000900010076786c616e00000044000200080001002b00000014001100fd00000000000000000000000000000214001000fd000000000000000000000000000001050007000000000006000f0012b50000',
    () =>
      createLink({
        kind: 'vxlan',
        name: 'vx1',
        options: { id: 43, group6: 'fd00::1', local6: 'fd00::2', port: 4789, learning: false },
      })[0],
  ],
  [
    'ip link add gn0 type geneve id 7 remote 10.0.0.2 ttl 5 dstport 6082',
    '6c0000001000050600000000000000000000000000000000000000000000000008000300676e3000440012000a00010067656e6576650000340002000800010007000000080002000a00000208000b0000000000050003000500000005000400000000000600050017c20000',
    () =>
      createLink({
        kind: 'geneve',
        name: 'gn0',
        options: { id: 7, remote: '10.0.0.2', label: 0, ttl: 5, tos: 0, port: 6082 },
      })[0],
  ],
  [
    'ip link add tn0 type ipip dev lo local 10.0.0.1 remote 10.0.0.2 ttl 9 encap gue encap-sport auto encap-dport 5555 encap-csum',
    '980000001000050600000000000000000000000000000000000000000000000008000300746e3000700012000800010069706970640002000500090000000000080002000a000001080003000a00000205000a0001000000050005000000000005000400090000000800010001000000080014000000000006000f0002000000060010000100000006001100000000000600120015b30000',
    () =>
      createLink({
        kind: 'ipip',
        name: 'tn0',
        options: {
          link: 'lo',
          local: '10.0.0.1',
          remote: '10.0.0.2',
          ttl: 9,
          tos: 0,
          pathMtuDiscovery: true,
          protocol: 'any',
          mark: 0,
          encapsulation: 'gue',
          encapsulationFlags: ['checksum'],
          encapsulationSourcePort: 0,
          encapsulationPort: 5555,
        },
      })[0],
  ],
  [
    'ip link add tn4 type sit dev lo remote 10.0.0.2 mode any isatap',
    '980000001000050600000000000000000000000000000000000000000000000008000300746e3400700012000700010073697400640002000500090000000000080003000a00000205000a0001000000050005000000000005000400000000000800010001000000080014000000000006000f00000000000600100000000000060011000000000006001200000000000600080001000000',
    () =>
      createLink({
        kind: 'sit',
        name: 'tn4',
        options: {
          link: 'lo',
          remote: '10.0.0.2',
          ttl: 0,
          tos: 0,
          pathMtuDiscovery: true,
          protocol: 'any',
          flags: ['isatap'],
          mark: 0,
          ...plain,
        },
      })[0],
  ],
  [
    'ip link add tn6 type ip6tnl dev lo mode ipip6 local fd00::1 remote fd00::2 hoplimit 9 encaplimit 3',
    'bc0000001000050600000000000000000000000000000000000000000000000008000300746e3600940012000a000100697036746e6c000084000200050009000400000014000200fd00000000000000000000000000000114000300fd00000000000000000000000000000205000400090000000500060003000000080007000000000008000800000000000800010001000000080014000000000006000f0000000000060010000200000006001100000000000600120000000000',
    () =>
      createLink({
        kind: 'ip6tnl',
        name: 'tn6',
        options: {
          link: 'lo',
          local: 'fd00::1',
          remote: 'fd00::2',
          ttl: 9,
          protocol: 'ipv4',
          encapsulationLimit: 3,
          flowInfo: 0,
          tunnelFlags: [],
          mark: 0,
          encapsulation: 'none',
          encapsulationFlags: ['checksum6'],
          encapsulationSourcePort: 0,
          encapsulationPort: 0,
        },
      })[0],
  ],
  [
    'ip link add gt0 type gretap dev lo remote 10.0.0.2 key 7',
    'ac000000100005060000000000000000000000000000000000000000000000000800030067743000840012000a0001006772657461700000740002000800040000000007080005000000000706000200200000000600030020000000080007000a00000205000a0001000000050009000000000008000100010000000500080000000000080014000000000006000e000000000006000f000000000006001000000000000600110000000000',
    () =>
      createLink({
        kind: 'gretap',
        name: 'gt0',
        options: {
          link: 'lo',
          remote: '10.0.0.2',
          inputKey: 7,
          outputKey: 7,
          ttl: 0,
          tos: 0,
          pathMtuDiscovery: true,
          mark: 0,
          ...plain,
        },
      })[0],
  ],
];
