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
const membersOf = (
  typeName: string,
  { files, options }: ReturnType<typeof publish>,
): ReadonlyMap<string, string> => {
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
    else if (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))
      for (const member of checker.getPropertiesOfType(type)) {
        const inside = `${path}.${member.name}`;
        // A member of several variants is silent when one of them is.
        const doc = ts.displayPartsToString(member.getDocumentationComment(checker));
        members.set(inside, members.get(inside) === '' ? '' : doc);
        visit(checker.getTypeOfSymbol(member), inside);
      }
  };
  visit(checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(symbol)), typeName);
  return members;
};

const documents = [
  {
    type: 'NetworkDocument',
    size: 120,
    among: ['ips.dhcp.ranges.lease.expiry', 'forward.addresses.slot'],
  },
  {
    type: 'DomainInterfaceDocument',
    size: 150,
    among: ['source.address.slot', 'driver.host.mergeableRxBuffers', 'address.zpci.uid', 'virtualPort.type'],
  },
  { type: 'DomainDocument', size: 160, among: ['metadata', 'nics.source.address.slot'] },
  { type: 'NetworkPortDocument', size: 35, among: ['plug.address.function', 'owner.uuid'] },
  { type: 'FilterDocument', size: 380, among: ['entries.tcp.srcIp', 'entries.parameters.name'] },
  { type: 'FilterBindingDocument', size: 12, among: ['owner.uuid', 'filterRef.parameters.value'] },
  {
    type: 'HostInterfaceDocument',
    size: 45,
    among: ['bridge.interfaces.bond.interfaces.mac.address', 'vlan.interface.name', 'protocols.autoconf'],
  },
  {
    type: 'NodeDeviceDocument',
    size: 100,
    among: ['capabilities.capabilities.addresses.slot', 'parent.wwpn', 'capabilities.members.ref'],
  },
] as const;

describe('the published type of a document', () => {
  const published = publish();

  for (const { type, size, among } of documents) {
    const members = membersOf(type, published);

    it(`has the members of the schema: ${type}`, () => {
      expect(members.size).toBeGreaterThan(size);
      for (const path of among) expect([...members.keys()]).toContain(`${type}.${path}`);
    });

    it(`says of each member how it stands in the XML: ${type}`, () => {
      const silent = [...members].filter(([path, doc]) => !/<[\w:]+/.test(doc) && !path.endsWith('.kind'));
      expect(silent.map(([path]) => path)).toEqual([]);
    });
  }
});
