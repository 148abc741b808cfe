import { expect, it } from 'vitest';
import { type Credential, connect } from '../../lib/index.js';
import { describeWith } from '../lab/have.js';
import { writeTestNode } from '../lab/test-node.js';
import { connectToHost, DRIVER_NEEDS } from './host.js';

const LOCKED = { user: { name: 'ada', password: 'correct horse' } };

describeWith(DRIVER_NEEDS, 'authentication', () => {
  it('takes a user name and a password', async () => {
    const auth = { username: 'ada', password: 'correct horse' };
    await using connection = await connectToHost(LOCKED, { auth });
    expect(await connection.isAlive()).toBe(true);
    await using looking = await connectToHost(LOCKED, { auth, readOnly: true });
    expect(await looking.isAlive()).toBe(true);
  });

  it('asks a function, question by question, however long it thinks', async () => {
    const asked: Credential[] = [];
    const auth = async (question: Credential) => {
      asked.push(question);
      await new Promise((resolve) => setImmediate(resolve));
      return question.type === 'authname' ? 'ada' : 'correct horse';
    };
    await using connection = await connectToHost(LOCKED, { auth });
    expect(await connection.isAlive()).toBe(true);
    expect(asked).toEqual([
      { type: 'authname', prompt: 'Enter username for localhost', challenge: 'localhost', preset: '' },
      {
        type: 'passphrase',
        prompt: "Enter ada's password for localhost",
        challenge: expect.any(String),
        preset: '',
      },
    ]);
  });

  it('takes answers in any script', async () => {
    const user = { name: 'Åda 愛', password: 'ключ🔑' };
    const auth = { username: user.name, password: user.password };
    await using connection = await connectToHost({ user }, { auth });
    expect(await connection.isAlive()).toBe(true);
  });

  it.each([
    ['password', { username: 'ada', password: 'wrong' }],
    ['name', { username: 'eve', password: 'correct horse' }],
    ['empty password', { username: 'ada', password: '' }],
  ])('refuses a wrong %s', async (_, auth) => {
    await expect(connectToHost(LOCKED, { auth })).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      function: 'virConnectOpenAuth',
      message: expect.stringContaining('authentication failed'),
      hint: 'check the user name and password that the option auth gives',
    });
  });

  it('says how to give credentials when there are none', async () => {
    await expect(connectToHost(LOCKED)).rejects.toMatchObject({
      code: 'INVALID_ARG',
      message: expect.stringContaining('Missing authentication credentials'),
      hint: expect.stringContaining('give connect() the option auth'),
    });
  });

  it.each([null, undefined])('is given up by the answer %s', async (answer) => {
    await expect(connectToHost(LOCKED, { auth: () => answer })).rejects.toMatchObject({
      code: 'AUTH_CANCELLED',
      message: expect.stringMatching(/: auth gave no answer to authname \(Enter username for localhost\)$/),
      cause: { code: 'AUTH_FAILED' },
    });
  });

  it('rejects with what the function throws or rejects with', async () => {
    const mine = new Error('the safe is locked');
    const throwing = () => {
      throw mine;
    };
    await expect(connectToHost(LOCKED, { auth: throwing })).rejects.toBe(mine);
    await expect(connectToHost(LOCKED, { auth: () => Promise.reject(mine) })).rejects.toBe(mine);
  });

  it('rejects an answer that is no text', async () => {
    const auth = (() => 5) as unknown as () => string;
    await expect(connectToHost(LOCKED, { auth })).rejects.toThrow(
      new TypeError('auth, the answer for authname: 5 is not a text'),
    );
  });

  it('rejects at once when aborted while the function thinks, and asks no more', async () => {
    using node = writeTestNode(LOCKED);
    const abort = new AbortController();
    const reason = new Error('no time');
    let answer: ((name: string) => void) | undefined;
    let questions = 0;
    const auth = () => {
      questions += 1;
      abort.abort(reason);
      return new Promise<string>((resolve) => {
        answer = resolve;
      });
    };
    await expect(connect(node.uri, { auth, signal: abort.signal })).rejects.toBe(reason);
    answer?.('ada');
    await using other = await connect(node.uri, { auth: { username: 'ada', password: 'correct horse' } });
    expect(await other.isAlive()).toBe(true);
    expect(questions).toBe(1);
  });
});
