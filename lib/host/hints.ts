// What to do about a refusal of the kernel's, in rows: its code, where that says too little the call, the action,
// the object or the kernel's own words, and the advice. The first row that fits is taken.

import { absenceHints } from './absence-hints.js';
import { deviceHints } from './device-hints.js';
import type { Hint, Refused } from './hint.js';
import { multicastHints } from './multicast-hints.js';
import { portHints } from './port-hints.js';
import { routeHints } from './route-hints.js';

const rows: readonly Hint[] = [
  ...portHints,
  ...multicastHints,
  {
    code: 'EAFNOSUPPORT',
    action: /address generation/,
    hint: 'it has no IPv6: that takes an MTU of 1280 or more, and a kernel that has it (booted without ipv6.disable=1)',
  },
  {
    code: 'EINVAL',
    action: /address generation/,
    hint: 'stablePrivacy takes a secret of the link (sysctl net.ipv6.conf.NAME.stable_secret); random makes one by itself',
  },
  {
    code: 'EBUSY',
    action: /^(take over|give back)$/,
    detail: /^VXLANs send over it/,
    hint: 'make them anew afterwards, or without options.link: then the routes say where they send',
  },
  {
    code: 'EBUSY',
    action: /^take over$/,
    hint: 'what it is in has its addresses: take that over, or take the link out of it first: host.links.set(NAME, { master: null })',
  },
  {
    code: 'EBUSY',
    action: /^give back$/,
    detail: /^it has ports/,
    hint: 'move the guests first, or say force: true: the ports stay without a bridge then',
  },
  {
    code: 'EBUSY',
    action: /^give back$/,
    hint: 'they would go with the bridge: delete them first',
  },
  {
    code: 'EINVAL',
    action: /^take over$/,
    hint: 'a bridge has ports of Ethernet only, and not the loopback device: build.network.routed needs none',
  },
  {
    code: 'ELOOP',
    action: /^take over$/,
    hint: 'guests can be put on it as it is: build.network.bridged',
  },
  {
    code: ['ENETUNREACH', 'EINVAL'],
    action: /^move$/,
    object: /^route/,
    hint: 'no subnet of the link has its gateway or source any more, so the kernel would not take it a second time: delete it, or replace it with onLink: true',
  },
  {
    code: 'EACCES',
    action: /^move$/,
    object: /^(address|route to) .*:/,
    hint: 'the link that it moves to has no IPv6: sysctl net.ipv6.conf.NAME.disable_ipv6=0, for new ones net.ipv6.conf.default.disable_ipv6=0',
  },
  {
    code: 'EEXIST',
    action: /^move$/,
    hint: 'the link has it already: delete it there',
  },
  {
    code: 'EOPNOTSUPP',
    action: /^move$/,
    hint: 'next hop objects cannot be moved: replace the route with one that says its gateway',
  },
  {
    code: 'ENOENT',
    action: /^move$/,
    hint: 'another program manages this link, such as NetworkManager: have it make the bridge, or keep its hands off: nmcli device set NAME managed no',
  },
  {
    code: 'EBUSY',
    detail: /^it has ports/,
    hint: 'remove them first, or delete it with { force: true }: the ports stay then',
  },
  {
    code: 'EBUSY',
    detail: /^it is in '.*' already/,
    hint: 'take it out first: host.bridges.removePort',
  },
  {
    code: 'EBUSY',
    call: /^RTM_NEWLINK$/,
    action: /^add$/,
    hint: 'macvtap, macvlan and ipvlan devices take the frames of a link for themselves: delete those on it first',
  },
  {
    code: 'EBUSY',
    call: /^RTM_NEWLINK$/,
    action: /^(change|rename)$/,
    hint: 'macvtap, macvlan and ipvlan devices on it keep it out of a bridge or bond; some links change their name or MAC address only while they are down: host.links.down; and the spanning tree (stp), while it is on, alone sets the state of a port',
  },
  {
    code: 'EBUSY',
    call: /^RTM_NEWLINK$/,
    action: /^create$/,
    object: /^(macvlan|macvtap|ipvlan) /,
    hint: 'the link that it is to stand on is in a bridge or bond, or another one has it to itself (passthru): host.links.get tells its master',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$|^TUNSETIFF$/,
    action: /^create$/,
    object: /'(all|default)'$/,
    detail: /^$/,
    hint: 'no link is called all or default: the sysctls for all of them, and for new ones, are',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$/,
    action: /^rename$/,
    toward: /'(all|default)'$/,
    detail: /^$/,
    hint: 'no link is called all or default: the sysctls for all of them, and for new ones, are',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$/,
    action: /^create$/,
    object: /^veth /,
    detail: /^$/,
    hint: 'the MTU of a veth is 68 to 65535, and that of its other end (options.peer), too',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$/,
    action: /^create$/,
    object: /^(macvlan|macvtap) /,
    detail: /^$/,
    hint: 'with passthru it has its link to itself: there can be no other macvtap or macvlan device on that link',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$/,
    object: /^(gre|gretap|ip6gre|ip6gretap|ipip|sit|ip6tnl) /,
    detail: /^$/,
    hint: 'options.encapsulation takes a kernel module (modprobe fou, for IPv6 fou6), and options.ttl pathMtuDiscovery',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$/,
    object: /^tun /,
    detail: /^$/,
    hint: 'a bridge has ports of Ethernet only, and not the loopback device; make a tap instead of a tun',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$/,
    action: /^(add|change|create)$/,
    toward: /^(to|as a port of) /,
    detail: /^$/,
    hint: 'a bridge has ports of Ethernet only, and not the loopback device',
  },
  {
    code: 'EBUSY',
    call: /^sriov/,
    detail: /^it has/,
    hint: 'remove them first: host.virtualFunctions.remove',
  },
  {
    code: 'EBUSY',
    call: /^sriov/,
    hint: 'end the guest that has it, or give it back to the host; with { force: true } the kernel waits until no guest has it',
  },
  { code: 'ERANGE', call: /^sriov/, hint: 'host.virtualFunctions.capacity tells how many it can have' },
  {
    code: 'EOPNOTSUPP',
    call: /^sriov/,
    hint: 'a card has them whose driver and firmware have SR-IOV: lspci -vv shows it, the BIOS may have it turned off',
  },
  {
    code: ['EPERM', 'EACCES', 'EROFS'],
    call: /^sriov/,
    hint: 'the files of /sys belong to root, and are read-only in a container without privileges',
  },
  {
    code: 'ENODEV',
    object: /^virtual function/,
    detail: /^it has/,
    hint: 'host.virtualFunctions.list tells which there are, and create makes them',
  },
  {
    code: ['EOPNOTSUPP', 'EINVAL'],
    object: /^virtual function/,
    hint: "the card's driver cannot set that, or not while the link is down",
  },
  {
    code: 'EBUSY',
    call: /^TUNSETIFF$/,
    hint: 'a link of that name is there, or the tap is open elsewhere: attach to it with Tap.open, with multiQueue where it is open already; or remove it with host.taps.delete',
  },
  {
    code: 'EEXIST',
    call: /^RTM_NEWLINK$/,
    detail: /already exists/,
    hint: 'another link has that number, whatever its name: host.links.list({ kind }) tells which',
  },
  {
    code: 'EEXIST',
    call: /^RTM_NEWLINK$/,
    action: /^create$/,
    object: /^veth /,
    hint: 'a link has that name or that number, or its other end has that name: host.links.get tells what it is',
  },
  {
    code: 'EEXIST',
    call: /^RTM_NEWLINK$/,
    action: /^create$/,
    hint: 'a link of that name or that number is there: host.links.get tells what it is',
  },
  {
    code: 'EEXIST',
    call: /^RTM_NEWLINK(PROP)?$/,
    hint: 'a link has that name, or has it besides its own: host.links.get tells which',
  },
  {
    code: 'EEXIST',
    action: /^add$/,
    object: /^rule /,
    hint: 'it is there already: host.rules.delete takes it away, and with another priority it is one more',
  },
  {
    code: 'EEXIST',
    action: /^add$/,
    hint: 'it is there already: replace() changes it, or makes it',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_NEWLINK$/,
    detail: /VLANs not supported/,
    hint: 'a VLAN stands on a link of Ethernet, which the loopback device and a tun are not',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_NEWLINK$/,
    object: /^(tap|tun) /,
    hint: 'what it was to be a port of takes none: a bridge, a bond and a VRF do',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_NEWLINK$/,
    toward: /^to /,
    action: /^(add|change)$/,
    hint: 'what was named as its master takes no ports, as a bridge and a bond do; or its driver cannot change that',
  },
  {
    code: 'EOPNOTSUPP',
    detail: / since it was made$/,
    hint: 'the kernel cannot change that: delete the link, and create another one',
  },
  {
    code: ['EOPNOTSUPP', 'EINVAL'],
    detail: /^it is a .* and not /,
    hint: 'host.links.get tells which kind it is of',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$/,
    detail: /^it is in '/,
    hint: 'name the bridge that it is in: host.links.get tells its master',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$/,
    action: /^give back$/,
    detail: /^it is in no bridge$/,
    hint: 'there is nothing to give back: host.bridges.show() tells what is in which bridge',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$/,
    detail: /^mtu (less|greater) than device /,
    hint: 'its driver has bounds: minMtu and maxMtu of host.links.get tell them',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$/,
    detail: /netns is immutable|NETNS local/i,
    hint: 'a link of this kind stays in the network namespace in which it was made: make it there, with host.in(NETNS)',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$/,
    action: /^change$/,
    object: /^macv(lan|tap) /,
    detail: /^$/,
    hint: 'whether it is passthru is settled when it is made, and its flags go with no other mode: delete it, and make it anew; addresses (macs) are those of the mode source',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_NEWLINK$/,
    detail: /^Cannot change /,
    hint: 'it has that from when it was made: delete it, and make it anew',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_NEWLINK$/,
    action: /^(change|create)$/,
    object: /^bridge /,
    hint: 'this kernel may lack an option of bridges, as CONFIG_BRIDGE_VLAN_FILTERING for vlanFiltering, or bridges at all: host.capabilities() tells',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_NEWLINK$/,
    action: /^change$/,
    hint: 'links of this kind, or its driver, cannot change that',
  },
  {
    code: 'ERANGE',
    call: /^RTM_NEWLINK$/,
    object: /^bridge /,
    detail: /^$/,
    hint: 'with the spanning tree (stp) forwardDelay is 2 to 30 seconds',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_NEWLINK$/,
    action: /^create$/,
    toward: /^as a port of /,
    detail: /^$/,
    hint: 'what was named as its master takes no ports, as a bridge, a bond and a VRF do',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_NEWLINK$/,
    action: /^create$/,
    hint: 'this kernel may have no links of the kind: host.capabilities() tells which, and which module is missing',
  },
  {
    code: 'EACCES',
    call: /^RTM_NEWLINK$/,
    detail: /not supported in mode/,
    hint: 'a bond of another mode has it: mode can be changed while there are no members',
  },
  {
    code: 'EPERM',
    call: /^RTM_NEWLINK$/,
    detail: /while up$/,
    hint: 'a bond takes links that are down, and sets them up: host.links.down',
  },
  {
    code: 'EADDRNOTAVAIL',
    call: /^RTM_NEWLINK$/,
    hint: 'the MAC address of a link is that of one device: its first byte is even, and not all are 0',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_DELLINK$/,
    hint: 'a physical device, and the loopback device, cannot be deleted',
  },
  ...routeHints,
  {
    code: 'ELOOP',
    hint: 'a bridge cannot be a port of a bridge: join them with a veth',
  },
  {
    code: 'EINTR',
    call: /^NLM_F_DUMP$/,
    hint: 'the list kept changing while it was read: ask again when less is going on',
  },
  {
    code: ['ENOBUFS', 'ENOMEM'],
    call: /^(sendmsg|recvmsg)$/,
    hint: 'the kernel has no memory for it now: ask again when it has, or for less at once',
  },
  {
    code: 'EOPNOTSUPP',
    action: /^watch$/,
    call: /^RTM_GETVLAN$/,
    hint: 'this kernel has no VLANs of ports (CONFIG_BRIDGE_VLAN_FILTERING): say in `of` what else is to be watched',
  },
  ...absenceHints,
  ...deviceHints,
  {
    code: ['EPERM', 'EACCES'],
    hint: 'it needs CAP_NET_ADMIN in the network namespace: run as root, or setcap cap_net_admin+ep',
  },
];

/** The advice for a refusal; undefined when there is none. */
export function hintFor({
  code,
  call,
  action,
  object,
  toward = '',
  detail = '',
}: Refused): string | undefined {
  return rows.find(
    (row) =>
      (typeof row.code === 'string' ? row.code === code : row.code.includes(code)) &&
      (row.call?.test(call) ?? true) &&
      (row.action?.test(action) ?? true) &&
      (row.object?.test(object) ?? true) &&
      (row.toward?.test(toward) ?? true) &&
      (row.detail?.test(detail) ?? true),
  )?.hint;
}
