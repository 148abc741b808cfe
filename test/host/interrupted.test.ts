// Lists that are read while somebody changes what is listed: the kernel says so (NLM_F_DUMP_INTR), and they are read again.

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Address, host, KernelError } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS, type Netns } from './netns.js';

const addresses = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `10.${1 + (i >> 8)}.${i & 255}.1`);
/** So many that they do not come in one piece. */
const all = addresses(1000);
/** Every seventh comes and goes. */
const changing = all.filter((_, i) => i % 7 === 0);
const staying = all.filter((_, i) => i % 7 !== 0);

const lines = (action: string, which: readonly string[]): string =>
  which.map((address) => `address ${action} ${address}/32 dev br0\n`).join('');

async function withAddresses(which: readonly string[]): Promise<Netns> {
  const netns = await freshNetns();
  await netns.ip('link add br0 type bridge');
  await netns.inside.mustWith({ input: lines('add', which) }, 'ip', '-batch', '-');
  return netns;
}

/** An `ip` that takes addresses away and gives them back, so many at a time, with a pause in between. */
class Changes implements AsyncDisposable {
  readonly #ip;
  readonly #ended: Promise<unknown>;
  #next = 0;

  constructor(netns: Netns) {
    this.#ip = netns.inside.spawn('ip', ['-batch', '-']);
    this.#ip.stdin.on('error', () => {}); // it is killed in the end
    this.#ended = once(this.#ip, 'exit');
  }

  make(count: number): Promise<void> {
    let text = '';
    for (let i = 0; i < count; i++) {
      const one = [changing[this.#next++ % changing.length] as string];
      text += lines('delete', one) + lines('add', one);
    }
    return new Promise((resolve) => this.#ip.stdin.write(text, () => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ip.kill('SIGKILL');
    await this.#ended;
  }
}

const told = (list: readonly Address[]): Set<string> => new Set(list.map(({ address }) => address));

describeWith(HOST_NEEDS, 'a list that changes while it is read', () => {
  it('is whole, where who changes it makes pauses', async () => {
    await using netns = await withAddresses(all);
    await using inside = host.in(netns.path);
    await using changes = new Changes(netns);
    for (let round = 0; round < 30; round++) {
      const changed = changes.make(20);
      const list = await inside.addresses.list({ link: 'br0' });
      const listed = told(list);
      expect(listed.size).toBe(list.length);
      expect(staying.filter((address) => !listed.has(address))).toEqual([]);
      await changed;
    }
  });

  it('is refused, where it never rests', async () => {
    await using netns = await withAddresses(addresses(8000));
    await using inside = host.in(netns.path);
    const endless = join(netns.inside.base, 'changes');
    writeFileSync(
      endless,
      changing.map((address) => lines('delete', [address]) + lines('add', [address])).join(''),
    );
    // Before all others, so that it does not rest either where it shares a processor with who reads.
    netns.inside.spawn('sh', ['-c', `while cat ${endless}; do :; done | nice -n -20 ip -batch -`]);
    let refused: unknown;
    for (let round = 0; round < 200 && refused === undefined; round++)
      await inside.addresses.list({ link: 'br0' }).catch((error: unknown) => {
        refused = error;
      });
    expect(refused).toBeInstanceOf(KernelError);
    expect(refused).toMatchObject({ code: 'EINTR', call: 'NLM_F_DUMP' });
    expect((refused as KernelError).message).toMatch(/the list kept changing while it was read/);
  });
});
