// Making a lost connection anew: asking again and again, each time after a longer pause, until somebody answers.
import { setTimeout as delay } from 'node:timers/promises';
import { coded, record } from '../build/reader.js';
import type { Connect } from '../native/handles.js';
import { integer } from '../xml/codec.js';

/** How a lost connection is made anew. */
export interface Reconnect {
  /** How long to wait before the first attempt, in milliseconds; 100 if not given. Each wait is twice that before it. */
  first?: number;
  /** How long to wait between attempts, at most, in milliseconds; 10,000 if not given. */
  most?: number;
  /** How often to try, after each loss; until `close()`, if not given. */
  attempts?: number;
}

const milliseconds = coded(integer(1, 2 ** 31 - 1), 'milliseconds');

export const readReconnect = record<Reconnect>()('reconnect', {
  first: milliseconds,
  most: milliseconds,
  attempts: coded(integer(1, Number.MAX_SAFE_INTEGER)),
});

/** How long one attempt may take, in milliseconds: a daemon that ends or begins may take a connection and never answer. */
const longest = 10_000;

/** Opens a connection as the lost one was opened. */
export type Dial = (signal: AbortSignal) => Promise<Connect>;

export class Redialer {
  readonly #dial: Dial;
  readonly #how: Required<Reconnect>;
  readonly #stop = new AbortController();

  constructor(dial: Dial, { first = 100, most = 10_000, attempts = Number.POSITIVE_INFINITY }: Reconnect) {
    this.#dial = dial;
    this.#how = { first, most, attempts };
  }

  /**
   * Tries until `use` has taken a handle; rejects when the attempts are used up, or after `stop()`. Both what dials and
   * `use` reject as soon as their signal is aborted, and leave nothing behind then.
   */
  async redial(use: (handle: Connect, signal: AbortSignal) => Promise<void>): Promise<void> {
    const { first, most, attempts } = this.#how;
    const { signal } = this.#stop;
    let pause = Math.min(first, most);
    for (let attempt = 1; ; attempt++) {
      await delay(pause, undefined, { signal });
      const own = new AbortController();
      const stop = () => own.abort(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      const timer = setTimeout(() => own.abort(new Error('nobody answered')), longest);
      try {
        await use(await this.#dial(own.signal), own.signal);
        return;
      } catch (error) {
        if (signal.aborted || attempt >= attempts) throw error;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      }
      pause = Math.min(2 * pause, most);
    }
  }

  stop(): void {
    this.#stop.abort();
  }
}
