// The examples in the doc comments of the builders are what people copy: they are run, and their output compared.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as library from '../../../lib/build/index.js';
import { toXML } from '../../../lib/xml/index.js';

const folder = join(import.meta.dirname, '../../../lib/build');

interface Example {
  readonly file: string;
  readonly code: string;
  readonly xml: string | undefined;
}

const uncomment = (text: string): string => text.replace(/^ *\* ?/gm, '').trim();

const examples: Example[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return Array.from(
      text.matchAll(/^ \* ```ts\n(.*?)^ \* ```\n(?: \* ```xml\n(.*?)^ \* ```\n)?/gms),
      (match) => ({
        file,
        code: uncomment(match[1] ?? ''),
        xml: match[2] === undefined ? undefined : uncomment(match[2]),
      }),
    );
  });

const run = (code: string): unknown =>
  new Function(...Object.keys(library), `return (${code});`)(...Object.values(library));

test.each(examples)('$file: $code', ({ code, xml }) => {
  if (xml !== undefined) {
    expect(toXML(run(code) as never).trim()).toBe(xml);
  } else {
    // Without XML the result stands in the comment below the call.
    const lines = code.split('\n');
    const expected = lines.filter((line) => line.startsWith('//')).map((line) => line.slice(2));
    expect(run(lines.filter((line) => !line.startsWith('//')).join('\n'))).toEqual(run(expected.join('\n')));
  }
});

test('every builder has an example with its XML', () => {
  const shown = examples
    .filter(({ xml }) => xml !== undefined)
    .flatMap(({ code }) => /^build\.((?:network|nic)\.\w+)/.exec(code)?.[1] ?? []);
  const { network, nic } = library.build;
  const all = Object.entries({ network, nic }).flatMap(([kind, builders]) =>
    Object.keys(builders).map((name) => `${kind}.${name}`),
  );
  expect(shown.sort()).toEqual(all.sort());
});
