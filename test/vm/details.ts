// What ip says of a link.

import type { Netns } from '../host/netns.js';

/** As `ip -json -details link` shows it; more fields than these are there. */
export interface IpLink {
  ifname: string;
  flags: string[];
  mtu: number;
  link?: string;
  master?: string;
  linkinfo: {
    info_kind: string;
    info_data?: Record<string, unknown>;
    info_slave_data?: Record<string, unknown>;
  };
}

/** All of it. */
export const ip = async (netns: Netns, name: string) =>
  (await netns.ipJson<IpLink[]>(`link show dev ${name}`))[0] as IpLink;

/** What is of its kind alone. */
export const dataOf = async (netns: Netns, name: string) => (await ip(netns, name)).linkinfo.info_data;
