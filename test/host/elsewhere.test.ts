// Links that are made in another network namespace, where this one has others of the same names.
import { expect, it } from 'vitest';
import { type Host, host, type NewLink } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { stateOf } from './state.js';

/** Two namespaces, and `host` in the one. */
class Both implements AsyncDisposable {
  readonly inside: Host;

  private constructor(
    readonly here: Netns,
    readonly there: Netns,
  ) {
    this.inside = host.in(here.path);
  }

  static async start(): Promise<Both> {
    return new Both(await freshNetns(), await freshNetns());
  }

  /** What ip tells of both. */
  async state(): Promise<readonly string[]> {
    return [await stateOf(this.here), await stateOf(this.there)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.inside.close();
    await this.here[Symbol.asyncDispose]();
    await this.there[Symbol.asyncDispose]();
  }
}

const shown = async (netns: Netns, name: string) => (await netns.ipJson(`link show dev ${name}`))[0];

describeWith(HOST_NEEDS, 'a link that is made in another namespace', () => {
  const settings: [string, NewLink, object][] = [
    [
      'a veth that is up',
      { kind: 'veth', name: 'made', up: true, options: { peer: { name: 'peer' } } },
      { flags: expect.arrayContaining(['UP']) },
    ],
    ['an alias', { kind: 'ifb', name: 'made', alias: 'theirs' }, { ifalias: 'theirs' }],
    [
      'the MTU of a bridge, and more',
      { kind: 'bridge', name: 'made', mtu: 1400, alias: 'theirs', up: true, options: { stp: true } },
      { mtu: 1400, ifalias: 'theirs', flags: expect.arrayContaining(['UP']) },
    ],
  ];

  it.each(settings)('is told all of it there: %s', async (_title, options, expected) => {
    await using lab = await Both.start();
    const made = await lab.inside.links.create({ ...options, netns: lab.there.path });
    expect(made).toMatchObject({ name: 'made', kind: options.kind });
    expect(await shown(lab.there, 'made')).toMatchObject(expected);
    expect(await lab.here.ip('link')).not.toContain('made');
  });

  // Linux 6.15 looks for the name where the link is to be; before, a namesake here was in its way.
  const notInTheWay = async ({ inside, there }: Both) => {
    const made = await inside.links
      .create({ kind: 'ifb', name: 'same', netns: there.path })
      .catch(() => undefined);
    if (made) await there.ip('link delete same');
    return made !== undefined;
  };

  it.each(settings)('is another one than its namesake here: %s', async (_title, options, expected) => {
    await using lab = await Both.start();
    await lab.here.ip('link add same mtu 1350 type bridge');
    if (!(await notInTheWay(lab))) return;
    const [before] = await lab.state();
    const made = await lab.inside.links.create({
      ...options,
      name: 'same',
      netns: lab.there.path,
    } as NewLink);
    expect(made).toMatchObject({ name: 'same', kind: options.kind });
    expect(await shown(lab.there, 'same')).toMatchObject(expected);
    if (options.kind === 'veth') await lab.here.ip('link delete peer');
    expect((await lab.state())[0]).toBe(before);
  });

  it('is found there by what makes a bridge', async () => {
    await using lab = await Both.start();
    const made = await lab.inside.bridges.create('made', { netns: lab.there.path, mtu: 1400, stp: true });
    expect(made).toMatchObject({ name: 'made', kind: 'bridge', mtu: 1400, options: { stp: true } });
    expect(await shown(lab.there, 'made')).toMatchObject({ mtu: 1400 });
  });

  it('is told all of it in a transaction, in which its name is that of the one here', async () => {
    await using lab = await Both.start();
    await lab.here.ip('link add same type bridge');
    if (!(await notInTheWay(lab))) return;
    await lab.inside.transaction((tx) => {
      tx.links.create({ kind: 'ifb', name: 'new', index: 77 });
      tx.bridges.create('same', { netns: lab.there.path, mtu: 1400, alias: 'theirs' });
      tx.links.set('same', { alias: 'ours' });
      tx.links.set('new', { master: 'same' });
    });
    expect(await shown(lab.there, 'same')).toMatchObject({ mtu: 1400, ifalias: 'theirs' });
    expect(await shown(lab.here, 'same')).toMatchObject({ mtu: 1500, ifalias: 'ours' });
    expect(await shown(lab.here, 'new')).toMatchObject({ ifindex: 77, master: 'same' });
  });

  it('gets a number that is free there', async () => {
    await using lab = await Both.start();
    // Those that come after the highest number here, and after a thousand more each time that one is taken.
    for (const index of [2, 1002, 2002, 3002])
      await lab.there.ip(`link add full${index} index ${index} type ifb`);
    await lab.inside.transaction((tx) => {
      tx.links.create({ kind: 'ifb', name: 'made', netns: lab.there.path });
      tx.links.up('lo');
    });
    expect(await shown(lab.there, 'made')).toMatchObject({ ifname: 'made' });
  });

  const refusals: [string, (lab: Both) => Promise<unknown>, object][] = [
    [
      'an MTU that it does not take',
      ({ inside, there }) => inside.bridges.create('made', { netns: there.path, mtu: 10, alias: 'half' }),
      { code: 'EINVAL', device: 'made', detail: 'mtu less than device minimum' },
    ],
    [
      'the same of a link',
      ({ inside, there }) =>
        inside.links.create({ kind: 'bridge', name: 'same', netns: there.path, mtu: 10 }),
      { code: expect.stringMatching(/^E(INVAL|EXIST)$/), device: 'same' },
    ],
    [
      'a name in use there',
      ({ inside, there }) =>
        inside.links.create({ kind: 'bridge', name: 'theirs', netns: there.path, mtu: 1400, alias: 'half' }),
      { code: 'EEXIST', device: 'theirs' },
    ],
    [
      'what is refused after it',
      ({ inside, there }) =>
        inside.transaction((tx) => {
          tx.bridges.create('made', { netns: there.path, mtu: 1400 });
          tx.addresses.add('lo', '127.0.0.1/8');
        }),
      { code: 'EEXIST', device: 'lo' },
    ],
    [
      'what is refused after its namesake',
      ({ inside, there }) =>
        inside.transaction((tx) => {
          tx.bridges.create('same', { netns: there.path });
          tx.addresses.add('lo', '127.0.0.1/8');
        }),
      { name: 'KernelError', code: 'EEXIST' },
    ],
    [
      'a namespace that is none',
      ({ inside }) =>
        inside.links.create({ kind: 'bridge', name: 'made', netns: '/etc/hostname', mtu: 1400 }),
      { name: 'KernelError', code: 'EINVAL' },
    ],
    [
      'ports from here',
      ({ inside, there }) => inside.bridges.create('made', { netns: there.path, ports: ['same'] }),
      { name: 'TypeError', message: expect.stringMatching(/^ports: .*host\.in\(netns\)\.bridges\.addPort/) },
    ],
    [
      'a master from here for one that goes there',
      ({ inside, there }) => inside.links.set('other', { netns: there.path, master: 'same' }),
      { name: 'TypeError', message: expect.stringMatching(/^master: .*host\.in\(netns\)\.links\.set/) },
    ],
    [
      'a master from here',
      ({ inside, there }) =>
        inside.links.create({ kind: 'ifb', name: 'made', netns: there.path, master: 'same' }),
      { name: 'TypeError', message: expect.stringMatching(/^master: .*host\.in\(netns\)\.links\.set/) },
    ],
  ];

  it.each(refusals)('leaves both as they were when it is refused: %s', async (_title, work, expected) => {
    await using lab = await Both.start();
    await lab.here.ip('link set lo up');
    await lab.here.ip('link add same mtu 1350 type bridge');
    await lab.here.ip('link add other type ifb');
    await lab.there.ip('link add theirs mtu 1350 type bridge');
    const before = await lab.state();
    const error = await work(lab).catch((reason: unknown) => reason);
    expect(error).toMatchObject(expected);
    expect((error as Error).cause).toBeUndefined();
    expect(await lab.state()).toEqual(before);
  });
});
