// A transaction that is refused for its last change, so that all before it is taken back.
import { expect } from 'vitest';
import { type Host, KernelError, type Transaction } from '../../lib/host/index.js';

/** Asks for a change and, behind it, for what there is already. Resolves to the error: nothing was left behind. */
export async function refusedBehind(inside: Host, change: (tx: Transaction) => void): Promise<KernelError> {
  const error: unknown = await inside
    .transaction((tx) => {
      change(tx);
      tx.addresses.add('lo', '127.0.0.1/8');
    })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(KernelError);
  expect(error).toMatchObject({ code: 'EEXIST', device: 'lo' });
  expect((error as KernelError).cause).toBeUndefined();
  return error as KernelError;
}
