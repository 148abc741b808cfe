// Names of devices by index and indexes by name, as far as they are known, and which ones are not; descriptors of
// network namespaces for as long as a request needs them.
import { closeSync, openSync } from 'node:fs';
import { explainFile } from './error.js';
import { WITHOUT_WAITING } from './namespace-path.js';
import type { Names } from './netlink/types.js';

export class KnownNames implements Names {
  readonly #names = new Map<number, string>();
  readonly #indexes = new Map<string, number>();
  readonly #descriptors = new Map<string, number>();
  /** Asked for in vain, with 0 or undefined as the answer. */
  readonly unknownIndexes = new Set<number>();
  readonly unknownNames = new Set<string>();

  constructor(known: Iterable<readonly [name: string, index: number]> = []) {
    for (const [name, index] of known) this.learn(name, index);
  }

  learn(name: string, index: number): void {
    this.#names.set(index, name);
    this.#indexes.set(name, index);
  }

  nameOf(index: number): string | undefined {
    const name = this.#names.get(index);
    if (name === undefined && index !== 0) this.unknownIndexes.add(index);
    return name;
  }

  indexOf(name: string): number {
    const index = this.#indexes.get(name);
    if (index === undefined) this.unknownNames.add(name);
    return index ?? 0;
  }

  descriptorOf(path: string): number {
    const open = this.#descriptors.get(path) ?? openNamespace(path);
    this.#descriptors.set(path, open);
    return open;
  }

  /** Closes the descriptors. */
  close(): void {
    for (const descriptor of this.#descriptors.values()) closeSync(descriptor);
    this.#descriptors.clear();
  }
}

function openNamespace(path: string): number {
  try {
    return openSync(path, WITHOUT_WAITING);
  } catch (error) {
    throw explainFile({ action: 'open', object: `network namespace '${path}'` }, 'open', error);
  }
}
