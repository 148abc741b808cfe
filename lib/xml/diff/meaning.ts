// Texts that are written in more than one way but mean the same: how libvirt prints them tells nothing of what
// somebody asked for.
import { XmlComment, XmlElement, type XmlNode, XmlText } from '@rgrove/parse-xml';
import { ipAddress, ipv6Address } from '../address.js';
import { type Codec, macAddress, uuid } from '../codec.js';
import { namespaceAt } from '../namespace.js';
import { ipv4Mask, ipv6, mac } from '../nwfilter/values.js';
import { parseTree } from '../parse.js';
import { splitName } from '../table.js';
import { isBlank } from '../text.js';

/** The one form of an IP address that RFC 5952 has for it: IPv4 has no other, and URLs write IPv6 that way. */
export const sameAddress = (text: string): string =>
  text.includes(':') ? new URL(`http://[${text}]/`).hostname.slice(1, -1) : text;

/** The length of the prefix that a netmask stands for; undefined when its ones do not all come first. */
export const prefixOf = (netmask: string): number | undefined => {
  const bits = netmask
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
};

const forms: ReadonlyMap<Codec<unknown>, (text: string) => string> = new Map([
  [macAddress, (text) => text.toLowerCase()],
  [uuid, (text) => text.toLowerCase().replaceAll('-', '')],
  [ipAddress, sameAddress],
  [ipv6Address, sameAddress],
  // Rules of filters have variables in the place of addresses, whose names differ by case.
  [mac, (text) => (text.startsWith('$') ? text : text.toLowerCase())],
  [ipv6, sameAddress],
  [ipv4Mask, (text) => (text.includes('.') ? String(prefixOf(text) ?? text) : text)],
]);

/** The text that stands for all texts of the same meaning in a field. */
export const meaningOf = (codec: Codec<unknown>, text: string): string => forms.get(codec)?.(text) ?? text;

const expanded = (element: XmlElement, name: string, isAttribute: boolean): string => {
  const [prefix, local] = splitName(name);
  if (prefix === undefined && isAttribute) return name;
  return `{${namespaceAt(element, prefix ?? '') ?? prefix ?? ''}}${local}`;
};

const sketch = (node: XmlNode): unknown => {
  if (node instanceof XmlText) return isBlank(node.text) ? undefined : node.text;
  if (node instanceof XmlComment || !(node instanceof XmlElement)) return undefined;
  const attributes = Object.entries(node.attributes)
    .filter(([name]) => name !== 'xmlns' && !name.startsWith('xmlns:'))
    .map(([name, text]) => [expanded(node, name, true), text] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const inside = node.children.map(sketch).filter((part) => part !== undefined);
  return [expanded(node, node.name, false), attributes, inside];
};

/**
 * A text that two pieces of XML have in common when they differ in layout, quotes, comments, prefixes or the order of
 * attributes alone. What is not well-formed stands for itself.
 */
export const xmlMeaning = (source: string): string => {
  try {
    return JSON.stringify(sketch(parseTree(`<_>${source}</_>`)));
  } catch {
    return source;
  }
};
