// Finds the known name that a misspelt one was probably meant to be.

/** How many edits (insert, delete, replace, swap of neighbours) turn one word into another. */
const distance = (a: string, b: string): number => {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min((above[j] as number) + 1, (row[j - 1] as number) + 1, replaced);
      if (swapped) row[j] = Math.min(row[j] as number, (before[j - 2] as number) + 1);
    }
    [before, above] = [above, row];
  }
  return above[b.length] as number;
};

/** The known name nearest to `name`, case aside; undefined when none is near enough to be what was meant. */
export const nearest = (name: string, known: Iterable<string>): string | undefined => {
  // A word that long is no misspelling, and the table of edits would be as long.
  if (name.length > 40) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best !== undefined && least <= Math.max(1, Math.floor(wanted.length / 3)) ? best : undefined;
};
