import { describe, expect, it } from 'vitest';
import { atRest } from '../../../lib/host/at-rest.js';
import { KernelError } from '../../../lib/host/error.js';

const failure = (errno: number) =>
  new KernelError({ action: 'watch', object: 'the network' }, { errno, call: 'NLM_F_DUMP' });
const [EPERM, EINTR] = [1, 4];

/** What fails so often, and is there then; and how often it was asked for. */
function failing(times: number, errno: number) {
  const asked = { times: 0 };
  const ask = async (): Promise<string> => {
    if (asked.times++ < times) throw failure(errno);
    return 'all';
  };
  return { asked, ask };
}

describe('what changes while it is read', () => {
  it('is read again until it rests', async () => {
    const { asked, ask } = failing(3, EINTR);
    expect(await atRest(ask, () => true, [0, 0, 0])).toBe('all');
    expect(asked.times).toBe(4);
  });

  it('is refused where it never rests', async () => {
    const { asked, ask } = failing(100, EINTR);
    await expect(atRest(ask, () => true, [0, 0, 0])).rejects.toMatchObject({ code: 'EINTR' });
    expect(asked.times).toBe(4);
  });

  it('is refused at once for another reason, or where nobody wants to know any more', async () => {
    const forbidden = failing(1, EPERM);
    await expect(atRest(forbidden.ask, () => true, [0])).rejects.toMatchObject({ code: 'EPERM' });
    const unwanted = failing(1, EINTR);
    await expect(atRest(unwanted.ask, () => false, [0])).rejects.toMatchObject({ code: 'EINTR' });
    expect([forbidden.asked.times, unwanted.asked.times]).toEqual([1, 1]);
  });
});
