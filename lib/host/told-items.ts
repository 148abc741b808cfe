// What there is, as far as it was told: each by its key, and those that depend on each other together, in order.

/** One thing: what was told of it, what identifies it, and with which others it is. */
export interface ToldItem<C> {
  readonly key: string;
  readonly group: string | undefined;
  readonly change: C;
  /** Since when it is told to last for so long: another time means that it was told anew. */
  readonly since?: number | undefined;
}

export class ToldItems<C> {
  readonly #all = new Map<string, ToldItem<C>>();
  readonly #groups = new Map<string, Set<string>>();

  values(): readonly ToldItem<C>[] {
    return [...this.#all.values()];
  }

  /** Those of a group, the first one first. */
  of(group: string): readonly C[] {
    const keys = [...(this.#groups.get(group) ?? [])];
    return keys.flatMap((key) => this.#all.get(key)?.change ?? []);
  }

  /** Puts one behind those of its group, or before them; one that is there stays where it is. */
  set(item: ToldItem<C>, first = false): void {
    const { key, group } = item;
    this.#all.set(key, item);
    if (group === undefined) return;
    const keys = this.#groups.get(group) ?? new Set();
    const anew = first && !keys.has(key) ? new Set([key, ...keys]) : keys.add(key);
    this.#groups.set(group, anew);
  }

  delete({ key, group }: Pick<ToldItem<C>, 'key' | 'group'>): void {
    this.#all.delete(key);
    const keys = group === undefined ? undefined : this.#groups.get(group);
    keys?.delete(key);
    if (group !== undefined && keys?.size === 0) this.#groups.delete(group);
  }
}
