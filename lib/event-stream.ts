// A queue between events, of libvirt or of the kernel, and a `for await` loop.

/** How many events a stream keeps for a loop that is slower than they come. */
export const defaultBuffer = 1000;

/** How a stream ends, and how much it keeps. */
export interface StreamOptions {
  /** Ends the loop with the signal's reason when it is aborted. */
  signal?: AbortSignal | undefined;
  /**
   * How many events are kept for a slow loop, before it ends with an error whose code is `EVENTS_LOST`, or `ENOBUFS` of
   * what the kernel tells; 1000 if not given.
   */
  buffer?: number | undefined;
}

/** An item of a stream in the place of events that nobody heard, because the connection was lost meanwhile. */
export interface Resync {
  /** Tells it from events. */
  readonly type: 'resync';
  /** When the connection was lost: what may have happened since then is to be asked for. */
  readonly since: Date;
}

/**
 * Events to be read with `for await`. Leaving the loop, or aborting its signal, ends the subscription.
 *
 * Events are heard from the moment that `ready` resolves: await it before doing something whose events
 * must not be missed.
 */
export class EventStream<Item> implements AsyncIterableIterator<Item> {
  /** Resolves when events are heard, rejects when that was refused or the signal was aborted before. */
  readonly ready: Promise<void>;

  readonly #buffer: number;
  readonly #overflow: (buffer: number) => Error;
  readonly #waiting: Item[] = [];
  readonly #readiness = withResolvers<void>();
  #reader: PromiseWithResolversLike<IteratorResult<Item>> | undefined;
  #end: { error: unknown } | 'done' | undefined;
  #unsubscribe: (() => void) | undefined;
  #forgetSignal: (() => void) | undefined;

  /** @internal */
  constructor(
    subscribe: (stream: EventStream<Item>) => Promise<() => void>,
    overflow: (buffer: number) => Error,
    { signal, buffer = defaultBuffer }: StreamOptions,
  ) {
    this.#buffer = buffer;
    this.#overflow = overflow;
    this.ready = this.#readiness.promise;
    // Whoever reads the stream hears of a failure there.
    this.ready.catch(() => {});
    void this.#start(subscribe);
    if (signal?.aborted) this.fail(signal.reason);
    else if (signal) {
      const abort = () => {
        this.#waiting.length = 0;
        this.fail(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#forgetSignal = () => signal.removeEventListener('abort', abort);
    }
  }

  async #start(subscribe: (stream: EventStream<Item>) => Promise<() => void>): Promise<void> {
    try {
      const unsubscribe = await subscribe(this);
      if (this.#end) unsubscribe();
      else this.#unsubscribe = unsubscribe;
      this.#readiness.resolve();
    } catch (error) {
      this.fail(error);
      // The stream may have ended before, and without an error.
      this.#readiness.reject(error);
    }
  }

  /** @internal */
  push(item: Item): void {
    if (this.#end) return;
    if (this.#reader) {
      this.#reader.resolve({ done: false, value: item });
      this.#reader = undefined;
    } else if (this.#waiting.length < this.#buffer) {
      this.#waiting.push(item);
    } else {
      this.fail(this.#overflow(this.#buffer));
    }
  }

  /** Ends the loop, after what is in the buffer, with an error. @internal */
  fail(error: unknown): void {
    this.#finish({ error });
  }

  /** Ends the loop, after what is in the buffer. */
  close(): void {
    this.#finish('done');
  }

  #finish(end: { error: unknown } | 'done'): void {
    if (this.#end) return;
    this.#end = end;
    if (end !== 'done') this.#readiness.reject(end.error);
    this.#forgetSignal?.();
    this.#unsubscribe?.();
    if (this.#reader) {
      if (end === 'done') this.#reader.resolve({ done: true, value: undefined });
      else this.#reader.reject(this.#takeError(end));
      this.#reader = undefined;
    }
  }

  /** An error is thrown once; after it the stream is at its end. */
  #takeError(end: { error: unknown }): unknown {
    this.#end = 'done';
    return end.error;
  }

  /** The next event; `for await` calls it. */
  next(): Promise<IteratorResult<Item>> {
    const [first] = this.#waiting;
    if (this.#waiting.length > 0) {
      this.#waiting.shift();
      return Promise.resolve({ done: false, value: first as Item });
    }
    if (this.#end === 'done') return Promise.resolve({ done: true, value: undefined });
    if (this.#end) return Promise.reject(this.#takeError(this.#end));
    if (this.#reader) return Promise.reject(new TypeError('one next() at a time: await the one before it'));
    this.#reader = withResolvers();
    return this.#reader.promise;
  }

  /** Ends the stream at once, as leaving a loop does. */
  return(): Promise<IteratorResult<Item>> {
    this.#waiting.length = 0;
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** The stream itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** {@link return}, at the end of a block with `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

interface PromiseWithResolversLike<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** Promise.withResolvers, which Node has from version 22. */
function withResolvers<T>(): PromiseWithResolversLike<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
