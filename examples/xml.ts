// Reads libvirt's documents from files and prints them as virtnet writes them, as values, or what is different.
import { readFileSync } from 'node:fs';
import { type AnyDocument, type Difference, diff, parseDocument, toXML, untyped, XmlError } from 'virtnet';
import { commandLineWithFiles } from './shared/command-line.js';
import { green, red } from './shared/terminal.js';

const { options, files } = commandLineWithFiles('Reads XML documents of libvirt; - is the standard input.', {
  kind: { type: 'string', help: 'what the files are, where their root element does not tell' },
  untyped: { type: 'boolean', help: 'list what is kept without being typed, a line each' },
  json: { type: 'boolean', help: 'print the typed values; whole numbers past 2^53 as strings' },
  diff: { type: 'string', help: 'print what another file has otherwise' },
  'ignore-filled-in': { type: 'boolean', help: 'with --diff: not what libvirt fills in by itself' },
});

/** A file that cannot be read as a document, in one line. */
class Unreadable extends Error {}

const kind = options.kind as AnyDocument['kind'] | undefined;

/** Standard input can be read but once, also when it is named twice. */
const texts = new Map<string, string>();

function read(file: string): AnyDocument {
  try {
    const text = texts.get(file) ?? readFileSync(file === '-' ? 0 : file, 'utf8');
    texts.set(file, text);
    return parseDocument(text, kind === undefined ? {} : { kind });
  } catch (error) {
    const name = file === '-' ? 'standard input' : file;
    if (error instanceof XmlError) {
      const hint = error.reason.includes('the option kind') ? ' (here: --kind KIND)' : '';
      throw new Unreadable(`${name}:${error.line}:${error.column}: ${error.reason}${hint}`);
    }
    // An error of the file system, or a kind that there is not.
    if (error instanceof Error) throw new Unreadable(`${name}: ${error.message}`);
    throw error;
  }
}

const json = (value: unknown, indent?: number): string =>
  JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? String(member) : member), indent);

function line({ path, before, after, member }: Difference): string[] {
  const where = member === undefined ? path : `${path} (${member})`;
  return [
    ...(before === undefined ? [] : [red(`- ${where}: ${json(before)}`)]),
    ...(after === undefined ? [] : [green(`+ ${where}: ${json(after)}`)]),
  ];
}

function differences(document: AnyDocument, other: string): string[] {
  const ignore = options['ignore-filled-in'] ? ({ ignore: 'filled-in' } as const) : {};
  try {
    return diff(document, read(other), ignore).flatMap(line);
  } catch (error) {
    if (error instanceof TypeError) throw new Unreadable(`${other}: ${error.message}`);
    throw error;
  }
}

function* linesOf(file: string): Generator<string> {
  const document = read(file);
  if (options.diff !== undefined) yield* differences(document, options.diff);
  else if (options.untyped) for (const { path } of untyped(document)) yield path;
  else yield json(document, 2);
}

for (const file of files) {
  try {
    if (options.diff ?? options.untyped ?? options.json) for (const text of linesOf(file)) console.log(text);
    // As it is: a domain ends as its text did.
    else process.stdout.write(toXML(read(file)));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
