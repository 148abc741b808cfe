// Whether a device takes frames: what its writes and the kernel say of that, told as it changes.
import type { EventEmitter } from 'node:events';
import type { DeviceEvents } from './events.js';
import type { Queue } from './queue.js';

/** @internal */
export class UpWatch {
  readonly #device: EventEmitter<DeviceEvents>;
  readonly #queue: () => Queue | undefined;
  #isDown = false;

  /** @param queue by which the kernel tells it. */
  constructor(
    device: EventEmitter<DeviceEvents> & { readonly closed: boolean },
    queue: () => Queue | undefined,
  ) {
    this.#device = device;
    this.#queue = queue;
    const events = device as EventEmitter;
    events.on('newListener', (event) => {
      if (event === 'up' && this.#isDown && !device.closed) queue()?.awaitUp();
    });
    events.on('removeListener', (event) => {
      if (event === 'up' && !this.#isWanted()) queue()?.leaveUp();
    });
  }

  /** As the last write says. */
  written(isUp: boolean): void {
    if (isUp === this.#isDown) this.#changed(isUp);
  }

  /** The kernel says that it takes frames. */
  writable(): void {
    if (this.#isDown && this.#isUp()) this.#changed(true);
  }

  #isWanted(): boolean {
    return this.#device.listenerCount('up') > 0;
  }

  #changed(isUp: boolean): void {
    this.#isDown = !isUp;
    // Listeners are called when whoever writes at the moment has done so.
    queueMicrotask(() => this.#device.emit(isUp ? 'up' : 'down'));
    // It keeps the process alive, which only who listens wants.
    if (isUp) this.#queue()?.leaveUp();
    else if (this.#isWanted()) this.#queue()?.awaitUp();
  }

  /** Before Linux 5.2 the kernel says of a device that is down, too, that it takes frames. */
  #isUp(): boolean {
    try {
      return (this.#queue()?.native.get('up') ?? 0) !== 0;
    } catch {
      return false; // it is being deleted
    }
  }
}
