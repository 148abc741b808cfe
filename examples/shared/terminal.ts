// What the examples print, fitted to the terminal: colours only where they are wanted, tables as wide as it is.

const coloured = process.stdout.isTTY && process.stdout.hasColors();

const style = (code: number) => (text: string) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);

export const bold = style(1);
export const dim = style(2);
export const red = style(31);
export const green = style(32);
const cyan = style(36);

/** XML with its tags coloured, indented by two. */
export function paintXml(xml: string): string {
  return xml
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line.replace(/<\/?[\w:]+|\/?>/g, (tag) => cyan(tag))}`)
    .join('\n');
}

/** Columns under headings and a rule. Where the terminal is narrow the columns stand closer. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const text = widths.reduce((sum, width) => sum + width, 0);
  const room = (process.stdout.columns ?? 100) - text - 1;
  const gap = ' '.repeat(Math.min(3, Math.max(1, Math.floor(room / (widths.length - 1)))));
  const line = (cells: readonly string[]) =>
    ` ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(gap)}`.trimEnd();
  const rule = '-'.repeat(1 + text + gap.length * (widths.length - 1));
  return [bold(line(headings)), rule, ...rows.map(line)].join('\n');
}

/** What changed from one text to another, in one place: the lines with two of those around it. */
export function difference(before: string, after: string): string {
  const [old, now] = [before.trimEnd().split('\n'), after.trimEnd().split('\n')];
  let first = 0;
  while (first < old.length && old[first] === now[first]) first++;
  let same = 0;
  while (same < Math.min(old.length, now.length) - first && old.at(-1 - same) === now.at(-1 - same)) same++;
  return [
    ...old.slice(Math.max(0, first - 2), first).map((line) => `    ${line}`),
    ...old.slice(first, old.length - same).map((line) => red(`  - ${line}`)),
    ...now.slice(first, now.length - same).map((line) => green(`  + ${line}`)),
    ...now.slice(now.length - same, now.length - same + 2).map((line) => `    ${line}`),
  ].join('\n');
}
