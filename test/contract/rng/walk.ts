// Walks a grammar from its start and lists every place where a document of it can have an attribute or a text.
import type { Grammar, NameClass, Pattern } from './grammar.js';

/** A way through the patterns to one value: which alternative was taken at each choice lies in its patterns. */
export interface Leaf {
  /** The elements from the root: `network/ip/dhcp/range`. */
  readonly element: string;
  /** `@start` for an attribute, `text()` for text, empty for the element by itself. */
  readonly at: string;
  /** What the value may be. */
  readonly pattern: Pattern;
  /** The patterns from the start to here. */
  readonly route: readonly Pattern[];
}

/** How a namespace's names are written in paths; libvirt's documents bind these prefixes. */
export const prefixes: { readonly [namespace: string]: string } = {
  'http://libvirt.org/schemas/network/dnsmasq/1.0': 'dnsmasq:',
  'http://libvirt.org/schemas/domain/qemu/1.0': 'qemu:',
  'http://libvirt.org/schemas/domain/lxc/1.0': 'lxc:',
  'http://libvirt.org/schemas/domain/xen/1.0': 'xen:',
  'http://libvirt.org/schemas/domain/bhyve/1.0': 'bhyve:',
  'http://libvirt.org/schemas/domain/vmware/1.0': 'vmware:',
};

/** The name of an element or attribute as a path has it; `*` for any. */
export const nameOf = ({ names, namespace, any }: NameClass): string => {
  if (any) return '*';
  const prefix = namespace === '' ? '' : prefixes[namespace];
  if (prefix === undefined) throw new Error(`no prefix is known for ${namespace}`);
  return `${prefix}${names.join('|')}`;
};

/**
 * Every element and every value that a document can have, once for each way there: each alternative of a choice on the
 * way is a way of its own, and so is each enumerated value.
 */
export const leavesOf = (grammar: Grammar): readonly Leaf[] => {
  const leaves: Leaf[] = [];
  const visit = (pattern: Pattern, element: string, at: string, before: readonly Pattern[]): void => {
    const route = [...before, pattern];
    switch (pattern.kind) {
      case 'ref': {
        const definition = grammar.definition(pattern.name);
        // What contains itself has been walked once already.
        if (!before.includes(definition)) visit(definition, element, at, route);
        break;
      }
      case 'element': {
        const path = `${element}${element && '/'}${nameOf(pattern.name)}`;
        if (before.includes(pattern)) break;
        leaves.push({ element: path, at: '', pattern, route });
        visit(pattern.of, path, 'text()', route);
        break;
      }
      case 'attribute':
        visit(pattern.of, element, `@${nameOf(pattern.name)}`, route);
        break;
      case 'group':
      case 'interleave':
      case 'choice':
        for (const one of pattern.of) visit(one, element, at, route);
        break;
      case 'optional':
      case 'zeroOrMore':
      case 'oneOrMore':
        visit(pattern.of, element, at, route);
        break;
      case 'mixed':
        leaves.push({ element, at, pattern: { kind: 'text' }, route });
        visit(pattern.of, element, at, route);
        break;
      case 'text':
      case 'value':
      case 'data':
      case 'list':
        leaves.push({ element, at, pattern, route });
        break;
      case 'empty':
      case 'notAllowed':
        break;
    }
  };
  visit(grammar.start, '', '', []);
  return leaves;
};

/** The distinct places: an element's path with `@attribute` or `text()`. */
export const pairsOf = (leaves: readonly Leaf[]): ReadonlySet<string> =>
  new Set(leaves.filter(({ at }) => at !== '').map(({ element, at }) => `${element} ${at}`));

/**
 * How many of those there are when a place counts once for each way there, and so for each variant that has it. The
 * values of one attribute are no ways of their own.
 */
export const variantsOf = (leaves: readonly Leaf[]): number => {
  const numbers = new Map<Pattern, number>();
  const numberOf = (pattern: Pattern): number => {
    const number = numbers.get(pattern) ?? numbers.size;
    numbers.set(pattern, number);
    return number;
  };
  const ways = leaves
    .filter(({ at }) => at !== '')
    .map(({ route }) => {
      const holder = route.findLastIndex(({ kind }) => kind === 'attribute' || kind === 'element');
      return route
        .slice(0, holder + 1)
        .map(numberOf)
        .join();
    });
  return new Set(ways).size;
};
