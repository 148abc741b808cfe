// What two lists have in common, in the same order.

/** The longest run of positions that rises, as indices into the list. */
const rising = (positions: readonly number[]): number[] => {
  const ends: number[] = [];
  const previous: number[] = [];
  positions.forEach((position, i) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((positions[ends[middle] as number] as number) < position) low = middle + 1;
      else high = middle;
    }
    previous[i] = low > 0 ? (ends[low - 1] as number) : -1;
    ends[low] = i;
  });
  const run: number[] = [];
  for (let i = ends[ends.length - 1] ?? -1; i !== -1; i = previous[i] as number) run.push(i);
  return run.reverse();
};

/** The positions of members that have one key and come in the same order in both lists. */
export const anchorsOf = (
  before: readonly (string | undefined)[],
  after: readonly (string | undefined)[],
): (readonly [number, number])[] => {
  const places = new Map<string, number[]>();
  for (let i = after.length - 1; i >= 0; i--) {
    const key = after[i];
    if (key === undefined) continue;
    const same = places.get(key);
    if (same) same.push(i);
    else places.set(key, [i]);
  }
  const found: (readonly [number, number])[] = [];
  before.forEach((key, i) => {
    const place = key === undefined ? undefined : places.get(key)?.pop();
    if (place !== undefined) found.push([i, place]);
  });
  return rising(found.map(([, place]) => place)).map((i) => found[i] as readonly [number, number]);
};

/**
 * Two lists side by side, each in its order: members of one key make a pair. Of several keys each pairs what those
 * before it left over, between the pairs that there are. A member without a key makes no pair by it.
 */
export const alignBy = <B, A>(
  before: readonly B[],
  after: readonly A[],
  keys: readonly ((member: A | B) => string | undefined)[],
): { readonly before?: B; readonly after?: A }[] => {
  const [key, ...others] = keys;
  if (!key || before.length === 0 || after.length === 0)
    return [...before.map((one) => ({ before: one })), ...after.map((one) => ({ after: one }))];
  const pairs: { readonly before?: B; readonly after?: A }[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of anchorsOf(before.map(key), after.map(key))) {
    pairs.push(...alignBy(before.slice(i, nextI), after.slice(j, nextJ), others));
    pairs.push({ before: before[nextI] as B, after: after[nextJ] as A });
    i = nextI + 1;
    j = nextJ + 1;
  }
  pairs.push(...alignBy(before.slice(i), after.slice(j), others));
  return pairs;
};
