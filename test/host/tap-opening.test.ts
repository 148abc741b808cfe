// What TAP and TUN devices are opened with, and what is refused.

import { expect, it } from 'vitest';
import { type DeviceOptions, type KernelError, Tap } from '../../lib/host/index.js';
import { describeWith } from '../lab/have.js';
import { freshNetns, HOST_NEEDS } from './netns.js';

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describeWith(HOST_NEEDS, 'opening', () => {
  it('says what exists, what is used and what is something else', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path, name: 'one' });
    await netns.ip('link add br0 type bridge');
    const refused = async (options: Parameters<typeof Tap.open>[0]) =>
      (await rejection(Tap.open({ netns: netns.path, ...options }))) as KernelError;
    expect(await refused({ name: 'one' })).toMatchObject({ code: 'EBUSY', call: 'TUNSETIFF', device: 'one' });
    expect(await refused({ name: 'one', existing: false })).toMatchObject({ code: 'EBUSY' });
    expect(await refused({ name: 'two', existing: true })).toMatchObject({
      code: 'ENODEV',
      object: "tap 'two'",
      hint: expect.stringContaining('ip tuntap list'),
    });
    expect(await refused({ name: 'br0' })).toMatchObject({
      code: 'EINVAL',
      hint: expect.stringContaining('ip -details link'),
    });
    const noNamespace = await rejection(Tap.open({ netns: '/run/netns/virtnet-none' }));
    expect(noNamespace).toMatchObject({
      code: 'ENOENT',
      call: 'open',
      message: expect.stringMatching(
        /^cannot open tap 'tap%d' in namespace '\/run\/netns\/virtnet-none': No such file/,
      ),
      hint: expect.stringContaining('/run/netns'),
    });
    expect(await rejection(Tap.open({ netns: 'virtnet-none' }))).toMatchObject({
      message: expect.stringContaining("in namespace '/run/netns/virtnet-none'"),
    });
    expect((await netns.linkNames()).toSorted()).toEqual(['br0', 'lo', 'one']);
    expect(tap.closed).toBe(false);
  });

  it.each([
    [{ name: 'sixteen-bytes-xx' }, 'ENAMETOOLONG', /^name: .* has 16 bytes; the kernel takes 15/],
    [{ name: 'häßlich-häßlich' }, 'ENAMETOOLONG', /^name: .* has 19 bytes/],
    [{ name: '' }, 'EINVAL', /^name: .* is empty/],
    [{ name: 'a/b' }, 'EINVAL', /^name: .* takes no '\/'/],
    [{ name: '%d%d' }, 'EINVAL', /^name: .* no other '%'/],
    [{ name: '%s' }, 'EINVAL', /^name: .* no other '%'/],
    [{ queues: 257 }, 'ERANGE', /^queues: 257 is not a whole number from 1 to 256/],
    [{ queues: 2, multiQueue: false }, 'EINVAL', /^queues: 2 need multiQueue/],
    [{ owner: -1 }, 'ERANGE', /^owner: -1/],
    [{ owner: 2 ** 32 - 1 }, 'ERANGE', /^owner: /],
    [{ batch: { bytes: 1000 } }, 'ERANGE', /^batch.bytes: 1000/],
  ])('refuses %j before the kernel is asked', async (options: DeviceOptions, code, detail) => {
    expect(await rejection(Tap.open(options))).toMatchObject({
      name: 'KernelError',
      code,
      call: 'TUNSETIFF',
      device: options.name ?? 'tap%d',
      detail: expect.stringMatching(detail),
      hint: expect.stringMatching(/^correct \S+; nothing was sent/),
    });
  });

  it.each([
    [{ name: 7 }, /^name: 7 is not/],
    [{ existing: true }, /^name: missing/],
    [{ offload: 'all' }, /^offload: /],
    [{ packetInformation: true }, /^packetInformation: .* only Tun has it/],
    [{ colour: 'red' }, /^colour: unknown field/],
  ])('does not understand %j', async (options, message) => {
    const error = (await rejection(Tap.open(options as never))) as Error;
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(message);
  });

  it('takes names of 15 bytes', async () => {
    await using netns = await freshNetns();
    await using tap = await Tap.open({ netns: netns.path, name: 'fifteen-bytes-x' });
    expect(tap.name).toBe('fifteen-bytes-x');
  });
});
