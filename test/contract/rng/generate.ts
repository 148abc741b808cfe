// Makes the smallest document of a grammar that has a given value: along the way to the value everything is
// there, beside it only what must be.
import type { Grammar, NameClass, Pattern } from './grammar.js';
import { type Data, sampleOf } from './samples.js';
import { type Leaf, leavesOf, nameOf, prefixes } from './walk.js';

/** An element of a generated document. */
export interface Node {
  readonly name: string;
  readonly attributes: { [name: string]: string };
  /** Elements, and XML text that stands as it is. */
  readonly children: (Node | string)[];
  /** The XML of the text before them. */
  text: string;
}

/** A generated document, and what it was generated for. */
export interface Sample {
  readonly leaf: Leaf;
  readonly xml: string;
}

const namespaces: { readonly [prefix: string]: string } = {
  ...Object.fromEntries(Object.entries(prefixes).map(([namespace, prefix]) => [prefix, namespace])),
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

/** What decides which document is made, where the grammar leaves a choice; `depth` counts the elements around. */
export interface Decisions {
  /** Which of the alternatives. */
  choose(alternatives: readonly Pattern[], depth: number): Pattern;
  /** How often something is there that can be left out or repeated. */
  repeat(pattern: Pattern, depth: number): number;
  /** The order of what can stand in any. */
  arrange(parts: readonly Pattern[]): readonly Pattern[];
  /** The XML of a text; without a pattern any text will do. */
  text(pattern: Data | undefined): string;
}

const fill = (pattern: Pattern, node: Node, grammar: Grammar, decisions: Decisions, depth: number): void => {
  const go = (inner: Pattern): void => fill(inner, node, grammar, decisions, depth);
  switch (pattern.kind) {
    case 'ref':
      go(grammar.definition(pattern.name));
      break;
    case 'element': {
      const child: Node = { name: spell(pattern.name, 'element'), attributes: {}, children: [], text: '' };
      node.children.push(child);
      fill(pattern.of, child, grammar, decisions, depth + 1);
      break;
    }
    case 'attribute': {
      const value: Node = { name: '', attributes: {}, children: [], text: '' };
      fill(pattern.of, value, grammar, decisions, depth);
      node.attributes[spell(pattern.name, 'attribute')] = value.text;
      break;
    }
    case 'choice':
      go(decisions.choose(pattern.of, depth));
      break;
    case 'group':
      for (const one of pattern.of) go(one);
      break;
    case 'interleave':
      for (const one of decisions.arrange(pattern.of)) go(one);
      break;
    case 'optional':
    case 'zeroOrMore':
    case 'oneOrMore':
      for (let left = decisions.repeat(pattern, depth); left > 0; left--) go(pattern.of);
      break;
    case 'mixed':
    case 'list':
      go(pattern.of);
      break;
    case 'value':
      node.text = pattern.text;
      break;
    case 'text':
      node.text = decisions.text(undefined);
      break;
    case 'data':
      node.text = decisions.text(pattern);
      break;
    case 'empty':
    case 'notAllowed':
      break;
  }
};

/** A document of a grammar, as it is decided. */
export const decide = (grammar: Grammar, decisions: Decisions): Node => {
  const nowhere: Node = { name: '', attributes: {}, children: [], text: '' };
  fill(grammar.start, nowhere, grammar, decisions, 0);
  const [root] = nowhere.children;
  if (typeof root !== 'object') throw new Error('the grammar starts with no element');
  return root;
};

/** The smallest alternative of a choice; of several the first. */
export const smallestOf = (alternatives: readonly Pattern[], grammar: Grammar): Pattern =>
  alternatives.reduce((best, one) => (sizeOf(one, grammar) < sizeOf(best, grammar) ? one : best));

/** The smallest document that has the element or value of a leaf. */
const documentFor = (leaf: Leaf, grammar: Grammar): Node => {
  const wanted = new Set(leaf.route);
  return decide(grammar, {
    choose: (alternatives) =>
      alternatives.find((one) => wanted.has(one)) ?? smallestOf(alternatives, grammar),
    repeat: (pattern) => (pattern.kind === 'oneOrMore' || wanted.has(pattern) ? 1 : 0),
    arrange: (parts) => parts,
    text: (pattern) => (pattern ? sampleOf(pattern) : 'text'),
  });
};

/** How many elements and values a pattern has at most, each once. */
const widthOf = (pattern: Pattern, grammar: Grammar, around: readonly Pattern[] = []): number => {
  if (around.includes(pattern)) return 0;
  const inside = [...around, pattern];
  switch (pattern.kind) {
    case 'ref':
      return widthOf(grammar.definition(pattern.name), grammar, inside);
    case 'element':
    case 'attribute':
      return 1 + widthOf(pattern.of, grammar, inside);
    case 'optional':
    case 'zeroOrMore':
    case 'oneOrMore':
    case 'mixed':
    case 'list':
      return widthOf(pattern.of, grammar, inside);
    case 'choice':
      return Math.max(...pattern.of.map((one) => widthOf(one, grammar, inside)));
    case 'group':
    case 'interleave':
      return pattern.of.reduce((sum, one) => sum + widthOf(one, grammar, inside), 0);
    case 'text':
    case 'value':
    case 'data':
      return 1;
    case 'empty':
    case 'notAllowed':
      return 0;
  }
};

/** Deeper than this many elements only definitions that contain themselves go on. */
export const DEEP = 5;

/**
 * The fullest document that has the element or value of a leaf: everything else that can be there is there, once; of
 * alternatives the one that has most.
 */
const fullestFor = (leaf: Leaf, grammar: Grammar, widths: Map<Pattern, number>): Node => {
  const wanted = new Set(leaf.route);
  const width = (pattern: Pattern): number => {
    const known = widths.get(pattern) ?? widthOf(pattern, grammar);
    widths.set(pattern, known);
    return known;
  };
  return decide(grammar, {
    choose: (alternatives, depth) =>
      depth > DEEP
        ? smallestOf(alternatives, grammar)
        : (alternatives.find((one) => wanted.has(one)) ??
          alternatives.reduce((best, one) => (width(one) > width(best) ? one : best))),
    repeat: (pattern, depth) => (pattern.kind === 'oneOrMore' || depth <= DEEP ? 1 : 0),
    arrange: (parts) => parts,
    text: (pattern) => (pattern ? sampleOf(pattern) : 'text'),
  });
};

/** The XML of a generated document, namespaces declared at the root. */
export const print = (root: Node): string => {
  const used = new Set<string>();
  const element = (node: Node): string => {
    const prefix = /^[^:]*:/.exec(node.name)?.[0];
    if (prefix) used.add(prefix);
    const attributes = Object.entries(node.attributes).map(([name, text]) => ` ${name}='${text}'`);
    const inside = node.children.map((child) => (typeof child === 'string' ? child : element(child)));
    return `<${node.name}${attributes.join('')}>${node.text}${inside.join('')}</${node.name}>`;
  };
  const text = element(root);
  const declared = [...used].map((prefix) => ` xmlns:${prefix.slice(0, -1)}='${namespaces[prefix]}'`);
  return text.replace(/^<[^\s>]+/, (start) => start + declared.join(''));
};

const samplesBy = (leaves: readonly Leaf[], make: (leaf: Leaf) => Node): readonly Sample[] => {
  const samples = new Map<string, Sample>();
  for (const leaf of leaves) {
    const xml = print(make(leaf));
    if (!samples.has(xml)) samples.set(xml, { leaf, xml });
  }
  return [...samples.values()];
};

/** The smallest document of each leaf; leaves that have the same one share it. */
export const samplesOf = (grammar: Grammar): readonly Sample[] =>
  samplesBy(leavesOf(grammar), (leaf) => documentFor(leaf, grammar));

/** The fullest document of each enumerated value, which may tell a variant. */
export const fullestOf = (grammar: Grammar): readonly Sample[] => {
  const widths = new Map<Pattern, number>();
  const values = leavesOf(grammar).filter(({ pattern }) => pattern.kind === 'value');
  return samplesBy(values, (leaf) => fullestFor(leaf, grammar, widths));
};
