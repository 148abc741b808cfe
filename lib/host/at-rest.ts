// What is asked for as a whole, and may change while it is read.
import { setTimeout as delay } from 'node:timers/promises';
import { KernelError } from './error.js';

/** How long it is left alone each time, in milliseconds: two and a half seconds in all. */
const PAUSES = [10, 20, 40, 80, 160, 320, 640, 1280];

/**
 * Asks, and asks anew where what is asked for kept changing while it was read (EINTR), each time later.
 *
 * @param goOn whether anybody still wants to know.
 */
export async function atRest<T>(
  ask: () => Promise<T>,
  goOn: () => boolean,
  pauses: readonly number[] = PAUSES,
): Promise<T> {
  for (const pause of pauses) {
    try {
      return await ask();
    } catch (error) {
      if (!goOn() || !(error instanceof KernelError && error.code === 'EINTR')) throw error;
    }
    await delay(pause);
  }
  return ask();
}
