// Devices made at the same time by several, each with changes that come right behind: none is made to another's.
import { expect, it } from 'vitest';
import { type Host, host } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { startInside } from './inside.js';
import { HOST_NEEDS } from './netns.js';

const MANY = 20;

interface Shown {
  ifname: string;
  ifindex: number;
  mtu: number;
  addr_info: { local: string; family: string }[];
}

describeWith(HOST_NEEDS, 'devices made at the same time', () => {
  const lab = startInside();
  const named = (prefix: string) => Array.from({ length: MANY }, (_, i) => `${prefix}${i}`);

  async function shown(prefix: string): Promise<Map<string, Shown>> {
    const all = await lab.netns.ipJson<Shown[]>('address');
    return new Map(all.filter(({ ifname }) => ifname.startsWith(prefix)).map((each) => [each.ifname, each]));
  }

  /** Has ip make veths beside, which the kernel numbers, until `work` is done. */
  async function besideOthers(work: () => Promise<unknown>): Promise<void> {
    const until = '/run/enough';
    const command = `i=0; until [ -e ${until} ] || [ $i -gt 2000 ]; do i=$((i + 1))
      ip link add foreign-a type veth peer name foreign-b && ip link delete foreign-a; done`;
    const others = lab.netns.inside.runWith({ timeoutMs: 60_000 }, 'sh', '-c', command);
    try {
      await work();
    } finally {
      await lab.netns.inside.must('touch', until);
      expect(await others).toMatchObject({ code: 0, stderr: '' });
      await lab.netns.inside.must('rm', until);
    }
  }

  it('are told what they were to be told, from one host', async () => {
    const names = named('one');
    await besideOthers(() =>
      Promise.all(names.map((name, i) => lab.inside.bridges.create(name, { mtu: 1300 + i }))),
    );
    const found = await shown('one');
    expect(names.map((name) => found.get(name)?.mtu)).toEqual(names.map((_, i) => 1300 + i));
  });

  it('have their own addresses, from hosts of their own', async () => {
    const names = named('own');
    const hosts: Host[] = names.map(() => host.in(lab.netns.path));
    await besideOthers(() =>
      Promise.all(
        hosts.map((each, i) =>
          each.transaction((tx) => {
            tx.bridges.create(names[i] as string);
            tx.addresses.add(names[i] as string, `10.40.${i}.1/24`);
          }),
        ),
      ),
    );
    for (const each of hosts) each.close();
    const found = await shown('own');
    const addresses = names.map((name) =>
      found.get(name)?.addr_info.flatMap(({ family, local }) => (family === 'inet' ? [local] : [])),
    );
    expect(addresses).toEqual(names.map((_, i) => [`10.40.${i}.1`]));
  });

  it('leave what had the name or the number alone', async () => {
    await lab.netns.ip('link add there index 4711 type bridge');
    const before = await lab.netns.ipJson('address show dev there');
    const makings: [string, { name: string; index?: number }, RegExp][] = [
      ['the name', { name: 'there' }, /'there'.*EEXIST/],
      ['the number', { name: 'new', index: 4711 }, /'new': File exists: 'there' has that number \(EEXIST/],
    ];
    for (const [what, making, message] of makings) {
      const refused = lab.inside.transaction((tx) => {
        tx.links.create({ kind: 'bridge', ...making });
        tx.addresses.add(making.name, '10.41.0.1/24');
        tx.links.set(making.name, { mtu: 1280, alias: 'theirs' });
      });
      await expect(refused, what).rejects.toThrow(message);
      await expect(refused, what).rejects.toMatchObject({ position: 0, hint: expect.any(String) });
    }
    expect(await lab.netns.ipJson('address show dev there')).toEqual(before);
    expect(await lab.netns.linkNames()).not.toContain('new');
  });
});
