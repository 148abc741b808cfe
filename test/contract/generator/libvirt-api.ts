// What libvirt says of its own public interface: libvirt-api.xml, which package libvirt-dev installs,
// and native/newer.hpp for what is newer than that.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseXml, type XmlElement } from '@rgrove/parse-xml';

/** Where package libvirt-dev puts the description of libvirt's public functions. */
export const apiPath = '/usr/share/libvirt/api/libvirt-api.xml';
const newerHeader = fileURLToPath(new URL('../../../native/newer.hpp', import.meta.url));

export interface ApiFunction {
  name: string;
  /** The part of libvirt it belongs to, as in `libvirt-network`. */
  module: string;
  since: string;
  parameters: string[];
}

export interface ApiConstant {
  name: string;
  value: number;
  /** The C enum it belongs to; unknown for those of native/newer.hpp. */
  type?: string;
}

export interface LibvirtApi {
  functions: Map<string, ApiFunction>;
  constants: ApiConstant[];
}

export const haveApi = existsSync(apiPath);

/** The installed interface plus native/newer.hpp. */
export function readApi(): LibvirtApi {
  const api: LibvirtApi = { functions: new Map(), constants: [] };
  const document = parseXml(readFileSync(apiPath, 'utf8'));
  const symbols = elements(document.root as XmlElement).find((element) => element.name === 'symbols');
  // Some constants are those of another enum: their value is its name.
  const numbers = new Map(
    elements(symbols).map(({ attributes: { name, value } }) => [name, Number(value)] as const),
  );
  for (const symbol of elements(symbols)) {
    const { name = '', value, type, version = '', file: module = '' } = symbol.attributes;
    if (symbol.name === 'enum')
      api.constants.push({ name, value: numbers.get(value) ?? Number(value), ...(type && { type }) });
    if (symbol.name === 'function') {
      const parameters = elements(symbol)
        .filter((child) => child.name === 'arg')
        .map((arg) => arg.attributes.name ?? '');
      api.functions.set(name, { name, module, since: version, parameters });
    }
  }
  addNewer(api, readFileSync(newerHeader, 'utf8'));
  return api;
}

/** `#if !LIBVIR_CHECK_VERSION(9, 7, 0)` … `#endif`, with prototypes and constants between. */
function addNewer(api: LibvirtApi, header: string): void {
  for (const guard of header.matchAll(/^#if !LIBVIR_CHECK_VERSION\((\d+), (\d+), (\d+)\)$(.*?)^#endif/gms)) {
    const since = guard.slice(1, 4).join('.');
    const body = guard[4] ?? '';
    for (const [, name = '', value] of body.matchAll(/inline constexpr int (\w+) = (\d+);/g)) {
      if (!api.constants.some((constant) => constant.name === name))
        api.constants.push({ name, value: Number(value) });
    }
    for (const [, name = '', list = ''] of body.matchAll(
      /^(?:int|char\*|vir\w+Ptr) (vir\w+)\(([^)]*)\);/gm,
    )) {
      if (api.functions.has(name)) continue;
      const parameters = list.split(',').map((parameter) => /(\w+)\s*$/.exec(parameter)?.[1] ?? '');
      api.functions.set(name, { name, module: moduleOf(name), since, parameters });
    }
  }
}

/** How the names of each part's functions begin, for those that are declared by native/newer.hpp. */
const modules: readonly (readonly [beginning: RegExp, module: string])[] = [
  [/^vir(Connect)?Network/, 'libvirt-network'],
  [/^vir(Connect)?NodeDevice/, 'libvirt-nodedev'],
  [/^vir(Connect)?Domain/, 'libvirt-domain'],
];

function moduleOf(name: string): string {
  return modules.find(([beginning]) => beginning.test(name))?.[1] ?? 'libvirt-host';
}

function elements(parent: XmlElement | undefined): XmlElement[] {
  return (parent?.children ?? []).filter((child): child is XmlElement => child.type === 'element');
}
