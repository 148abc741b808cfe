// Names of network namespaces, held against ip netns. Each test has a /run of its own: names of the machine's are
// nobody's to give.
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { host, KernelError } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { startNamespaces } from '../lab/namespaces.js';
import { until } from '../lab/until.js';
import { attempt, without } from './attempt.js';
import { HOST_NEEDS, Netns } from './netns.js';

const DONE = expect.not.objectContaining({ message: expect.anything() });

describeWith(HOST_NEEDS, 'network namespaces with names', () => {
  let netns: Netns;
  beforeEach(async () => {
    netns = new Netns(await startNamespaces(['/run']));
  });
  afterEach(() => netns[Symbol.asyncDispose]());

  const named = async (): Promise<string[]> =>
    (await netns.ipJson<{ name: string }[] | null>('netns list'))?.map(({ name }) => name).sort() ?? [];
  const files = async (): Promise<string> => netns.inside.must('ls', '-A', '/run/netns');

  it('are made empty, as ip makes them, and go with their names', async () => {
    expect(await attempt(netns, ['namespaces.create'])).toEqual([DONE]);
    expect(await named()).toEqual(['blue']);
    const links = await netns.ipJson<{ ifname: string; flags: string[] }[]>('-n blue link');
    expect(links).toMatchObject([{ ifname: 'lo', flags: ['LOOPBACK'] }]);
    // What is mounted is seen in mount namespaces that were there before, and can be deleted from them.
    expect(await netns.inside.must('findmnt', '-no', 'PROPAGATION', '/run/netns')).toMatch(/^shared/);
    expect(await attempt(netns, ['namespaces.delete'])).toEqual([DONE]);
    expect(await named()).toEqual([]);
    expect(await files()).toBe('');
    await netns.ip('netns add blue');
    await netns.ip('netns delete blue');
  });

  it('leave the process where it is', async () => {
    const [, own] = await attempt(netns, ['namespaces.create', 'namespaces.identify']);
    expect(own).toMatchObject({ done: [] });
    const [, named] = await attempt(netns, ['namespaces.attach', 'namespaces.identify']);
    expect(named).toMatchObject({ done: ['own'] });
  });

  it('are made by many at once, beside ip', async () => {
    const [made] = await Promise.all([
      attempt(netns, ['namespaces.create many']),
      attempt(netns, ['namespaces.create']),
      netns.ip('netns add red'),
    ]);
    expect(made).toEqual([DONE]);
    expect(await named()).toHaveLength(22);
    const inodes = await netns.inside.must('sh', '-c', 'stat -c %i /run/netns/* | sort -u | wc -l');
    expect(inodes.trim()).toBe('22');
  });

  it('are listed as ip lists them, with the numbers that each namespace knows others by', async () => {
    expect(await attempt(netns, ['namespaces.list'])).toMatchObject([{ done: [] }]);
    for (const name of ['red', 'blue']) await netns.ip(`netns add ${name}`);
    await netns.ip('netns set red 3');
    const [set, list, ofBlue] = await attempt(netns, [
      'namespaces.setId',
      'namespaces.list',
      'namespaces.list blue',
    ]);
    expect(set).toEqual(DONE);
    expect(list).toMatchObject({
      done: [
        { name: 'blue', path: '/run/netns/blue', id: 7 },
        { name: 'red', path: '/run/netns/red', id: 3 },
      ],
    });
    expect(ofBlue?.done).toEqual([
      { name: 'blue', path: '/run/netns/blue' },
      { name: 'red', path: '/run/netns/red' },
    ]);
    const told = await netns.ipJson<{ name: string; id: number }[]>('netns list');
    expect(told.map(({ name, id }) => `${name} ${id}`).sort()).toEqual(['blue 7', 'red 3']);
  });

  it('have processes in them', async () => {
    await netns.ip('netns add blue');
    const sleeper = netns.inside.spawn('ip', ['netns', 'exec', 'blue', 'sleep', '30']);
    try {
      const pids = async () => (await netns.ip('netns pids blue')).trim();
      await expect.poll(pids, { timeout: 10_000 }).toMatch(/^\d+$/);
      await expect
        .poll(async () => (await attempt(netns, ['namespaces.processes']))[0]?.done, { timeout: 10_000 })
        .toEqual([{ pid: Number(await pids()), command: 'sleep' }]);
    } finally {
      sleeper.kill();
    }
  });

  it('get another name', async () => {
    await netns.ip('netns add blue');
    expect(await attempt(netns, ['namespaces.attach blue', 'namespaces.delete'])).toEqual([DONE, DONE]);
    expect(await named()).toEqual(['azure']);
    expect(await netns.ip('-n azure link')).toContain('lo');
  });

  it('are refused with nothing left behind', async () => {
    await netns.ip('netns add blue');
    await netns.ip('netns set blue 1');
    const refused = await attempt(netns, [
      'namespaces.create',
      'namespaces.attach file',
      'namespaces.attach nothing',
      'namespaces.setId again',
      'namespaces.delete left',
      'namespaces.identify none',
    ]);
    expect(refused).toMatchObject(
      [
        { code: 'EEXIST', call: 'open', object: "network namespace 'blue'", hint: /namespaces\.list/ },
        { code: 'EINVAL', call: 'setns', message: /'\/etc\/hostname' 'file'/, hint: /no network namespace/ },
        { code: 'ENOENT', call: 'open', hint: /namespaces\.list/ },
        { code: 'EEXIST', call: 'RTM_NEWNSID', hint: /as long as/ },
        { code: 'ENOENT', call: 'umount2', hint: /namespaces\.list/ },
        { code: 'ENOENT', call: 'stat' },
      ].map(({ hint, message, ...rest }) => ({
        ...rest,
        ...(hint ? { hint: expect.stringMatching(hint) } : {}),
        ...(message ? { message: expect.stringMatching(message) } : {}),
      })),
    );
    expect((await files()).trim()).toBe('blue');
  });

  it('are not in a name that somebody was killed over: it can be freed', async () => {
    await netns.ip('netns add blue');
    await netns.inside.must('touch', '/run/netns/left');
    await netns.inside.must('mkfifo', '/run/netns/fifo');
    const [list, made, freed, again] = await attempt(netns, [
      'namespaces.list',
      'namespaces.create left',
      'namespaces.delete left',
      'namespaces.create left',
    ]);
    expect(list?.done).toMatchObject([{ name: 'blue' }]);
    expect(made).toMatchObject({ code: 'EEXIST' });
    expect([freed, again]).toEqual([DONE, DONE]);
  });

  it('are the hosts of examples/lab.ts, which all answer and are all removed', async () => {
    const folder = fileURLToPath(new URL('../..', import.meta.url));
    const example = [process.execPath, '--import', 'tsx', 'examples/lab.ts', '--hosts', 'red,green,blue'];
    const said = await netns.inside.must('env', `--chdir=${folder}`, ...example);
    const mac = '([0-9a-f]{2}:){5}[0-9a-f]{2}';
    expect(said).toMatch(
      new RegExp(`^red\t10.77.0.1\t${mac}\ngreen\t10.77.0.2\t${mac}\nblue\t10.77.0.3\t${mac}\n$`),
    );
    expect(await files()).toBe('');
    await until('its links are gone', async () => (await netns.linkNames()).length === 1);
  });

  it('take CAP_SYS_ADMIN', async () => {
    await netns.ip('netns add blue');
    const powers = without('sys_admin');
    for (const refused of await attempt(netns, ['namespaces.create left', 'namespaces.delete'], powers))
      expect(refused).toMatchObject({ code: 'EPERM', hint: expect.stringMatching(/CAP_SYS_ADMIN/) });
    expect((await files()).trim()).toBe('blue');
  });
});

