// The exercise of the tutorials, run as its users run it.
import { expect, it } from 'vitest';
import { runExample } from '../lab/example.js';
import { describeWith } from '../lab/have.js';
import { startInside } from './inside.js';
import { HOST_NEEDS } from './netns.js';

describeWith(HOST_NEEDS, 'examples/bridge.ts', () => {
  const lab = startInside();

  it('makes, shows and removes a bridge with a tap', async () => {
    const { netns } = lab;
    const before = await netns.ipJson('link');
    const { stdout, stderr, code } = await runExample('examples/bridge.ts', '--netns', netns.path);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/^vnbr0\t8000\.[0-9a-f]{12}\tyes\tvntap0\nvnbr0 is gone\n$/);
    expect(await netns.ipJson('link')).toEqual(before);
  });

  it('says what is in its way', async () => {
    const { netns } = lab;
    const { stderr, code } = await runExample('examples/bridge.ts', '--netns', netns.path, '--bridge', 'lo');
    expect(stderr).toContain("KernelError: cannot create bridge 'lo': File exists (EEXIST, RTM_NEWLINK)");
    expect(code).toBe(1);
  });
});
