// Changes that read first and write then: of two at a time, one would undo the other, or both would find free what only
// one can have. What others change meanwhile nobody here can keep from it.

/** Work that is done one after another where it has the same key. */
export class OneAfterAnother {
  /** The end of the last work for each key; without one where nothing is under way. */
  readonly #ends = new Map<string, Promise<void>>();

  /** How many keys have work under way. */
  get size(): number {
    return this.#ends.size;
  }

  /** Does the work as soon as what was given before it has ended, well or not; settles as it does. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#ends.get(key);
    const working = (async () => {
      await before;
      return work();
    })();
    const ended = () => {
      if (this.#ends.get(key) === end) this.#ends.delete(key);
    };
    const end: Promise<void> = working.then(ended, ended);
    this.#ends.set(key, end);
    return working;
  }
}
