// Makes the smallest document of a grammar that has a given value: along the way to the value everything is
// there, beside it only what must be.
import type { Grammar, NameClass, Pattern } from './grammar.js';
import { sampleOf } from './samples.js';
import { type Leaf, nameOf } from './walk.js';

/** An element of a generated document. */
export interface Node {
  readonly name: string;
  readonly attributes: { [name: string]: string };
  readonly children: Node[];
  text: string;
}

const namespaces: { readonly [prefix: string]: string } = {
  'dnsmasq:': 'http://libvirt.org/schemas/network/dnsmasq/1.0',
  'any:': 'urn:example:any',
};

const spell = (name: NameClass, kind: 'element' | 'attribute'): string => {
  if (name.any) return kind === 'element' ? 'any:custom' : 'custom';
  return nameOf({ ...name, names: name.names.slice(0, 1) });
};

/** How much a pattern needs at least: what the smallest alternative is told by. */
const sizeOf = (pattern: Pattern, grammar: Grammar, depth = 0): number => {
  if (depth > 40) return Number.POSITIVE_INFINITY;
  switch (pattern.kind) {
    case 'empty':
    case 'optional':
    case 'zeroOrMore':
      return 0;
    case 'notAllowed':
      return Number.POSITIVE_INFINITY;
    case 'ref':
      return sizeOf(grammar.definition(pattern.name), grammar, depth + 1);
    case 'element':
    case 'attribute':
    case 'list':
      return 1 + sizeOf(pattern.of, grammar, depth + 1);
    case 'oneOrMore':
    case 'mixed':
      return sizeOf(pattern.of, grammar, depth + 1);
    case 'choice':
      return Math.min(...pattern.of.map((one) => sizeOf(one, grammar, depth + 1)));
    case 'group':
    case 'interleave':
      return pattern.of.reduce((sum, one) => sum + sizeOf(one, grammar, depth + 1), 0);
    default:
      return 1;
  }
};

const fill = (pattern: Pattern, node: Node, grammar: Grammar, wanted: ReadonlySet<Pattern>): void => {
  const go = (inner: Pattern, into = node): void => fill(inner, into, grammar, wanted);
  switch (pattern.kind) {
    case 'ref':
      go(grammar.definition(pattern.name));
      break;
    case 'element': {
      const child: Node = { name: spell(pattern.name, 'element'), attributes: {}, children: [], text: '' };
      node.children.push(child);
      go(pattern.of, child);
      break;
    }
    case 'attribute': {
      const value: Node = { name: '', attributes: {}, children: [], text: '' };
      go(pattern.of, value);
      node.attributes[spell(pattern.name, 'attribute')] = value.text;
      break;
    }
    case 'choice': {
      const smallest = [...pattern.of].sort((a, b) => sizeOf(a, grammar) - sizeOf(b, grammar))[0];
      go(pattern.of.find((one) => wanted.has(one)) ?? (smallest as Pattern));
      break;
    }
    case 'group':
    case 'interleave':
      for (const one of pattern.of) go(one);
      break;
    case 'optional':
    case 'zeroOrMore':
      if (wanted.has(pattern)) go(pattern.of);
      break;
    case 'oneOrMore':
    case 'mixed':
    case 'list':
      go(pattern.of);
      break;
    case 'text':
      node.text = 'text';
      break;
    case 'value':
      node.text = pattern.text;
      break;
    case 'data':
      node.text = sampleOf(pattern);
      break;
    case 'empty':
    case 'notAllowed':
      break;
  }
};

/** The smallest document that has the value of a leaf. */
export const documentFor = (leaf: Leaf, grammar: Grammar): Node => {
  const nowhere: Node = { name: '', attributes: {}, children: [], text: '' };
  fill(grammar.start, nowhere, grammar, new Set(leaf.route));
  const [root] = nowhere.children;
  if (!root) throw new Error('the grammar starts with no element');
  return root;
};

/** The XML of a generated document, namespaces declared at the root. */
export const print = (root: Node): string => {
  const used = new Set<string>();
  const element = (node: Node): string => {
    const prefix = /^[^:]*:/.exec(node.name)?.[0];
    if (prefix) used.add(prefix);
    const attributes = Object.entries(node.attributes).map(([name, text]) => ` ${name}='${text}'`);
    return `<${node.name}${attributes.join('')}>${node.text}${node.children.map(element).join('')}</${node.name}>`;
  };
  const text = element(root);
  const declared = [...used].map((prefix) => ` xmlns:${prefix.slice(0, -1)}='${namespaces[prefix]}'`);
  return text.replace(/^<[^\s>]+/, (start) => start + declared.join(''));
};
