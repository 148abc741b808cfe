import { describe, expect, it } from 'vitest';
import { OneAfterAnother } from '../../../lib/libvirt/one-after-another.js';

describe('work with the same key', () => {
  /** Work that ends when it is told to. */
  function work(changes: OneAfterAnother, key: string) {
    let begun = false;
    const ends: { well: () => void; badly: (error: Error) => void }[] = [];
    const done = changes.run(key, () => {
      begun = true;
      return new Promise<void>((well, badly) => ends.push({ well, badly }));
    });
    return { done, begun: () => begun, end: () => ends[0] };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('is done in its order, beside that of other keys, and forgotten', async () => {
    const changes = new OneAfterAnother();
    const [first, second, other] = ['a', 'a', 'b'].map((key) => work(changes, key));
    await turn();
    expect([first, second, other].map((each) => each?.begun())).toEqual([true, false, true]);
    expect(changes.size).toBe(2);
    first?.end()?.well();
    other?.end()?.well();
    await Promise.all([first?.done, other?.done]);
    await turn();
    expect(second?.begun()).toBe(true);
    second?.end()?.well();
    await second?.done;
    await turn();
    expect(changes.size).toBe(0);
  });

  it('is done though the one before failed, which hears of it alone', async () => {
    const changes = new OneAfterAnother();
    const first = changes.run('a', () => Promise.reject(new Error('no')));
    const thrown = changes.run('a', () => {
      throw new Error('at once');
    });
    const third = changes.run('a', async () => 3);
    expect(await Promise.allSettled([first, thrown, third])).toMatchObject([
      { reason: { message: 'no' } },
      { reason: { message: 'at once' } },
      { value: 3 },
    ]);
    await turn();
    expect(changes.size).toBe(0);
  });
});
