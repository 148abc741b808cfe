// Scenarios again, under the address and undefined behaviour sanitizers and under the thread sanitizer: whatever
// one of them reports ends the process with a code of its own, and is what the failed test shows.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, LIBVIRTD_NEEDS } from '../lab/have.js';
import { type Libvirtd, startLibvirtd } from '../lab/libvirtd.js';
import { type Sanitizer, sanitizerCommand, sanitizerEnvironment } from '../lab/sanitizer.js';
import { type SilentPeer, startSilentPeer } from '../lab/silent-peer.js';
import { type TestNode, writeTestNode } from '../lab/test-node.js';
import { pass, TRANSFER } from './run.js';

interface Scenario {
  script: string;
  /** `silent`, `asking` and `daemon` stand for the URIs of such. */
  args: string[];
  code?: number;
  /** Options of node. */
  node?: readonly string[];
  /** Memory that is lost at the end counts; not where `process.exit` leaves everything as it is. */
  leaks?: boolean;
  /** Only where memory is watched. */
  only?: Sanitizer;
  through?: string[];
}

const own = 'test:///default';
const scenarios: Scenario[] = [
  { script: 'exit.cjs', args: ['atOnce', own], code: 7 },
  { script: 'exit.cjs', args: ['inReaction', own], code: 7 },
  { script: 'exit.cjs', args: ['inListener', own], code: 7 },
  { script: 'exit.cjs', args: ['withoutClosing', own], code: 7, leaks: true },
  { script: 'exit.cjs', args: ['whileAskedAndSilent', 'asking'], code: 7 },
  { script: 'exit.cjs', args: ['whileHanging', 'silent'], code: 7 },
  { script: 'terminate.cjs', args: ['calls', '20', own], leaks: true },
  { script: 'terminate.cjs', args: ['lookups', '20', own], leaks: true },
  { script: 'terminate.cjs', args: ['opens', '15', own], leaks: true },
  { script: 'terminate.cjs', args: ['events', '15', own], leaks: true },
  { script: 'terminate.cjs', args: ['question', '5', 'asking'], leaks: true },
  { script: 'terminate.cjs', args: ['hanging', '1', 'silent'], leaks: true },
  { script: 'workers.cjs', args: [own, '20'], leaks: true },
  { script: 'collect.cjs', args: [own, '5000'], leaks: true },
  { script: 'netlink.cjs', args: ['terminate', '20'], leaks: true },
  { script: 'netlink.cjs', args: ['exit'], code: 7 },
  { script: 'records.cjs', args: ['20'], leaks: true },
  { script: 'questions.cjs', args: ['asking', 'somebody', 'secret'], leaks: true },
  { script: 'silence.cjs', args: ['silent', own], leaks: true },
  {
    script: 'shortage.cjs',
    args: ['descriptors'],
    leaks: true,
    only: 'address',
    through: ['prlimit', '--nofile=100'],
  },
];
const onDaemon: Scenario[] = [
  { script: 'workers.cjs', args: ['daemon', '10'], leaks: true },
  { script: 'collect.cjs', args: ['daemon', '1000'], leaks: true },
  { script: 'subscriptions.cjs', args: ['daemon'], leaks: true },
  { script: 'streams.cjs', args: ['daemon'], leaks: true },
];

/** In a network namespace of their own. The `ip` that they start loses memory of its own, hence not `leaks`. */
const onTaps: Scenario[] = ['plain', 'thread', 'split'].flatMap((kind) =>
  [
    { args: ['exit', kind], code: 7 },
    { args: ['end', kind] },
    { args: ['throwing', kind] },
    { args: ['within', kind] },
    { args: ['transfer', kind], node: TRANSFER },
    { args: ['terminate', kind, '4'] },
  ].map((scenario) => ({ script: 'taps.cjs', through: ['unshare', '--net'], ...scenario })),
);

const onNamespaces: Scenario[] = [
  { args: ['terminate', '6'], leaks: true },
  { args: ['exit'], code: 7 },
].map((scenario) => ({ script: 'namespaces.cjs', through: ['unshare', '--mount'], ...scenario }));

