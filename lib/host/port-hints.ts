// What to do about refusals of what is told of ports of a bridge and members of a bond, their VLANs and forwarding entries.
import type { Hint } from './hint.js';

export const portHints: readonly Hint[] = [
  {
    code: 'EBUSY',
    call: /^RTM_NEWLINK$/,
    object: /^port /,
    hint: 'the spanning tree alone sets the state of a port while it is on: host.bridges.set(BRIDGE, { stp: false })',
  },
  {
    code: 'ENETDOWN',
    call: /^RTM_NEWLINK$/,
    action: /^change$/,
    hint: 'the state of a port is set while it is up and has a carrier: host.links.up',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_NEWLINK$/,
    detail: /^it is in no bond$/,
    hint: "put it into one first: host.links.set(NAME, { master: 'bond0' })",
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_NEWLINK$/,
    detail: /^it is in no bridge$/,
    hint: 'put it into one first: host.bridges.addPort',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_NEWLINK$/,
    detail: /^it is in '.*', which is a /,
    hint: 'what a bridge is told of its port is bridgePort (host.bridges.setPort), what a bond is told of its member is bondMember: host.links.get tells the master of a link',
  },
  {
    code: 'EOPNOTSUPP',
    call: /^RTM_NEWLINK$/,
    object: /^port /,
    hint: 'it is a port of no bridge: host.bridges.addPort',
  },
  {
    code: 'EINVAL',
    call: /^RTM_NEWLINK$/,
    action: /^remove$/,
    detail: /^it is in no bridge$/,
    hint: 'there is nothing to remove: host.bridges.show() tells what is in which bridge',
  },
  {
    code: 'EINVAL',
    object: /^forwarding entry 00:00:00:00:00:00 /,
    hint: 'only in the table of a VXLAN all zeros stand for those that have no entry: a bridge takes an address of a device',
  },
  {
    code: 'EINVAL',
    object: /^forwarding entry /,
    hint: 'an entry has a VLAN only where its bridge keeps VLANs apart: host.bridges.set(BRIDGE, { vlanFiltering: true })',
  },
  {
    code: 'EAFNOSUPPORT',
    object: /^forwarding entry /,
    hint: 'the peers of a VXLAN have addresses of one family: that of its local, local6, group or group6',
  },
  {
    code: 'EOPNOTSUPP',
    object: /^forwarding entry /,
    hint: "the table of a bridge is that of its ports (host.bridges.addPort); a VXLAN has one of its own: table 'self'",
  },
  {
    code: 'EOPNOTSUPP',
    object: /^VLAN/,
    hint: 'the link has to be in a bridge whose vlanFiltering is on, of a kernel that has it (CONFIG_BRIDGE_VLAN_FILTERING)',
  },
];
