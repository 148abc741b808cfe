// Guests and their events through the library, as an application uses it: its built form, its facade.
import { createInterface } from 'node:readline';
import { type Affect, build, connect, type Domain, type GuestNic } from 'virtnet';

const [, , uri = ''] = process.argv;
const connection = await connect(uri);
const moments: bigint[] = [];
let more = () => {};
await connection.events.on('networkLifecycle', () => {
  moments.push(process.hrtime.bigint());
  more();
});
const nic = build.nic.network({ network: 'bench', model: 'virtio', mac: '52:54:00:be:4c:02' });

/** Plugs a NIC in and out of what runs, or of the configuration; the seconds that it took. */
const plug = (affect: Affect) => async (count: number) => {
  const domain = await connection.domains.get('bench');
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) {
    const { mac } = await domain.nics.attach(nic, affect);
    await domain.nics.detach(mac ?? '', affect);
  }
  return seconds(start);
};

/** Lists the NICs of all guests; the seconds that it took. */
const nics = (list: (domains: Domain[]) => Promise<(readonly GuestNic[])[]>) => async (count: number) => {
  const start = process.hrtime.bigint();
  let found = 0;
  for (let i = 0; i < count; i++)
    for (const { length } of await list(await connection.domains.list())) found += length;
  if (found !== 300 * count) throw new Error(`${found} NICs`);
  return seconds(start);
};

const tasks: Record<string, (count: number) => Promise<number | string>> = {
  plug: plug({ config: false }),
  configure: plug({ live: false }),

  nicsTogether: nics((domains) => Promise.all(domains.map((domain) => domain.nics.list()))),
  nicsOfEach: nics(async (domains) => {
    const lists = [];
    for (const domain of domains) lists.push(await domain.nics.list());
    return lists;
  }),

  /** The moments at which that many events came. */
  async events(count) {
    while (moments.length < count) await new Promise<void>((resolve) => (more = resolve));
    return moments.splice(0).join(' ');
  },

  /** How many of that many events of a burst were lost or came out of their order. */
  async burst(count) {
    await using own = await connect('test:///default');
    const domain = await own.domains.get('test');
    const heard: string[] = [];
    const all = new Promise<void>((resolve) => {
      void own.events.on('domainMetadata', ({ uri }) => {
        if (heard.push(uri ?? '') === count) resolve();
      });
    });
    const uris = Array.from({ length: count }, (_, i) => `urn:burst:${i >> 1}`);
    // One after the other, so that there is an order; none waits for its event. What is noted is taken away again.
    for (const [i, uri] of uris.entries())
      await domain.metadata.setElement(uri, 'b', i % 2 === 0 ? '<n/>' : null);
    await all;
    return uris.filter((uri, i) => heard[i] !== uri).length;
  },
};

function seconds(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e9;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [task = '', count] = line.split(' ');
  console.log(await tasks[task]?.(Number(count)));
}
await connection.close();
