// All that is said of a network, to be held against what is said of it later.

import type { Netns } from './netns.js';

/** What ip and bridge tell of it but for what counts, ages, or comes and goes by itself. */
export async function stateOf(netns: Netns): Promise<string> {
  const commands = [
    'link',
    'address',
    '-4 route show table all',
    '-6 route',
    'rule',
    'neighbour show nud permanent',
  ];
  const state = [];
  for (const command of commands) state.push(await netns.ipJson(command));
  state.push(
    await netns.bridgeJson('fdb show').then((all) => all.filter(({ state: of }) => of === 'static')),
  );
  const noise = [
    'ifindex',
    'qdisc', // of a link that was up once
    'tentative',
    'bridge_id', // of a port: told anew with the next change of the tree
    'root_id',
    'operstate',
    'link_index',
    'hello_timer',
    'gc_timer',
    'tcn_timer',
    'valid_life_time',
    'preferred_life_time',
  ];
  // Carriers come and go by themselves.
  const carrier = ['linkdown', 'NO-CARRIER', 'LOWER_UP', 'M-DOWN'];
  const quiet = (value: unknown) =>
    Array.isArray(value) ? value.filter((one) => !carrier.includes(one)) : value;
  return JSON.stringify(state, (key, value) => (noise.includes(key) ? undefined : quiet(value)), 1);
}
