// Waiting with an end: a signal, or a time.
import { coded } from '../build/reader.js';
import { integer } from '../xml/codec.js';
import { abortSignal } from './options.js';

/** How long to wait. */
export interface WaitOptions {
  /** Gives up when it is aborted: rejects at once with its reason. */
  signal?: AbortSignal;
  /** Gives up after so many milliseconds. */
  timeout?: number;
}

/** The longest timer that Node has, in milliseconds: 24 days. */
const longest = 2 ** 31 - 1;

/** The readers of {@link WaitOptions}. */
export const waitFields = {
  signal: abortSignal,
  timeout: coded(integer(1, longest), 'milliseconds'),
};

/**
 * Settles as `work` does, or rejects before: with the signal's reason, or with what `late` gives when the time is up.
 * What `work` does later is heard by nobody; it gets a signal that tells it to stop.
 */
export async function within<T>(
  { signal, timeout }: WaitOptions,
  late: () => unknown,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  const end = new Promise<never>((_, reject) => {
    if (timeout !== undefined) timer = setTimeout(() => reject(late()), timeout);
    abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
  });
  const working = work(stop.signal);
  working.catch(() => {});
  try {
    return await Promise.race([working, end]);
  } finally {
    clearTimeout(timer);
    if (abort) signal?.removeEventListener('abort', abort);
    stop.abort();
  }
}
