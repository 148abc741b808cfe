// What the pages say is held against the library, against the files that they link to, and against the commands
// that they claim to know.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { build } from '../../lib/build/index.js';
import { type DomainInterfaceDocument, type NetworkDocument, toXML } from '../../lib/xml/index.js';
import { describeWith } from '../lab/have.js';

const root = join(import.meta.dirname, '../..');
const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs/from-the-shell.md'];
const read = (page: string) => readFileSync(join(root, page), 'utf8');

/** What is in scope where the pages show code. */
const SCOPE = `
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { build, connect, diff, LibvirtError, parseDomain, parseNetwork, toXML, type Connection, type Domain, type Network } from 'virtnet';
declare const connection: Connection;
declare const network: Network;
declare const domain: Domain;
declare const signal: AbortSignal;
import { decodeFrame, host, readCapture, Tap, Tun } from 'virtnet/host';
declare const tap: Tap;
declare const tun: Tun;
`;

interface Snippet {
  page: string;
  code: string;
}

/** Blocks of TypeScript, and code in the cells of tables that begins as TypeScript does. */
const snippets: Snippet[] = pages.flatMap((page) => {
  const text = read(page);
  const blocks = Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = '']) => code);
  const cells = text.split('\n').filter((line) => line.startsWith('|'));
  const spans = cells.flatMap((line) => Array.from(line.matchAll(/`([^`]+)`/g), ([, code = '']) => code));
  const code = spans.filter((span) =>
    /^(await (?!using)|\(await |\[\w+[.,]|\[await |const |for await |build\.)/.test(span),
  );
  return [...blocks, ...code].map((code) => ({ page, code }));
});

/** The complaints of the compiler, each with the code that it is about. */
function complaints(all: readonly Snippet[]): string[] {
  const files = new Map(
    all.map(({ code }, i) => [
      join(root, `snippet-${i}.ts`),
      code.startsWith('import') ? code : `${SCOPE}{\n${code}\n}\nexport {};\n`,
    ]),
  );
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  options.paths = {
    virtnet: [join(root, 'lib/index.ts')],
    'virtnet/host': [join(root, 'lib/host/index.ts')],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()]
    .flatMap((name) => {
      const file = program.getSourceFile(name);
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    })
    .map(({ file, messageText }) => {
      const number = Number(/snippet-(\d+)/.exec(file?.fileName ?? '')?.[1]);
      return `${all[number]?.page}: ${all[number]?.code}\n${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
}

it('shows code that compiles', () => {
  expect(snippets.length).toBeGreaterThan(80);
  const wrong = { page: 'none', code: "await network.update('add', 'dhcpHosts', {})" };
  expect(complaints([...snippets, wrong])).toEqual([expect.stringMatching(/^none: .*dhcpHosts/)]);
}, 120_000);

it.each(snippets.filter(({ code }) => code.startsWith('build.')))('$page builds $code', ({ code }) => {
  const document = new Function('build', `return ${code}`)(build) as
    | NetworkDocument
    | DomainInterfaceDocument;
  expect(toXML(document)).toContain(
    document.kind === 'network' ? `<name>${document.name}</name>` : `<interface type='${document.type}'`,
  );
});

/** The anchor that a heading gets. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

it.each(pages)('%s links to files and headings that exist', (page) => {
  const broken = Array.from(
    read(page).matchAll(/\]\((?!https?:)([^)\s]*)\)/g),
    ([, link = '']) => link,
  ).filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : relative(root, join(root, dirname(page), file));
    if (!existsSync(join(root, target))) return true;
    if (anchor === undefined) return false;
    const headings = Array.from(read(target).matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
      anchorOf(heading),
    );
    return !headings.includes(anchor);
  });
  expect(broken).toEqual([]);
});

it('names scripts that package.json has', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = pages.flatMap((page) =>
    Array.from(read(page).matchAll(/\bnpm (?:run (?:-s )?)?([a-z][\w:-]*)/g), ([, name = '']) => name),
  );
  const own = ['ci', 'install', 'pack'];
  expect(named.filter((name) => !Object.hasOwn(scripts, name) && !own.includes(name))).toEqual([]);
});

const spansOf = (text: string) => Array.from(text.matchAll(/`([^`\n]+)`/g), ([, span = '']) => span);

it('CONTRIBUTING.md names files that exist', () => {
  const isPath = /^\.?\w[\w.-]*\/[\w./-]+$/;
  const isMade = /^(build|dist|\.cache)\//;
  const paths = spansOf(read('CONTRIBUTING.md')).filter((span) => isPath.test(span) && !isMade.test(span));
  expect(paths).toContain('native/wire.hpp');
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it('CONTRIBUTING.md answers by C++ that exists', () => {
  const [, answers = ''] = read('CONTRIBUTING.md').split('## What could go wrong');
  const names = spansOf(answers).flatMap(
    (span) => /^([A-Z]\w*[a-z]\w*)(?:::(\w+))?$/.exec(span)?.slice(1) ?? [],
  );
  const sources = readdirSync(join(root, 'native'), { recursive: true, encoding: 'utf8' });
  const code = sources
    .filter((name) => /\.[ch]pp$/.test(name))
    .map((name) => readFileSync(join(root, 'native', name), 'utf8'));
  const words = new Set(code.join('\n').match(/\w+/g));
  expect(names).toContain('Executor');
  expect(names.filter((name) => name !== undefined && !words.has(name))).toEqual([]);
});

const shell = read('docs/from-the-shell.md');

describeWith(['virsh'], 'docs/from-the-shell.md and virsh', () => {
  it.each(['network', 'interface', 'filter', 'nodedev'])('has every command of the group %s', (group) => {
    const help = execFileSync('virsh', ['help', group], { encoding: 'utf8' });
    const commands = Array.from(help.matchAll(/^ {4}(\S+) /gm), ([, command]) => command);
    expect(commands).not.toEqual([]);
    expect(commands.filter((command) => !shell.includes(`\`virsh ${command}`))).toEqual([]);
  });

  it('has every command about the NICs of a guest', () => {
    const help = execFileSync('virsh', ['help'], { encoding: 'utf8' });
    const commands = Array.from(
      help.matchAll(/^ {4}(domif\S+|(?:attach|detach|update)-(?:device|interface)\S*) /gm),
      ([, command]) => command,
    );
    expect(commands.length).toBeGreaterThanOrEqual(12);
    expect(commands.filter((command) => !shell.includes(`\`virsh ${command}`))).toEqual([]);
  });
});

describeWith(['bridge-utils'], 'docs/from-the-shell.md and brctl', () => {
  it('has every command', () => {
    const help = execFileSync('brctl', ['--help'], { encoding: 'utf8' });
    const commands = Array.from(help.matchAll(/^\t(\w+) /gm), ([, command]) => command);
    expect(commands).toContain('addbr');
    expect(commands.filter((command) => !shell.includes(`\`brctl ${command}`))).toEqual([]);
  });
});
