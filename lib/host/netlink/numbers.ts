// The kernel's numbers for kinds of messages, families of addresses and groups of listeners
// (include/uapi/linux/rtnetlink.h, include/linux/socket.h).

export const NETLINK_ROUTE = 0;

/** Requests; the kernel tells of things in the same words. */
export const RTM = {
  NEWLINK: 16,
  DELLINK: 17,
  GETLINK: 18,
  SETLINK: 19,
  NEWADDR: 20,
  DELADDR: 21,
  GETADDR: 22,
  NEWROUTE: 24,
  DELROUTE: 25,
  GETROUTE: 26,
  NEWNEIGH: 28,
  DELNEIGH: 29,
  GETNEIGH: 30,
  NEWRULE: 32,
  DELRULE: 33,
  GETRULE: 34,
  NEWMDB: 84,
  DELMDB: 85,
  GETMDB: 86,
  NEWNSID: 88,
  GETNSID: 90,
  NEWLINKPROP: 108,
  DELLINKPROP: 109,
  NEWVLAN: 112,
  DELVLAN: 113,
  GETVLAN: 114,
} as const;

const requests = new Map(Object.entries(RTM).map(([name, number]) => [number as number, `RTM_${name}`]));

/** The name of a request, as in `RTM_NEWLINK`. */
export const requestName = (type: number): string => requests.get(type) ?? `netlink request ${type}`;

export const AF = { unspec: 0, inet: 2, bridge: 7, inet6: 10 } as const;

/** Groups of listeners (RTNLGRP_…). */
export const GROUP = {
  link: 1,
  neighbour: 3,
  ipv4Address: 5,
  ipv4Route: 7,
  ipv4Rule: 8,
  ipv6Address: 9,
  ipv6Route: 11,
  ipv6Rule: 19,
  multicastGroup: 26,
  bridgeVlan: 33,
} as const;
