// Random documents: a list of numbers, each of which decides one thing, makes a document. The shorter the list and the
// smaller its numbers, the smaller the document, so that fast-check finds the smallest one that shows a fault.
import * as fc from 'fast-check';
import type { Declared } from './exercise.js';
import { DEEP, decide, type Node, smallestOf } from './generate.js';
import type { Grammar } from './grammar.js';
import { sampleOf, textsOf } from './samples.js';

// The same documents in every run, so that a change of the code is what makes a test fail; `VIRTNET_SEED` tries others.
fc.configureGlobal({ seed: Number(process.env.VIRTNET_SEED ?? 1) });

/** Numbers that decide; when they are used up every decision is the first. */
export class Tape {
  private at = 0;

  constructor(private readonly numbers: Uint8Array) {}

  /** A number from 0 up to `count`. */
  next(count: number): number {
    return (this.numbers[this.at++] ?? 0) % count;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.next(from.length)] as T;
  }

  /** Whether something happens that does in one of so many cases, and not when the numbers are used up. */
  once(inSoMany: number): boolean {
    return this.next(inSoMany) === 1;
  }

  shuffle<T>(list: readonly T[]): readonly T[] {
    const rest = [...list];
    const shuffled: T[] = [];
    while (rest.length > 0) shuffled.push(...rest.splice(this.next(rest.length), 1));
    return shuffled;
  }
}

/** Lists of numbers for so many decisions. */
export const tapes = (length: number): fc.Arbitrary<Tape> =>
  fc.uint8Array({ maxLength: length, size: 'max' }).map((numbers) => new Tape(numbers));

const texts = ['text', 'é 𝕏', 'it&apos;s', 'a &amp; b', '&#60;', ' blanks around ', '0', 'two\nlines'];

/**
 * A random document that a grammar allows. With `sound` its values are those that libvirt takes, too: the grammar's
 * patterns often allow more, as letters in a decimal number.
 */
export const randomDocument = (grammar: Grammar, tape: Tape, { sound = false } = {}): Node =>
  decide(grammar, {
    choose: (alternatives, depth) =>
      depth > DEEP
        ? smallestOf(alternatives, grammar)
        : tape.pick([smallestOf(alternatives, grammar), ...alternatives]),
    repeat: ({ kind }, depth) => {
      const least = kind === 'oneOrMore' ? 1 : 0;
      if (depth > DEEP) return least;
      return least + (kind === 'optional' ? Number(tape.once(2)) : tape.pick([0, 1, 0, 2]));
    },
    arrange: (parts) => tape.shuffle(parts),
    text: (pattern) =>
      pattern ? (sound ? sampleOf(pattern) : tape.pick(textsOf(pattern))) : tape.pick(texts),
  });

const strangers = [
  '<!-- note -->',
  '<unknown><a b="1"/>text</unknown>',
  '<v:ip address="1"><v:a/></v:ip>',
  '<other xmlns="urn:example:other" a=\'1\'><name/></other>',
  '<w:other xmlns:w="urn:example:w" w:a="&lt;"/>',
  '<?do it?>',
];

/** Writes a text otherwise than libvirt does. */
const disguise = (text: string, tape: Tape, split: boolean): string => {
  if (!/^\w+$/.test(text)) return text;
  const [first = '', others] = [text[0], text.slice(1)];
  switch (tape.next(9)) {
    case 1:
      return `<![CDATA[${text}]]>`;
    case 2:
      return `&#x${first.charCodeAt(0).toString(16)};${others}`;
    case 3:
      return split ? `${first}<!-- inside -->${others}` : text;
    case 4:
      return `${text}<?inside?>`;
    default:
      return text;
  }
};

/** Elements of which any content is the value, by their paths. */
export type Contents = ReadonlySet<string>;

export const contentsOf = (declared: readonly Declared[]): Contents =>
  new Set(declared.filter(({ place }) => place.endsWith(' *')).map(({ place }) => place.slice(0, -2)));

/**
 * Puts into a document what nobody typed: attributes, elements, comments, instructions, CDATA, references. With `split`
 * there are comments in the middle of texts, too.
 */
export const sprinkle = (root: Node, tape: Tape, contents: Contents, { split = true } = {}): Node => {
  const inside = (node: Node, path: string): Node => {
    if (contents.has(path)) return node;
    const attributes = { ...node.attributes };
    if (tape.once(6)) attributes.unknown = tape.pick(texts);
    if (tape.once(8)) attributes['v:unknown'] = tape.pick(texts);
    const children: (Node | string)[] = [];
    const stranger = () => {
      if (tape.once(7)) children.push(tape.pick(strangers));
    };
    for (const child of node.children) {
      stranger();
      children.push(typeof child === 'string' ? child : inside(child, `${path}/${child.name}`));
    }
    stranger();
    return { name: node.name, attributes, children, text: disguise(node.text, tape, split) };
  };
  const node = inside(root, root.name);
  return { ...node, attributes: { 'xmlns:v': 'urn:example:v', ...node.attributes } };
};

const wrong = ['', 'wrong', '-1', '99999999999999999999', '0x', 'YES', ' 1', '007', 'é'];

/** Makes a document one that libvirt would refuse, or might: texts, orders, counts and names are changed. */
export const spoil = (root: Node, tape: Tape): Node => {
  const inside = (node: Node): Node => {
    const attributes = Object.entries(node.attributes).flatMap(([name, text]): [string, string][] => {
      if (tape.once(12)) return [];
      return [[name, tape.once(8) ? tape.pick(wrong) : text]];
    });
    const children = node.children.flatMap((child): (Node | string)[] => {
      if (typeof child === 'string') return [child];
      const done = inside(child);
      if (tape.once(12)) return [];
      if (tape.once(16)) return [done, done];
      return [tape.once(20) ? { ...done, name: 'renamed' } : done];
    });
    return {
      name: node.name,
      attributes: Object.fromEntries(tape.once(6) ? tape.shuffle(attributes) : attributes),
      children: [...(tape.once(6) ? tape.shuffle(children) : children)],
      text: node.text !== '' && tape.once(8) ? tape.pick(wrong) : node.text,
    };
  };
  return inside(root);
};
