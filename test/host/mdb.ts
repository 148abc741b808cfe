// Multicast groups as `bridge mdb` shows them, and a bridge to have some.
import type { Host, MulticastGroup } from '../../lib/host/index.js';
import { until } from '../lab/until.js';
import type { Netns } from './netns.js';

/** What `bridge -json -details -statistics mdb show` says of one. */
export interface Shown {
  dev: string;
  port: string;
  grp: string;
  src?: string;
  vid?: number;
  state: 'temp' | 'permanent';
  protocol?: string;
  filter_mode?: string;
  source_list?: { address: string }[];
  flags: string[];
}

export const shown = async (netns: Netns): Promise<Shown[]> =>
  (await netns.bridgeJson<{ mdb: Shown[] }[]>('mdb show')).flatMap(({ mdb }) => mdb);

/** The groups of these tests, and not those that the kernel joins by itself. */
export const isOurs = (group: string): boolean => /^(239\.|ff0e:|01:00:5e:|02:|03:)/.test(group);

/** In one form, both as we and as `bridge` list them. */
const asShown = (one: MulticastGroup): string =>
  JSON.stringify([
    one.bridge,
    one.port,
    one.group,
    one.source,
    one.vlan,
    one.state === 'permanent' ? 'permanent' : 'temp',
    one.protocol,
    one.mode,
    one.sources?.map(({ address }) => address),
  ]);
const ofShown = (one: Shown): string =>
  JSON.stringify([
    one.dev,
    one.port,
    one.grp,
    one.src,
    one.vid,
    one.state,
    one.protocol,
    one.filter_mode,
    one.source_list?.map(({ address }) => address),
  ]);

export const theirs = async (netns: Netns): Promise<string[]> =>
  (await shown(netns))
    .filter(({ grp }) => isOurs(grp))
    .map(ofShown)
    .sort();
export const ours = async (inside: Host): Promise<string[]> =>
  (await inside.bridges.multicast.list())
    .filter(({ group }) => isOurs(group))
    .map(asShown)
    .sort();

/** Of ours, what `bridge` shows: port, group, sender, VLAN, state. */
export const briefly = async (netns: Netns): Promise<string[]> =>
  (await shown(netns))
    .filter(({ grp }) => isOurs(grp))
    .map(({ port, grp, src, vid, state }) =>
      [port, grp, src, vid && `vid ${vid}`, state].filter(Boolean).join(' '),
    )
    .sort();

/** A port of br0, up, with what is at its other end. */
export async function addPort(netns: Netns, inside: Host, name: string, end: string): Promise<void> {
  await inside.links.create({
    kind: 'veth',
    name,
    master: 'br0',
    up: true,
    options: { peer: { name: end } },
  });
  await inside.links.up(end);
  // Its carrier is noticed a little later, and before that it takes permanent groups only.
  await until(`${name} forwards`, async () => {
    const [port] = await netns.bridgeJson<{ state: string }[]>(`link show dev ${name}`);
    return port?.state === 'forwarding';
  });
}

/** br0 with the port p0, all up; q0 is the other end of p0. */
export async function prepare(netns: Netns, inside: Host): Promise<void> {
  await inside.bridges.create('br0', { up: true, igmpVersion: 3, mldVersion: 2 });
  await addPort(netns, inside, 'p0', 'q0');
}

/** Joins 239.3.3.3 at 10.0.0.1 for what 10.0.0.9 sends, until it is ended. */
export const MEMBER = `require('node:dgram').createSocket('udp4').bind(function () {
        this.addSourceSpecificMembership('10.0.0.9', '239.3.3.3', '10.0.0.1');
      })`;
