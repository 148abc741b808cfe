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
  return parse(about, options).values;
}

/** The options' values, and the names of at least one file. */
export function commandLineWithFiles<const O extends Options>(
  about: string,
  options: O,
): { options: { [K in keyof O]: Value<O[K]> }; files: string[] } {
  const { values, positionals } = parse(about, options, 'FILE…');
  return { options: values, files: positionals };
}

function parse<const O extends Options>(
  about: string,
  options: O,
  operands?: string,
): { values: { [K in keyof O]: Value<O[K]> }; positionals: string[] } {
  const all: Options = { ...options, help: { type: 'boolean', help: 'print this' } };
  const help = helpText(about, all, operands);
  try {
    const { values, positionals } = parseArgs({ options: all, allowPositionals: operands !== undefined });
    if (values.help) {
      console.log(help);
      process.exit(0);
    }
    if (operands !== undefined && positionals.length === 0) throw new TypeError(`${operands} is missing`);
    return { values: values as { [K in keyof O]: Value<O[K]> }, positionals };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n\n${help}`);
    process.exit(2);
  }
}

function helpText(about: string, options: Options, operands?: string): string {
  const rows = Object.entries(options).map(([name, { type, help, default: value }]) => {
    const option = type === 'string' ? `--${name} ${name.toUpperCase()}` : `--${name}`;
    return `  ${option.padEnd(26)} ${help}${value === undefined ? '' : ` (${value})`}`;
  });
  const script = basename(process.argv[1] ?? '');
  const usage = ['npx tsx', `examples/${script}`, '[options]', ...(operands ? [operands] : [])].join(' ');
  return [about, '', `Usage: ${usage}`, '', ...rows].join('\n');
}
