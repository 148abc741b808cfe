// What a TAP and a TUN device have in common: opened, read, written, set, closed.
import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import { warnOfForgotten } from '../../forgotten.js';
import { addon } from '../../native/addon.js';
import { checking } from '../checking.js';
import { type Asked, asking, explain, KernelError } from '../error.js';
import type { Batch } from './batch.js';
import { endOf, type PartOfBatch, wholeBatch } from './batch-part.js';
import { type CaptureOptions, type CaptureStream, captureStream } from './capture.js';
import type { DeviceEvents } from './events.js';
import { type Consumer, FrameIterator, type FrameSource, frameStream } from './frame-stream.js';
import { OFFLOADS, type Opened } from './open-device.js';
import type { FrameStatistics, Queue, Taken } from './queue.js';
import { prefixLengthOf, queuesOf, together } from './queues.js';
import { setDevice } from './set-device.js';
import { callOf, type DeviceSettings, type DeviceState, readSettings, stateOf } from './settings.js';
import { UpWatch } from './up-watch.js';

const forgotten = warnOfForgotten('device');

const ENXIO = 6;

/** A device whose frames this program reads and writes; see {@link Tap} and {@link Tun}. */
export class FrameDevice extends EventEmitter<DeviceEvents> implements AsyncDisposable {
  /** The name that the kernel gave it. Whether somebody has renamed it since, `state()` says. */
  readonly name: string;
  /** How many bytes stand before each frame that is read and written: a virtio-net header, or packet information. */
  readonly prefixLength: number;
  /** The kinds of super-frames that come in, as the kernel calls them: `['CSUM', 'TSO4', …]`. */
  readonly offloads: readonly string[];

