// The command line that the examples share: Node's parseArgs, and a help text made of the same options.
import { basename } from 'node:path';
import { parseArgs } from 'node:util';

type Options = Record<string, { type: 'string' | 'boolean'; help: string; default?: string }>;

type Value<O extends Options[string]> = O['type'] extends 'boolean'
  ? boolean | undefined
  : O extends { default: string }
    ? string
    : string | undefined;

/** The option of every example of a mode. */
export const uri = { type: 'string', help: 'define and start it there, then remove it' } as const;

/** The options' values. Prints the help, or what is wrong with the command line, and ends the process then. */
export function commandLine<const O extends Options>(
  about: string,
  options: O,
): { [K in keyof O]: Value<O[K]> } {
  const all: Options = { ...options, help: { type: 'boolean', help: 'print this' } };
  try {
    const { values } = parseArgs({ options: all });
    if (!values.help) return values as { [K in keyof O]: Value<O[K]> };
    console.log(helpText(about, all));
    process.exit(0);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n\n${helpText(about, all)}`);
    process.exit(2);
  }
}

function helpText(about: string, options: Options): string {
  const rows = Object.entries(options).map(([name, { type, help, default: value }]) => {
    const option = type === 'string' ? `--${name} ${name.toUpperCase()}` : `--${name}`;
    return `  ${option.padEnd(26)} ${help}${value === undefined ? '' : ` (${value})`}`;
  });
  const script = basename(process.argv[1] ?? '');
  return [about, '', `Usage: npx tsx examples/${script} [options]`, '', ...rows].join('\n');
}
