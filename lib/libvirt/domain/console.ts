// The console of a guest as a stream of Node's, over one of libvirt's that never blocks: libvirt says when there is
// something to read or room to write, once, and is asked to say it again.
import { Duplex } from 'node:stream';
import { LibvirtError } from '../../errors.js';
import { virStreamEventType as when } from '../../native/constants.gen.js';
import type { Functions } from '../../native/functions.gen.js';
import type { Stream as StreamHandle } from '../../native/handles.js';
import { ask } from '../ask.js';
import type { Connection } from '../connection.js';

/** The most that is taken or given in one call: what a daemon carries in one message. */
const mostAtOnce = 256 * 1024;

type Done = (error?: Error | null) => void;

/** Bytes from and to a guest. */
class DomainStream extends Duplex {
  readonly #name: string;
  readonly #handle: StreamHandle;
  readonly #stop = new AbortController();
  #subscription: number | undefined;
  /** Whether Node's side wants bytes. */
  #wanted = false;
  #receiving = false;
  /** Resolves when there is room again. */
  #room: (() => void) | undefined;
  #finished = false;

  /** @internal */
  constructor(name: string, handle: StreamHandle) {
    super({ allowHalfOpen: false });
    this.#name = name;
    this.#handle = handle;
  }

  /** Begins to hear of the stream, and of the end of its connection. @internal */
  async open({ events }: Connection): Promise<void> {
    const ends = events.watch('closed', { signal: this.#stop.signal });
    await ends.ready;
    const follow = async () => {
      for await (const _ of ends);
      throw new LibvirtError(`cannot go on with ${this.#name}: its connection was closed`, {
        code: 'CONNECTION_CLOSED',
        object: this.#name,
      });
    };
    follow().catch((error: Error) => {
      if (!this.#finished) this.destroy(error);
    });
    this.#subscription = await this.#ask('listen to', (functions, handle) =>
      functions.virStreamEventAddCallback(handle, when.READABLE, (events) => this.#hear(events)),
    );
  }

  override _read(): void {
    this.#wanted = true;
    void this.#receive();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: Done): void {
    this.#send(chunk).then(() => done(), done);
  }

  /** A call each for many small pieces would be slow. */
  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'binary', done);
  }

  /** libvirt ends both directions at once. */
  override _final(done: Done): void {
    this.#finish().then(() => {
      this.push(null);
      done();
    }, done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#room?.();
    this.#abort().then(
      () => done(error),
      // A connection that has ended has ended the stream, too.
      () => done(error),
    );
  }

  #hear(events: number): void {
    if (events & when.WRITABLE) {
      this.#room?.();
      this.#room = undefined;
    }
    // It has said everything once, also what nobody has asked about yet.
    if (events & ~when.WRITABLE && this.#wanted) void this.#receive();
    else this.#listen();
  }

  /** Takes what there is, for as long as it is wanted. */
  async #receive(): Promise<void> {
    if (this.#receiving || !this.#wanted || this.destroyed || this.#finished) return;
    this.#receiving = true;
    try {
      while (this.#wanted && !this.destroyed) {
        const bytes = await this.#ask('read', (functions, handle) =>
          functions.virStreamRecv(handle, mostAtOnce),
        );
        if (bytes === null) break;
        if (bytes.length === 0) {
          await this.#finish();
          this.push(null);
          return;
        }
        this.#wanted = this.push(bytes);
      }
    } catch (error) {
      if (!this.#finished) this.destroy(error as Error);
      return;
    } finally {
      this.#receiving = false;
    }
    this.#listen();
  }

  async #send(chunk: Uint8Array): Promise<void> {
    for (let sent = 0; sent < chunk.length && !this.destroyed; ) {
      const part = chunk.subarray(sent, sent + mostAtOnce);
      const count = await this.#ask('write to', (functions, handle) => functions.virStreamSend(handle, part));
      if (count === 0) await this.#roomToCome();
      sent += count;
    }
  }

  #roomToCome(): Promise<void> {
    return new Promise((resolve) => {
      this.#room = resolve;
      this.#listen();
    });
  }

  /** Says what is to be heard next: libvirt says each thing once. */
  #listen(): void {
    if (this.destroyed || this.#finished || this.#subscription === undefined) return;
    const events = (this.#wanted ? when.READABLE : 0) | (this.#room ? when.WRITABLE : 0);
    this.#ask('listen to', (functions, handle) =>
      functions.virStreamEventUpdateCallback(handle, events),
    ).catch((error: Error) => {
      if (!this.#finished) this.destroy(error);
    });
  }

  async #finish(): Promise<void> {
    if (this.#finished) return;
    this.#finished = true;
    await this.#forget();
    await this.#ask('end', (functions, handle) => functions.virStreamFinish(handle));
  }

  async #abort(): Promise<void> {
    if (this.#finished) return;
    this.#finished = true;
    await this.#forget();
    await this.#ask('abort', (functions, handle) => functions.virStreamAbort(handle));
  }

  async #forget(): Promise<void> {
    this.#stop.abort();
    const subscription = this.#subscription;
    this.#subscription = undefined;
    if (subscription === undefined) return;
    await this.#ask('stop listening to', (functions, handle) =>
      functions.virStreamEventRemoveCallback(handle, subscription),
    );
  }

  #ask<T>(action: string, call: (functions: Functions, handle: StreamHandle) => Promise<T>): Promise<T> {
    return ask({ action, object: this.#name }, (functions) => call(functions, this.#handle));
  }
}

/** Opens a stream of a guest: `attach` says of what. */
export async function openStream(
  connection: Connection,
  object: string,
  attach: (functions: Functions, handle: StreamHandle) => Promise<void>,
): Promise<Duplex> {
  const handle = await connection.domains.newStream(object);
  await ask({ action: 'open', object }, (functions) => attach(functions, handle));
  const stream = new DomainStream(object, handle);
  try {
    await stream.open(connection);
    return stream;
  } catch (error) {
    stream.destroy();
    throw error;
  }
}