describeWith(['address sanitizer', 'libvirt'], 'under the address sanitizer', () => watched('address'));
describeWith(['thread sanitizer', 'libvirt'], 'under the thread sanitizer', () => watched('thread'));

describeWith(
  [...LIBVIRTD_NEEDS, 'qemu', 'address sanitizer'],
  'with a daemon, under the address sanitizer',
  () => watchedOnDaemon('address'),
);
describeWith(
  [...LIBVIRTD_NEEDS, 'qemu', 'thread sanitizer'],
  'with a daemon, under the thread sanitizer',
  () => watchedOnDaemon('thread'),
);

const TAP_NEEDS = ['root', 'namespaces', 'iproute2'] as const;
describeWith([...TAP_NEEDS, 'address sanitizer'], 'with TAP devices, under the address sanitizer', () =>
  watchedOnTaps('address'),
);
describeWith([...TAP_NEEDS, 'thread sanitizer'], 'with TAP devices, under the thread sanitizer', () =>
  watchedOnTaps('thread'),
);
describeWith(['root', 'namespaces', 'address sanitizer'], 'with names, under the address sanitizer', () =>
  watchedOnNamespaces('address'),
);
describeWith(['root', 'namespaces', 'thread sanitizer'], 'with names, under the thread sanitizer', () =>
  watchedOnNamespaces('thread'),
);

const title = ({ script, args }: Scenario) => `${script} ${args.join(' ')}`;
const rows = (all: Scenario[]) => all.map((scenario) => [title(scenario), scenario] as const);

function watched(sanitizer: Sanitizer): void {
  let silent: SilentPeer;
  let asking: TestNode;
  beforeAll(async () => {
    silent = await startSilentPeer();
    asking = writeTestNode({ user: { name: 'somebody', password: 'secret' } });
  });
  afterAll(async () => {
    await silent?.stop();
    asking?.[Symbol.dispose]();
  });
  const here = scenarios.filter(({ only = sanitizer }) => only === sanitizer);
  it.each(rows(here))('%s', async (_title, scenario) => {
    await runWatched(sanitizer, scenario, { silent: silent.unixUri, asking: asking.uri });
  });
}

function watchedOnDaemon(sanitizer: Sanitizer): void {
  let lab: Libvirtd;
  beforeAll(async () => {
    lab = await startLibvirtd();
  });
  afterAll(() => lab?.stop());
  it.each(rows(onDaemon))('%s', (_title, scenario) => runWatched(sanitizer, scenario, { daemon: lab.uri }));
  it.each(['close', 'keepalive', 'terminate'])('lost.cjs %s', async (way) => {
    await using stopped = await startLibvirtd();
    const inside = `--pid=/proc/${stopped.inside.holderPid}/ns/pid_for_children`;
    const stop = ['nsenter', inside, 'kill', '-s', 'STOP', String(stopped.daemonPid())];
    const scenario = { script: 'lost.cjs', args: [way, 'daemon', ...stop], leaks: true };
    await runWatched(sanitizer, scenario, { daemon: stopped.uri });
  });
}

function watchedOnTaps(sanitizer: Sanitizer): void {
  it.each(rows(onTaps))('%s', (_title, scenario) => runWatched(sanitizer, scenario, {}));
}

function watchedOnNamespaces(sanitizer: Sanitizer): void {
  it.each(rows(onNamespaces))('%s', (_title, scenario) => runWatched(sanitizer, scenario, {}));
}

async function runWatched(
  sanitizer: Sanitizer,
  { script, args, code = 0, node = [], leaks = false, through = [] }: Scenario,
  uris: Record<string, string>,
): Promise<void> {
  const { facts } = await pass(
    script,
    args.map((arg) => uris[arg] ?? arg),
    {
      code,
      node: ['--expose-gc', ...node],
      env: sanitizerEnvironment(sanitizer, { leaks }),
      through: [...through, ...sanitizerCommand(sanitizer)],
    },
  );
  expect(facts).not.toHaveProperty('failed');
}