describeWith(['native'], 'the name of a network namespace', () => {
  it.each(['', '.', '..', 'a/b', 'a\0b', 'x'.repeat(256)])('cannot be %j', async (name) => {
    for (const asked of [
      host.namespaces.create(name),
      host.namespaces.attach(name, '/proc/self/ns/net'),
      host.namespaces.delete(name),
      host.namespaces.setId(name, 1),
      host.namespaces.processes(name),
    ]) {
      const error = await asked.then(
        () => undefined,
        (rejection: unknown) => rejection,
      );
      expect(error).toBeInstanceOf(KernelError);
      expect(error).toMatchObject({ code: 'EINVAL', field: 'name' });
    }
  });

  it('is text, and a number is one', async () => {
    await expect(host.namespaces.create(7 as never)).rejects.toThrow(TypeError);
    await expect(host.namespaces.setId('blue', -1)).rejects.toMatchObject({ code: 'ERANGE', field: 'id' });
    await expect(host.namespaces.identify(0)).rejects.toMatchObject({ code: 'ERANGE', field: 'pid' });
  });

  it('is given by no host that was closed', async () => {
    const closed = host.in('/proc/self/ns/net');
    await closed.close();
    for (const asked of [
      closed.namespaces.list(),
      closed.namespaces.create('blue'),
      closed.namespaces.delete('blue'),
    ])
      await expect(asked).rejects.toMatchObject({ code: 'EBADF' });
  });
});
