// How the process, or a worker, ends while its daemon is gone, or silent, or sends what a console says: at once, with
// nothing on stderr, with nothing left here or there.

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connect } from '../../lib/index.js';
import { GUEST_NEEDS, startGuest } from '../lab/guest.js';
import { describeWith } from '../lab/have.js';
import { type Libvirtd, startLibvirtd } from '../lab/libvirtd.js';
import { until } from '../lab/until.js';
import { pass, run } from './run.js';

/** What a connection is in the middle of, and the signal to its daemon that brings it there. */
const states = [
  ['redialling', 'KILL'],
  ['redialledInVain', 'STOP'],
  ['unanswered', 'STOP'],
  ['reading', 'CONT'],
] as const;
const ways = ['exit', 'end', 'terminate', 'killed'] as const;

describeWith([...GUEST_NEEDS, 'native'], 'with a daemon', () => {
  let lab: Libvirtd;
  let dead = false;
  beforeAll(async () => {
    lab = await startLibvirtd();
    await startGuest(lab, { name: 'ada' });
  });
  afterEach(async () => {
    const signal = (name: string) => lab.run('kill', '-s', name, String(lab.daemonPid()));
    if (dead) {
      await signal('KILL');
      await until('the daemon is gone', async () => (await lab.processes('libvirtd')).length === 0);
      await lab.startDaemon();
    } else await signal('CONT');
    dead = false;
  });
  afterAll(() => lab?.stop());

  const rows = states.flatMap(([state, signal]) => ways.map((way) => ({ state, signal, way })));
  it.each(rows)('$state: $way', async ({ state, signal, way }) => {
    const inside = `--pid=/proc/${lab.inside.holderPid}/ns/pid_for_children`;
    const command = ['nsenter', inside, 'kill', '-s', signal, String(lab.daemonPid())];
    dead = signal === 'KILL';
    const args = [way, state, lab.uri, ...command];
    if (way === 'killed') {
      expect(await run('leaving.ts', args)).toMatchObject({ code: null, signal: 'SIGKILL', stderr: '' });
    } else {
      const { facts, at } = await pass('leaving.ts', args, { code: 7 });
      console.log(`${state}, ${way}: gone ${at - Number(facts.leaving)} ms after it began to`);
    }
    if (signal !== 'CONT') return;
    // The daemon has let go of the console.
    await using connection = await connect(lab.uri);
    const guest = await connection.domains.get('ada');
    await until('the console is free', () =>
      guest.console({ safe: true }).then(
        (console) => console.destroy().destroyed,
        () => false,
      ),
    );
  });
});
