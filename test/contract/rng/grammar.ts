// Reads RELAX NG grammars in XML syntax into patterns: includes are joined, definitions combined, names resolved.
// https://relaxng.org/spec-20011203.html (the part of it that libvirt's grammars use)
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';

/** Which names an element or attribute may have. */
export interface NameClass {
  /** The names that are spelt out. */
  readonly names: readonly string[];
  readonly namespace: string;
  /** Any other name will do as well. */
  readonly any: boolean;
}

/** A pattern. References are kept, because definitions may contain themselves. */
export type Pattern =
  | { readonly kind: 'empty' | 'notAllowed' | 'text' }
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'data'; readonly type: string; readonly params: readonly Param[] }
  | { readonly kind: 'list'; readonly of: Pattern }
  | { readonly kind: 'attribute' | 'element'; readonly name: NameClass; readonly of: Pattern }
  | { readonly kind: 'group' | 'interleave' | 'choice'; readonly of: readonly Pattern[] }
  | { readonly kind: 'optional' | 'zeroOrMore' | 'oneOrMore' | 'mixed'; readonly of: Pattern }
  | { readonly kind: 'ref'; readonly name: string };

/** A restriction of a data type: `minInclusive`, `pattern`, … */
export interface Param {
  readonly name: string;
  readonly text: string;
}

/** A grammar whose includes are resolved. */
export interface Grammar {
  readonly start: Pattern;
  /** The pattern of a definition. */
  definition(name: string): Pattern;
}

interface Definitions {
  start?: Pattern;
  readonly named: Map<string, Pattern>;
}

const childrenOf = (node: XmlElement): XmlElement[] =>
  node.children.filter((child): child is XmlElement => child instanceof XmlElement);

const textOf = (node: XmlElement): string =>
  node.children.map((child) => (child instanceof XmlText ? child.text : '')).join('');

/** An attribute that elements inside inherit. */
const inherited = (node: XmlElement, name: string): string => {
  for (let at: XmlElement | null = node; at instanceof XmlElement; at = at.parent as XmlElement | null)
    if (at.attributes[name] !== undefined) return at.attributes[name];
  return '';
};

const grouped = (kind: 'group' | 'interleave' | 'choice', of: readonly Pattern[]): Pattern =>
  of.length === 1 ? (of[0] as Pattern) : { kind, of };

/** The texts of a pattern that is a choice of several; none when it is anything else. */
const alternativesOf = (pattern: Pattern): readonly Pattern[] =>
  pattern.kind === 'choice' && pattern.of.every(({ kind }) => kind === 'value') ? pattern.of : [];

/**
 * Attributes called `type` tell variants: where one may have several texts, what stands beside it is said once for each.
 * `<a><attribute type (x|y)/><b/></a>` becomes a choice of two groups.
 */
const byType = (kind: 'group' | 'interleave', of: readonly Pattern[]): Pattern => {
  const index = of.findIndex(
    (one) => one.kind === 'attribute' && one.name.names[0] === 'type' && alternativesOf(one.of).length > 1,
  );
  const attribute = of[index];
  if (attribute?.kind !== 'attribute') return grouped(kind, of);
  const variants = alternativesOf(attribute.of).map((text) =>
    grouped(kind, of.with(index, { ...attribute, of: text })),
  );
  return { kind: 'choice', of: variants };
};

const nameClassOf = (node: XmlElement): NameClass => {
  const namespace = inherited(node, 'ns');
  switch (node.name) {
    case 'name':
      return { names: [textOf(node).trim()], namespace, any: false };
    case 'choice': {
      const classes = childrenOf(node).map(nameClassOf);
      return { names: classes.flatMap(({ names }) => names), namespace, any: classes.some(({ any }) => any) };
    }
    case 'anyName':
    case 'nsName':
      return { names: [], namespace, any: true };
    default:
      throw new Error(`<${node.name}> is no name class`);
  }
};

