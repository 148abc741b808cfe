// The handle that stands for a connection, and those of objects that were found through it. A connection that is made
// anew after a loss has another handle, and its objects are found again when they are next used.
import type { Functions } from '../native/functions.gen.js';
import type { Connect } from '../native/handles.js';

/** What stands for a connection in libvirt at this moment. */
export class Link {
  #handle: Connect;
  #generation = 0;

  constructor(handle: Connect) {
    this.#handle = handle;
  }

  get handle(): Connect {
    return this.#handle;
  }

  /** How often the connection was made anew. */
  get generation(): number {
    return this.#generation;
  }

  /** Takes the place of the handle that was lost, with all that was found through that. */
  replace(handle: Connect): void {
    this.#handle = handle;
    this.#generation++;
  }
}

/** An object of libvirt's and how to find it again: its handle ends with the connection through which it was found. */
export class Found<Handle> {
  readonly #link: Link;
  readonly #find: (functions: Functions, connection: Connect) => Promise<Handle>;
  #handle: Handle;
  #generation: number;

  constructor(
    link: Link,
    handle: Handle,
    find: (functions: Functions, connection: Connect) => Promise<Handle>,
  ) {
    this.#link = link;
    this.#find = find;
    this.#handle = handle;
    this.#generation = link.generation;
  }

  /** Calls with the handle of the connection that is. */
  async use<T>(functions: Functions, call: (functions: Functions, handle: Handle) => Promise<T>): Promise<T> {
    const { generation, handle } = this.#link;
    if (this.#generation !== generation) {
      this.#handle = await this.#find(functions, handle);
      this.#generation = generation;
    }
    return call(functions, this.#handle);
  }
}
