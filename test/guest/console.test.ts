// The console of a guest, which has a shell.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Connection, connect, type Domain } from '../../lib/index.js';
import { startGuest } from '../lab/guest.js';
import { describeWith } from '../lab/have.js';
import type { Libvirtd } from '../lab/libvirtd.js';
import { GUEST_NEEDS, startHost } from './host.js';

describeWith(GUEST_NEEDS, 'domain.console', () => {
  let lab: Libvirtd;
  let connection: Connection;
  let domain: Domain;
  beforeAll(async () => {
    lab = await startHost();
    connection = await connect(lab.uri);
    await startGuest(lab, { name: 'ada' });
    domain = await connection.domains.get('ada');
  });
  afterAll(async () => {
    await connection?.close();
    await lab?.stop();
  });

  /** Reads until the text comes, and gives all that came. */
  async function until(console: Duplex, text: string): Promise<string> {
    let read = '';
    for (;;) {
      const chunk: Buffer | null = console.read();
      if (chunk) read += chunk;
      else await once(console, 'readable');
      if (read.includes(text)) return read;
    }
  }

  it('types and reads', async () => {
    const console = await domain.console();
    console.write('echo the answer is $((6*7))\n');
    await until(console, 'the answer is 42');
    console.end();
    await finished(console.resume());
  });

  it('is one at a time, unless taken by force; the one before ends', async () => {
    const first = await domain.console();
    await expect(domain.console({ safe: true })).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      hint: expect.stringContaining('console({ force: true })'),
      object: "console of domain 'ada'",
    });
    const second = await domain.console({ force: true });
    const ended = finished(first.resume()).catch(() => {});
    await ended;
    second.write('echo still $((1+1))\n');
    await until(second, 'still 2');
    second.destroy();
    await once(second, 'close');
    const third = await domain.console();
    third.destroy();
    await once(third, 'close');
  });

  it('carries much, however slowly it is read', async () => {
    const console = await domain.console();
    console.write('stty -echo; seq 1 20000; echo d""one\n');
    const read = await until(console, 'done\r\n');
    console.destroy();
    await once(console, 'close');
    const lines = read.split('\r\n').filter((line) => /^\d+$/.test(line));
    expect(lines).toEqual(Array.from({ length: 20000 }, (_, i) => String(i + 1)));
  });

  it('takes much, as fast as the guest reads it', async () => {
    const console = await domain.console();
    console.write('stty raw -echo; echo rea""dy; head -c 100000 | md5sum; stty sane; echo d""one\n');
    await until(console, 'ready');
    const text = Array.from({ length: 10_000 }, (_, i) => `${String(i).padStart(9, '0')} `);
    for (const part of text) if (!console.write(part)) await once(console, 'drain');
    expect(await until(console, 'done')).toContain(createHash('md5').update(text.join('')).digest('hex'));
    console.destroy();
    await once(console, 'close');
  });

  it.each([
    [{ device: 'nope' }, 'INTERNAL_ERROR'],
    [{ device: 7 }, undefined],
    [{ forse: true }, undefined],
  ])('refuses %j', async (options, code) => {
    const opening = domain.console(options as never);
    if (code) await expect(opening).rejects.toMatchObject({ code });
    else await expect(opening).rejects.toThrow(TypeError);
  });

  it('ends with an error when its connection is closed', async () => {
    const other = await connect(lab.uri);
    const console = await (await other.domains.get('ada')).console();
    const ended = expect(finished(console.resume())).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await other.close();
    await ended;
    expect(console.destroyed).toBe(true);
  });

  it('ends when the guest does', async () => {
    const console = await domain.console();
    const all = buffer(console);
    await domain.destroy();
    await all;
    await expect(domain.console()).rejects.toMatchObject({ code: 'NO_DOMAIN' });
  });
});
