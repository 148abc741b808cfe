// A text for each data type of a grammar: the first of these that its pattern and limits allow.
import type { Param, Pattern } from './grammar.js';

const candidates = [
  '1',
  '0',
  '0x1',
  '0xf',
  '10',
  '512',
  '4096',
  'a',
  'text',
  'yes',
  'tcp',
  'vepa',
  'ipv4',
  'mac',
  'stp',
  'vlan',
  'arp',
  'rarp',
  'ipv6',
  'false',
  'NEW',
  'SYN/SYN',
  'src',
  '$IP',
  '0x88cc',
  'reply',
  'ab-cd',
  '/text',
  '192.168.1.1',
  '2001:db8::1',
  '52:54:00:12:34:56',
  '52:54:00:12:34:56:78:9a',
  '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f',
  '09b11c538b5c4eeb8f00d84eaa0aaa4f',
  '0x020000',
  '20000000c9831b4b',
  // DHCP unique identifiers, one for each of their four kinds.
  '0:1:0:1:18:aa:62:fe:0:16:3e:44:55:66',
  '0:2:0:0:0:9:c:c0:84:d3',
  '0:3:0:1:0:16:3e:11:22:33',
  '0:4:9:b1:1c:53:8b:5c:4e:eb:8f:0:d8:4e:aa:a:aa:4f',
  // What the other devices of domains have.
  'KiB',
  'vda',
  '[store] disk',
  'sync_pt',
  'twelve-chars',
  'naa.5001405acbd8b1b2',
  '2026-01-02T03:04:05',
];

/** Texts for patterns that nothing else fits; others allow them, too, but libvirt does not. */
const lastResorts = ['-1'];

const limits: { readonly [name: string]: (text: string, limit: string) => boolean } = {
  // In a pattern of XML Schema $ is a character like others.
  pattern: (text, limit) => new RegExp(`^(?:${limit.replaceAll('$', '\\$')})$`).test(text),
  minInclusive: (text, limit) => Number(text) >= Number(limit),
  maxInclusive: (text, limit) => Number(text) <= Number(limit),
  minLength: (text, limit) => text.length >= Number(limit),
  maxLength: (text, limit) => text.length <= Number(limit),
  length: (text, limit) => text.length === Number(limit),
};

const types: { readonly [name: string]: RegExp } = {
  string: /^/,
  token: /^/,
  NCName: /^[A-Za-z_][\w.-]*$/,
  integer: /^[+-]?\d+$/,
  int: /^[+-]?\d+$/,
  short: /^[+-]?\d+$/,
  long: /^[+-]?\d+$/,
  unsignedShort: /^\d+$/,
  unsignedInt: /^\d+$/,
  unsignedLong: /^\d+$/,
  unsignedByte: /^\d+$/,
  nonNegativeInteger: /^\d+$/,
  positiveInteger: /^[1-9]\d*$/,
  double: /^[+-]?\d+(?:\.\d+)?$/,
  dateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
  hexBinary: /^(?:[0-9a-fA-F]{2})*$/,
};

const allows = (type: string, params: readonly Param[], text: string): boolean => {
  const form = types[type];
  if (!form) throw new Error(`data type ${type} is not known here: add it to test/contract/rng/samples.ts`);
  return (
    form.test(text) &&
    params.every(({ name, text: limit }) => {
      const check = limits[name];
      if (!check) throw new Error(`limit ${name} is not known here: add it to test/contract/rng/samples.ts`);
      return check(text, limit);
    })
  );
};

/** A pattern that a data type makes. */
export type Data = Extract<Pattern, { kind: 'data' }>;

const known = new WeakMap<Data, readonly string[]>();

/** Texts that a data pattern allows, at least one. */
export const textsOf = (pattern: Data): readonly string[] => {
  const { type, params } = pattern;
  const fitting = (texts: readonly string[]) => texts.filter((text) => allows(type, params, text));
  const found = known.get(pattern) ?? fitting(candidates);
  const texts = found.length > 0 ? found : fitting(lastResorts);
  known.set(pattern, texts);
  if (texts.length === 0)
    throw new Error(
      `no sample fits ${type} ${params.map(({ name, text }) => `${name}=${text}`).join(' ')}: add one to test/contract/rng/samples.ts`,
    );
  return texts;
};

/** A text that a data pattern allows. */
export const sampleOf = (pattern: Data): string => textsOf(pattern)[0] as string;