const patternOf = (node: XmlElement): Pattern => {
  const inside = (): Pattern => byType('group', childrenOf(node).map(patternOf));
  switch (node.name) {
    case 'empty':
    case 'notAllowed':
    case 'text':
      return { kind: node.name };
    case 'value':
      return { kind: 'value', text: textOf(node).trim() };
    case 'data':
      return {
        kind: 'data',
        type: node.attributes.type ?? '',
        params: childrenOf(node)
          .filter(({ name }) => name === 'param')
          .map((param) => ({ name: param.attributes.name ?? '', text: textOf(param) })),
      };
    case 'list':
      return { kind: 'list', of: inside() };
    case 'ref':
      return { kind: 'ref', name: node.attributes.name ?? '' };
    case 'choice':
      return { kind: node.name, of: childrenOf(node).map(patternOf) };
    case 'group':
    case 'interleave':
      return byType(node.name, childrenOf(node).map(patternOf));
    case 'optional':
    case 'zeroOrMore':
    case 'oneOrMore':
    case 'mixed':
      return { kind: node.name, of: inside() };
    case 'attribute':
    case 'element': {
      const children = childrenOf(node);
      const { name } = node.attributes;
      // An attribute's name has no namespace unless it says so itself.
      const namespace = node.name === 'element' ? inherited(node, 'ns') : (node.attributes.ns ?? '');
      const nameClass =
        name === undefined
          ? nameClassOf(children.shift() as XmlElement)
          : { names: [name.trim()], namespace, any: false };
      const of = children.map(patternOf);
      if (of.length === 0) of.push({ kind: node.name === 'attribute' ? 'text' : 'empty' });
      return { kind: node.name, name: nameClass, of: byType('group', of) };
    }
    default:
      throw new Error(`<${node.name}> is not known here: add it to test/contract/rng/grammar.ts`);
  }
};

const combine = (node: XmlElement, before: Pattern | undefined, pattern: Pattern): Pattern => {
  if (!before) return pattern;
  const how = node.attributes.combine;
  if (how === 'choice' || how === 'interleave') return { kind: how, of: [before, pattern] };
  // The one definition that does not say how says that the others do.
  return { kind: 'choice', of: [before, pattern] };
};

const addGrammar = (file: string, into: Definitions): void => {
  const { root } = parseXml(readFileSync(file, 'utf8'));
  addAll(root as XmlElement, file, into);
};

const addAll = (parent: XmlElement, file: string, into: Definitions): void => {
  for (const node of childrenOf(parent)) {
    if (node.name === 'include') {
      const inner: Definitions = { named: new Map() };
      addGrammar(resolve(dirname(file), node.attributes.href ?? ''), inner);
      // What stands inside of an include replaces what it brings.
      const instead: Definitions = { named: new Map() };
      addAll(node, file, instead);
      for (const [name, pattern] of [...inner.named, ...instead.named]) into.named.set(name, pattern);
      const start = instead.start ?? inner.start;
      if (start && !into.start) into.start = start;
    } else if (node.name === 'define') {
      const name = node.attributes.name ?? '';
      const pattern = byType('group', childrenOf(node).map(patternOf));
      into.named.set(
        name,
        combine(node, node.attributes.combine ? into.named.get(name) : undefined, pattern),
      );
    } else if (node.name === 'start') {
      into.start = combine(node, into.start, grouped('group', childrenOf(node).map(patternOf)));
    } else if (node.name === 'div') {
      addAll(node, file, into);
    }
  }
};

/** Reads a grammar and all that it includes. It starts with `definition`, or where the file says. */
export const readGrammar = (file: string, definition?: string): Grammar => {
  const all: Definitions = { named: new Map() };
  addGrammar(file, all);
  const start: Pattern | undefined = definition === undefined ? all.start : { kind: 'ref', name: definition };
  if (!start) throw new Error(`${file} has no start`);
  return {
    start,
    definition(name) {
      const pattern = all.named.get(name);
      if (!pattern) throw new Error(`${file} does not define ${name}`);
      return pattern;
    },
  };
};