  readonly #object: string;
  readonly #layer: 2 | 3;
  readonly #queues: readonly Queue[];
  readonly #up: UpWatch;
  readonly #captures = new Set<CaptureStream>();
  readonly #source: FrameSource;
  #consumer: Consumer | undefined;
  #flowing = true;
  #paused = false;
  #reading = false;
  #closed = false;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(opened: Opened) {
    super();
    const { kind, tun } = opened;
    this.name = tun.name;
    this.#object = `${kind} '${tun.name}'`;
    this.#layer = kind === 'tap' ? 2 : 3;
    this.prefixLength = prefixLengthOf(opened);
    this.offloads = Object.entries(OFFLOADS).flatMap(([name, bit]) => (tun.offloads & bit ? [name] : []));
    this.#queues = queuesOf(opened, {
      frames: (frames) => this.#frames(frames),
      ended: (errno) => this.#lost(errno),
      endedAtRest: (errno) => {
        // An error that nobody awaits would end the program: the next write says it then.
        const isAwaited = this.#consumer !== undefined || this.listenerCount('error') > 0;
        if (isAwaited && !this.#hasReader()) this.#lost(errno);
      },
      gone: (errno) => this.#gone(errno),
      refused: (errno, which, detail) =>
        new KernelError(this.#asked(`write ${which} to`), { errno, call: 'write', detail }),
      refusedLater: (error) => queueMicrotask(() => this.emit('refused', error)),
      up: (isUp) => this.#up.written(isUp),
      writable: () => this.#up.writable(),
      // Listeners are called when whoever writes at the moment has done so.
      drained: () => queueMicrotask(() => this.emit('drain')),
    });
    this.#source = {
      consume: (consumer) => this.#consume(consumer),
      flow: (on) => {
        this.#flowing = on;
        this.#read();
      },
      offer: (frame) => this.#offer(frame, 0),
      once: (_, listener) => this.once('drain', listener),
    };
    this.#up = new UpWatch(this, () => this.#first);
    this.#first?.rest();
    forgotten.register(this, this.#object, this);
  }

  /** How many queues of the device this object has. */
  get queueCount(): number {
    return this.#queues.length;
  }

  /** Whether `close()` was called, or the device was lost. */
  get closed(): boolean {
    return this.#closed;
  }

  #asked(action: string): Asked {
    return { action, object: this.#object, device: this.name };
  }

  /** By which the kernel tells what is so of all of them. */
  get #first(): Queue | undefined {
    return this.#queues[0];
  }

  #queue(i: number): Queue {
    const queue = this.#queues[i];
    if (queue) return queue;
    throw new KernelError(this.#asked('write to'), {
      errno: ENXIO,
      call: 'write',
      detail: `queue: ${i} is not one of the ${this.#queues.length} queues, which begin with 0`,
      field: 'queue',
    });
  }

  // --- reading

  #frames(batch: Batch): void {
    if (this.#captures.size > 0) for (const capture of this.#captures) capture.batch(batch);
    this.#consumer?.frames(batch);
  }

  #consume(consumer: Consumer): () => void {
    if (this.closed) throw this.#closedError('read');
    if (this.#consumer)
      throw new TypeError(
        `${this.#object} is being read: onBatch, for await and streams take its frames one at a time`,
      );
    this.#consumer = consumer;
    this.#flowing = true;
    this.#read();
    return () => {
      if (this.#consumer !== consumer) return;
      this.#consumer = undefined;
      // It may have stopped what captures read on.
      this.#flowing = true;
      this.#read();
    };
  }

  /** Reads, or does not, as is wanted now. */
  #read(): void {
    const wanted =
      !this.closed &&
      !this.#paused &&
      this.#flowing &&
      (this.#consumer !== undefined || this.#captures.size > 0);
    if (wanted !== this.#reading) {
      this.#reading = wanted;
      for (const queue of this.#queues) {
        if (wanted) queue.start();
        else queue.stop();
      }
    }
    if (!wanted && !this.closed) this.#first?.rest();
  }

  /** Who has stopped, too, hears of the device's end when it reads on, behind what came before. */
  #hasReader(): boolean {
    return this.#captures.size > 0 || (this.#consumer !== undefined && this.#consumer.reads?.() !== false);
  }

  /**
   * Calls `listener` with each batch of frames, as fast as a loop in C would read them. What it throws becomes an
   * uncaught exception, as with any listener of Node's, and reading goes on.
   *
   * While it listens the device keeps the process alive, unless {@link unref} was called. What comes while it has a batch
   * is the next one in the same turn of the event loop, which ends with the batch in which half a millisecond
   * has passed, or 2 ms with `offload`. After a frame that the listener answers at once, the next is waited for awake,
   * 50 µs at most and only where the one before came as soon.
   *
   * ```ts
   * const stop = tap.onBatch((batch) => {
   *   for (let i = 0; i < batch.count; i++) console.log(batch.view(i).length);
   * });
   * ```
   *
   * @returns what ends it.
   * @throws TypeError when somebody else reads the device (another listener, a loop, a stream).
   */
  onBatch(listener: (batch: Batch) => void): () => void {
    if (typeof listener !== 'function') throw new TypeError('listener: not a function');
    return this.#consume({ frames: listener });
  }

  /**
   * Every frame in memory of its own, for `for await`. A loop that is slow stops the reading; what comes then waits in
   * the kernel, which drops what is more than `txQueueLength`. The loop ends when the device is closed.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return new FrameIterator(this.#source);
  }

  /**
   * A Node stream of frames in both directions, each a Uint8Array: for `pipeline`. It ends when the device is closed;
   * whoever reads gets what came before.
   */
  stream(): Duplex {
    return frameStream(this.#source);
  }

  /** The web's streams of frames: `{ readable, writable }`. */
  web(): ReturnType<typeof Duplex.toWeb> {
    return Duplex.toWeb(this.stream());
  }

  /** Reads no more until {@link resume}. What comes meanwhile waits in the kernel, up to `txQueueLength` frames. */
  pause(): this {
    this.#paused = true;
    this.#read();
    return this;
  }

  /** Reads again. */
  resume(): this {
    this.#paused = false;
    this.#read();
    return this;
  }

  /** Keeps the process alive while the device is read, as from the beginning. */
  ref(): this {
    for (const { native } of this.#queues) asking(this.#asked('ref'), () => native.ref());
    return this;
  }

  /** Lets the process end although the device is read. */
  unref(): this {
    for (const { native } of this.#queues) asking(this.#asked('unref'), () => native.unref());
    return this;
  }

  // --- writing

  #offer(frame: Uint8Array, queue: number): Taken {
    if (this.closed) throw this.#closedError('write to');
    let taken: Taken;
    try {
      taken = this.#queue(queue).write(frame);
    } catch (failure) {
      throw explain(this.#asked('write to'), failure);
    }
    if (taken === 'taken') for (const capture of this.#captures) capture.frame(frame);
    return taken;
  }

  /**
   * Writes one frame, with what stands before it where the device has a {@link prefixLength}. Where the kernel takes
   * none at the moment, it is kept and written later, in order, up to `writeQueue` frames; `drain` says when all went.
   *
   * @param queue by which queue; the kernel answers a flow by the queue that it came from.
   * @returns false when it was not taken: too many wait, or the device is down.
   * @throws KernelError with EINVAL when it is no frame: shorter than a header, or no IP packet on a TUN device, which
   *   of a frame that is kept the event `refused` says later; with EBADFD when somebody has deleted the device, which is
   *   closed then; with EBADF when it is closed.
   */
  write(frame: Uint8Array, queue = 0): boolean {
    return this.#offer(frame, queue) === 'taken';
  }

  /**
   * Writes many frames from one memory, as a batch has them: frame `i` is `lengths[i]` bytes at `offsets[i]`. They
   * go to the kernel together, from as many on as that is faster than one by one: it is tried once, where the kernel is
   * Linux 6.14 or newer and lets this process use io_uring(7). With `offload: 'split'` frames of the same flow that
   * follow each other go as one super-frame.
   *
   * @param count how many, from `from` on; all that there are from there, if not given.
   * @returns how many went. When it is fewer, the kernel has no room (`drain` says when it has some), the device is
   *   down (`down` has been emitted), or it does not take the next one: written again, that one throws.
   * @throws KernelError with EFAULT when a frame is not within the slab, or there are fewer offsets than frames: nothing
   *   is written then; with EINVAL when the first frame is none; with EBADFD and EBADF as {@link write}.
   */
  writeBatch(
    slab: Uint8Array,
    offsets: Uint32Array,
    lengths: Uint32Array,
    count?: number,
    options?: PartOfBatch,
  ): number {
    const { from = 0, queue = 0 } = options ?? wholeBatch(options);
    const to = typeof count === 'number' ? from + count : endOf(offsets, count);
    let sent: number;
    try {
      sent = this.#queue(queue).writeBatch(slab, offsets, lengths, from, to);
    } catch (failure) {
      throw explain(this.#asked('write to'), failure);
    }
    if (this.#captures.size > 0)
      for (const capture of this.#captures) capture.written(slab, offsets, lengths, from, sent);
    return sent;
  }

  // --- everything else

  /**
   * What passes the device, in both directions, as a pcapng file that Wireshark and tshark open:
   *
   * ```ts
   * await pipeline(tap.capture(), createWriteStream('tap0.pcapng'));
   * ```
   *
   * It sees what this program reads and writes. Without a reader of the frames, frames are read for the capture alone.
   * It ends with the device, also with one that was lost: of that, the event `error` tells whoever listens for it.
   */
  capture(options: CaptureOptions = {}): CaptureStream {
    if (this.closed) throw this.#closedError('capture');
    const capture = captureStream(
      {
        name: this.name,
        layer: this.#layer,
        prefixLength: this.prefixLength,
        ended: () => {
          this.#captures.delete(capture);
          this.#read();
        },
      },
      options,
    );
    this.#captures.add(capture);
    this.#read();
    return capture;
  }

  /** What has passed since it was opened. What the kernel dropped because nobody read is in {@link state}. */
  statistics(): FrameStatistics {
    return together(this.#queues.map((queue) => queue.statistics()));
  }

  /**
   * What the kernel says of the device now.
   *
   * @throws KernelError
   */
  async state(): Promise<DeviceState> {
    return asking(this.#asked('ask about'), () => stateOf(this.#queue(0).native));
  }

  /**
   * Changes the device: `await tap.set({ up: true, mtu: 9000 })`. All of it, or nothing.
   *
   * @throws KernelError when the kernel refuses it, or would: the device is as it was then. Where that could not be had,
   *   its `cause` is an AggregateError that says what is not. TypeError for settings that are none.
   */
  async set(settings: DeviceSettings): Promise<void> {
    const checked = checking(
      () => this.#asked('change'),
      callOf,
      () => readSettings(settings, ''),
    );
    asking(this.#asked('change'), () =>
      setDevice(
        this.#queues.map(({ native }) => native),
        checked,
      ),
    );
  }

  #closedError(action: string): KernelError {
    return new KernelError(this.#asked(action), { errno: 9, call: 'close' });
  }

  #lost(errno: number): void {
    // Who does not read can still write.
    const [action, call] = this.#reading ? ['read', 'read'] : ['write to', 'write'];
    const error = new KernelError(this.#asked(action), { errno, call });
    // A loop and a stream end with it, and a capture that reads by itself; a listener has no such way to hear of it.
    const heard = this.#consumer ? this.#consumer.end !== undefined : this.#captures.size > 0;
    void this.#close(error);
    if (!heard || this.listenerCount('error') > 0) this.emit('error', error);
  }

  /** A write finds the device gone: what to throw. Who reads hears of the end by reading. */
  #gone(errno: number): KernelError {
    const error = new KernelError(this.#asked('write to'), { errno, call: 'write' });
    if (!this.#hasReader()) {
      void this.#close(error);
      queueMicrotask(() => this.listenerCount('error') > 0 && this.emit('error', error));
    }
    return error;
  }

  /**
   * Gives the device up: it is gone then, unless it is persistent or others have queues of it. Frames that wait to be
   * written are lost. Resolves when the kernel has removed it. Calling it again does nothing more.
   */
  close(): Promise<void> {
    return this.#close();
  }

  #close(error?: KernelError): Promise<void> {
    this.#closing ??= this.#end(error);
    return this.#closing;
  }

  async #end(error?: KernelError): Promise<void> {
    this.#closed = true;
    forgotten.unregister(this);
    const queues = this.#queues.flatMap(({ native }) => native.detach() ?? []);
    const consumer = this.#consumer;
    this.#consumer = undefined;
    for (const capture of this.#captures) capture.finish();
    consumer?.end?.(error);
    await addon().kernel.closeTun(queues);
    this.emit('close');
  }

  /** {@link close}, at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
