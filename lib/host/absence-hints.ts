// What to do where what a call names is not there, or no longer.
import type { Hint } from './hint.js';

export const absenceHints: readonly Hint[] = [
  {
    code: 'ENODEV',
    object: /^bridge /,
    detail: /^there is no /,
    hint: 'host.bridges.show() tells which there are in this network namespace',
  },
  {
    code: 'ENODEV',
    detail: /^there is no device/,
    hint: 'host.links.list() tells which there are in this network namespace',
  },
  {
    code: 'ENODEV',
    call: /^RTM_NEWROUTE$/,
    detail: /^$/,
    hint: 'a route leads to a gateway, by a device, or to both: say one of them',
  },
  {
    code: 'ENOENT',
    call: /^RTM_DELLINKPROP$/,
    hint: 'altNames of host.links.get tells which it has',
  },
  {
    code: 'ENOENT',
    call: /^RTM_NEWLINK$/,
    action: /^change$/,
    hint: 'the port that is to stand in for it (backupPort) has to be one of the same bridge: host.bridges.addPort',
  },
  {
    code: 'ENOENT',
    call: /^RTM_DELNEIGH$/,
    object: /^forwarding entry /,
    hint: "host.bridges.fdb.list({ link }) tells which there are: one of a bridge is in the table 'master', and its VLAN and peer are part of it",
  },
  {
    code: 'EADDRNOTAVAIL',
    call: /^RTM_DELADDR$/,
    hint: 'host.addresses.list({ link }) tells which the link has; the length of the prefix is part of an address',
  },
  {
    code: 'ESRCH',
    call: /^RTM_DELROUTE$/,
    hint: "host.routes.list({ table: 'all' }) tells which there are; a route is found by its destination, its table and what else is said of it",
  },
  {
    code: 'ENOENT',
    call: /^RTM_DELRULE$/,
    hint: "host.rules.list() tells which there are, and host.rules.list({ family: 'ipv6' }) those of IPv6; a rule is found by all that is said of it",
  },
  {
    code: 'ENOENT',
    call: /^RTM_DELNEIGH$/,
    object: /^neighbour /,
    hint: 'host.neighbours.list({ link }) tells which the link has',
  },
  {
    code: 'EBADF',
    call: /^sendmsg$/,
    detail: /^this host was closed$/,
    hint: 'close() has ended it: host.in(NETNS) opens the network of a namespace anew',
  },
];
