// What a benchmark measured, beside what it is measured against and what it must reach.

export interface Figure {
  bench: string;
  /** What was measured, as in `lookup + xml, one at a time`. */
  figure: string;
  value: number;
  unit: string;
  /** What it is compared with, and how many times that it is. */
  against?: string;
  ratio?: number;
  /** What the ratio, or without one the value, must reach, as in `<= 1.3`. */
  goal?: string;
  met?: boolean;
}

export type Goal = `${'<=' | '>=' | '<'} ${number}`;

const comparisons: Record<string, (value: number, bound: number) => boolean> = {
  '<=': (value, bound) => value <= bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
};

/** A figure by itself. */
export function measured(bench: string, figure: string, value: number, unit: string, goal?: Goal): Figure {
  return { bench, figure, value, unit, ...judged(value, goal) };
}

/** A figure beside another of the same rounds. */
export function compared(
  figure: Pick<Figure, 'bench' | 'figure' | 'value' | 'unit'>,
  against: string,
  other: number,
  goal?: Goal,
): Figure {
  const ratio = figure.value / other;
  return { ...figure, against, ratio, ...judged(ratio, goal) };
}

/**
 * The values of many rounds beside another's of the same rounds. Each round is compared by itself, for what disturbs
 * it disturbs both, and the ratio is the one in the middle.
 */
export function paired(
  figure: Pick<Figure, 'bench' | 'figure' | 'unit'>,
  values: readonly number[],
  against: string,
  others: readonly number[],
  goal?: Goal,
): Figure {
  const ratio = median(values.map((value, round) => value / (others[round] ?? Number.NaN)));
  return { ...figure, value: median(values), against, ratio, ...judged(ratio, goal) };
}

function judged(value: number, goal: Goal | undefined): Pick<Figure, 'goal' | 'met'> {
  if (goal === undefined) return {};
  const [comparison = '', bound] = goal.split(' ');
  return { goal, met: comparisons[comparison]?.(value, Number(bound)) ?? false };
}

/** The value in the middle: a round that something else disturbed does not move it. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = low] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]];
  return (low + high) / 2;
}

/** Lines for a terminal, in columns. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ bench, figure, value, unit, against, ratio, goal, met }) => [
    bench,
    figure,
    `${rounded(value)} ${unit}`,
    against === undefined ? '' : `${(ratio ?? 0).toFixed(2)} x ${against}`,
    goal === undefined ? '' : `${goal}: ${met ? 'met' : 'NOT met'}`,
  ]);
  const lines = [['BENCH', 'FIGURE', 'MEASURED', 'AGAINST', 'GOAL'], ...rows];
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
