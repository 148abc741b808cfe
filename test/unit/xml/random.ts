// Random documents of a schema, right and wrong: any subset of the fields in any order, values that fit and values
// that do not, and unknown things sprinkled in. The same seed makes the same documents.
import type { Codec } from '../../../lib/xml/codec.js';
import type { Document, Element, Place, Shape } from '../../../lib/xml/schema.js';

/** Random numbers from a seed (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** A number from 0 up to 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)] as T;
  }

  shuffle<T>(list: readonly T[]): T[] {
    return list
      .map((one) => [this.next(), one] as const)
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one);
  }
}

const texts = [
  'a',
  'text',
  'yes',
  'no',
  'on',
  'off',
  '0',
  '1',
  '7',
  '42',
  '512',
  '4095',
  '65535',
  '0x0',
  '0x1f',
  '18014398509481984',
  '007',
  '10.0.0.1',
  '255.255.255.0',
  '2001:db8::1',
  '52:54:00:12:34:56',
  '09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f',
  'nat',
  'pci',
  'tcp',
  '802.1Qbg',
  'openvswitch',
  'é',
  '𝕏',
  "it's",
  'a &amp; b',
  '&#60;',
  '-1',
  '1e3',
  ' 1',
  'ipv6',
  'minutes',
  'vfio',
  'tagged',
];

/** Makes random documents of one schema. */
export class Documents {
  constructor(
    private readonly schema: Pick<Document<unknown>, 'root' | 'namespaces'>,
    private readonly random: Random,
    /** How much of a document is unknown or wrong, from 0 to 1. */
    private readonly odd: number,
  ) {}

  /** A document; its root has what every one must have. */
  next(): string {
    const { root, namespaces } = this.schema;
    const declared = Object.entries(namespaces).map(
      ([prefix, namespace]) => ` xmlns:${prefix}='${namespace}'`,
    );
    const xml = this.shape(root, true, `${declared.join('')} xmlns:v='urn:example:v'`);
    return `${this.odd && this.random.chance(0.1) ? '<!-- head -->' : ''}${xml}${this.odd && this.random.chance(0.1) ? '<!-- tail -->' : ''}`;
  }

  private text(codec: Codec<unknown>): string {
    const fit = codec.texts ?? texts.filter((text) => !text.includes('&') && codec.parse(text) !== undefined);
    return this.random.chance(this.odd / 3) ? this.random.pick(texts) : this.random.pick(fit);
  }

  private element({ name, fields }: Element<unknown>, whole: boolean, declared = ''): string {
    const attributes: string[] = [];
    const inside: string[] = [];
    for (const { place, required } of Object.values(fields)) {
      const there = required ? whole || !this.random.chance(this.odd / 4) : this.random.chance(0.4);
      if (there) this.place(place, attributes, inside, whole && required);
    }
    this.sprinkle(attributes, inside);
    const mixed = this.random.chance(this.odd / 2);
    const all = (list: string[]) => (mixed ? this.random.shuffle(list) : list);
    return `<${name}${declared}${all(attributes).join('')}>${all(inside).join(this.random.pick(['', '\n\t']))}</${name}>`;
  }

  private place(place: Place, attributes: string[], inside: string[], sound: boolean): void {
    const { random } = this;
    if (place.at === 'attribute') attributes.push(` ${place.name}="${this.text(place.codec)}"`);
    else if (place.at === 'body') inside.push(sound ? 'text' : this.text(place.codec));
    else if (place.at === 'content') inside.push('<v:any a="1">text</v:any>');
    else if (place.at === 'mixed')
      for (let i = 0; i < 4; i++)
        inside.push(this.element(random.pick(Object.values(place.elements)), sound));
    else if (place.at === 'child') {
      const count = place.many
        ? 1 + Math.floor(random.next() * 3)
        : random.chance(this.odd / 4) && !sound
          ? 2
          : 1;
      for (let i = 0; i < count; i++) inside.push(this.shape(place.shape, sound));
    }
  }

  private shape(shape: Shape, whole: boolean, declared = ''): string {
    if (shape.type === 'element') return this.element(shape, whole, declared);
    const { variants, otherwise } = shape;
    return this.element(this.random.pick([...variants, ...(otherwise ? [otherwise] : [])]), whole, declared);
  }

  private sprinkle(attributes: string[], inside: string[]): void {
    const { random, odd } = this;
    if (random.chance(odd / 4)) attributes.push(` unknown="${random.pick(texts)}"`);
    if (random.chance(odd / 4)) attributes.push(` v:unknown="${random.pick(texts)}"`);
    // Text beside text would be one text, and its pieces could not be told apart.
    for (const piece of [
      '<!-- note -->',
      '<unknown><a b="1"/>text</unknown>',
      '<v:ip address="1"/>',
      '<?do it?>',
    ])
      if (random.chance(odd / 5)) inside.push(piece);
  }
}
