// The published types of documents, as an editor shows them to users: every member says what it is in XML.
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const lib = join(import.meta.dirname, '../../lib');

/** The declaration files of lib/xml, as the build would write them, by path. */
const publish = (): { readonly files: ReadonlyMap<string, string>; readonly options: ts.CompilerOptions } => {
  const config = ts.readConfigFile(join(lib, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, lib);
  const emitting = {
    ...options,
    noEmit: false,
    emitDeclarationOnly: true,
    declarationMap: false,
    sourceMap: false,
  };
  const files = new Map<string, string>();
  const program = ts.createProgram([join(lib, 'xml/index.ts')], emitting);
  program.emit(undefined, (path, text) => files.set(path, text));
  return { files, options };
};

/** The members that can be reached from a type of the published files, with what an editor says of them. */
const membersOf = (typeName: string): ReadonlyMap<string, string> => {
  const { files, options } = publish();
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, target) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, target) : ts.createSourceFile(path, text, target, true);
  };
  const index = [...files.keys()].find((path) => path.endsWith('xml/index.d.ts')) as string;
  const program = ts.createProgram([index], { ...options, noEmit: true }, host);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(index) as ts.SourceFile) as ts.Symbol;
  const symbol = checker.getExportsOfModule(module).find(({ name }) => name === typeName) as ts.Symbol;
  const members = new Map<string, string>();
  const visit = (type: ts.Type, path: string): void => {
    if (type.isUnion()) for (const one of type.types) visit(one, path);
    else if (checker.isArrayType(type))
      visit(checker.getTypeArguments(type as ts.TypeReference)[0] as ts.Type, path);
    else if (type.flags & ts.TypeFlags.Object)
      for (const member of checker.getPropertiesOfType(type)) {
        const inside = `${path}.${member.name}`;
        members.set(inside, ts.displayPartsToString(member.getDocumentationComment(checker)));
        visit(checker.getTypeOfSymbol(member), inside);
      }
  };
  visit(checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(symbol)), typeName);
  return members;
};

describe('the published type of the network document', () => {
  const members = membersOf('NetworkDocument');

  it('has the members of the schema', () => {
    expect(members.size).toBeGreaterThan(120);
    expect([...members.keys()]).toContain('NetworkDocument.ips.dhcp.ranges.lease.expiry');
    expect([...members.keys()]).toContain('NetworkDocument.forward.addresses.slot');
  });

  it('says of each member how it stands in the XML', () => {
    const silent = [...members].filter(
      ([path, doc]) => !/<[\w:]+/.test(doc) && path !== 'NetworkDocument.kind',
    );
    expect(silent.map(([path]) => path)).toEqual([]);
  });
});
