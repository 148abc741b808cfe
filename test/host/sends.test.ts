// What a transaction sends, as strace shows it, and what becomes of it when its socket fails in between.

import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { host, KernelError } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';
import { refusedBehind } from './refused-behind.js';
import { stateOf } from './state.js';

interface Said {
  message: string;
  code?: string;
  call?: string;
  causes?: string[];
  links?: number;
}

/** A call to the kernel's network. */
interface Call {
  readonly name: 'sendto' | 'recvmsg';
  /** Of what is sent. */
  readonly bytes: number;
}

/** What `sends.ts` says, run below strace, and what its netlink socket was called with. */
async function traced(netns: Netns, work: string, inject?: string): Promise<readonly [Said, Call[]]> {
  const { stdout, stderr, code } = await netns.inside.run(
    // Where tsx is found.
    ...(['env', `--chdir=${fileURLToPath(new URL('../..', import.meta.url))}`] as const),
    ...['strace', '--follow-forks', '--string-limit=0', '--trace=sendto,recvmsg'],
    ...(inject === undefined ? [] : [`--inject=${inject}`]),
    ...[process.execPath, '--import', 'tsx'],
    ...[fileURLToPath(new URL('fixtures/sends.ts', import.meta.url)), work],
  );
  if (code !== 0) throw new Error(`sends.ts ended with ${code}: ${stderr.slice(-2000)}`);
  const calls = [...stderr.matchAll(/(sendto|recvmsg)\(\d+, (.*)/g)].map(
    ([, name, rest = '']): Call => ({
      name: name as Call['name'],
      bytes: Number(/, (\d+), 0, \{sa_family=AF_NETLINK/.exec(rest)?.[1] ?? 0),
    }),
  );
  return [JSON.parse(stdout) as Said, calls];
}

/** Four links, and loopback up. */
async function prepared(): Promise<Netns> {
  const netns = await freshNetns();
  await netns.ip('link set lo up');
  for (const i of [0, 1, 2, 3]) await netns.ip(`link add link${i} type ifb`);
  return netns;
}

describeWith([...HOST_NEEDS, 'strace'], 'a transaction of more than one call whose socket fails', () => {
  /** Which call is that after the first of the two, of its name. */
  async function second(name: Call['name']): Promise<number> {
    await using netns = await prepared();
    const [said, calls] = await traced(netns, 'two calls');
    expect(said).toEqual({ message: 'done' });
    const large = calls.flatMap(({ bytes }, i) => (bytes > 30_000 ? [i] : []));
    expect(large).toHaveLength(2);
    return calls.slice(0, large[1]).filter((call) => call.name === name).length + 1;
  }

  it('is taken back when the kernel does not take its second part', async () => {
    const place = await second('sendto');
    await using netns = await prepared();
    const before = await stateOf(netns);
    const [said] = await traced(netns, 'two calls', `sendto:error=ENOBUFS:when=${place}`);
    expect(said).toMatchObject({ code: 'ENOBUFS', call: 'sendmsg', causes: [] });
    expect(await stateOf(netns)).toBe(before);
  });

  it('is taken back as far as anybody knows when the answers to its second part are lost', async () => {
    const place = await second('recvmsg');
    await using netns = await prepared();
    const before = await stateOf(netns);
    const [said] = await traced(netns, 'two calls', `recvmsg:error=ENOBUFS:when=${place}`);
    expect(said).toMatchObject({ code: 'ENOBUFS', call: 'recvmsg' });
    expect(said.causes).toEqual([
      "Error: add address 10.0.0.1/24 of 'link0': its answer was lost, and it may have been done",
    ]);
    await netns.ip('address delete 10.0.0.1/24 dev link0');
    expect(await stateOf(netns)).toBe(before);
  });
});

describeWith([...HOST_NEEDS, 'strace'], 'a list that fills several answers', () => {
  const LINKS = 200;

  it('is asked for again when some of it was lost on the way', async () => {
    await using netns = await freshNetns();
    const made = Array.from({ length: LINKS }, (_, i) => `link add link${i} type ifb`);
    await netns.inside.must('sh', '-c', `printf '${made.join('\\n')}' | ip -batch -`);
    const [whole, calls] = await traced(netns, 'all links');
    expect(whole).toEqual({ message: 'done', links: LINKS + 1 });
    const sent = calls.findIndex(({ bytes }) => bytes > 0);
    const answers = calls.slice(sent).filter(({ name }) => name === 'recvmsg').length;
    const before = calls.slice(0, sent).filter(({ name }) => name === 'recvmsg').length;
    expect(answers).toBeGreaterThan(3);
    for (const place of [1, 2, answers]) {
      const [said, again] = await traced(netns, 'all links', `recvmsg:error=ENOBUFS:when=${before + place}`);
      expect(said).toEqual(whole);
      expect(again.filter(({ bytes }) => bytes > 0)).toHaveLength(2);
    }
  });
});

describeWith([...HOST_NEEDS, 'strace'], 'several deletions', () => {
  it.each(['two deletions', 'four deletions'])(
    'are sent as one, after it is known which links there are: %s',
    async (work) => {
      await using netns = await prepared();
      const [said, calls] = await traced(netns, work);
      expect(said).toEqual({ message: 'done' });
      expect(calls.filter(({ bytes }) => bytes > 0)).toHaveLength(3);
      expect(await netns.ip('link')).not.toMatch(/link[01]/);
    },
  );
});

describeWith(HOST_NEEDS, 'a transaction of more than one call', () => {
  const PARTS = 600;

  it('is taken back when the last of it is refused', async () => {
    await using netns = await prepared();
    await using inside = host.in(netns.path);
    const before = await stateOf(netns);
    const error = await refusedBehind(inside, (tx) => {
      for (let i = 0; i < PARTS; i++) tx.links.set(`link${i % 4}`, { alias: `${'x'.repeat(240)}${i}` });
    });
    expect(error.position).toBe(PARTS);
    expect(await stateOf(netns)).toBe(before);
  });

  it('is taken back when its host is closed in between', async () => {
    await using netns = await prepared();
    await using observer = host.in(netns.path);
    await using inside = host.in(netns.path);
    // The kernel tells of links that are up.
    await netns.ip('link set link0 up');
    const before = await stateOf(netns);
    const aborter = new AbortController();
    const changes = observer.watch({ of: ['link'], signal: aborter.signal });
    await changes.ready;
    // What is under way ends as usual: the first of some calls, or one after it.
    const closed = (async () => {
      for await (const _ of changes) return inside.close();
    })();
    const error = await inside
      .transaction((tx) => {
        for (let i = 0; i < 4 * PARTS; i++) tx.links.set(`link${i % 4}`, { alias: `${'x'.repeat(240)}${i}` });
      })
      .catch((reason: unknown) => reason);
    aborter.abort();
    await closed;
    expect(error).toBeInstanceOf(KernelError);
    expect(error).toMatchObject({ code: 'EBADF', detail: 'this host was closed' });
    expect((error as KernelError).cause).toBeUndefined();
    expect(await stateOf(netns)).toBe(before);
    await expect(inside.links.list()).rejects.toMatchObject({ code: 'EBADF' });
  });
});
