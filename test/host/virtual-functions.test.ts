// Virtual functions of links that cannot have any; those of a card that can are in test/vm.
import { expect, it } from 'vitest';
import { runExample } from '../lab/example.js';
import { describeWith } from '../lab/have.js';
import { startInside } from './inside.js';
import { HOST_NEEDS } from './netns.js';

describeWith(HOST_NEEDS, 'the virtual functions of a link that is on no PCI', () => {
  const lab = startInside();

  it('are none, and cannot be made, changed or removed', async () => {
    const { virtualFunctions } = lab.inside;
    expect(await virtualFunctions.capacity('lo')).toEqual({ total: 0, count: 0, probe: false });
    expect(await virtualFunctions.list('lo')).toEqual([]);
    for (const asking of [virtualFunctions.create('lo', 2), virtualFunctions.remove('lo')])
      await expect(asking).rejects.toMatchObject({
        name: 'KernelError',
        code: 'EOPNOTSUPP',
        device: 'lo',
        detail: 'it is no device on PCI',
        hint: expect.stringContaining('SR-IOV'),
      });
    await expect(virtualFunctions.set('lo', 0, { vlan: 7 })).rejects.toMatchObject({
      code: 'ENODEV',
      object: "virtual function 0 of 'lo'",
      detail: 'it has none',
    });
    await expect(virtualFunctions.list('nope')).rejects.toMatchObject({ code: 'ENODEV', device: 'nope' });
  });

  it('are what examples/virtual-functions.ts says that they are', async () => {
    const { stdout, stderr, code } = await runExample('examples/virtual-functions.ts', '--pf', 'lo');
    expect(stdout).toBe('lo can have 0 virtual functions and has 0\n');
    expect(stderr).toContain("cannot create the virtual functions of 'lo': Operation not supported");
    expect(code).toBe(1);
  });
});
