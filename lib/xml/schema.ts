// What a document consists of, declared once as data: the TypeScript type, the reader and the writer all
// follow from it. A field says where its value stands (attribute, text, child elements) and how the
// text becomes a value. The order of the fields is the order in which libvirt prints them.
import type { Codec } from './codec.js';

declare const valueType: unique symbol;

/** Where a value stands in an element. */
export type Place =
  /** `<bridge name='…'>` */
  | { readonly at: 'attribute'; readonly name: string; readonly codec: Codec<unknown> }
  /** The element's own text. */
  | { readonly at: 'body'; readonly codec: Codec<unknown> }
  /** Everything between the element's tags, as XML text. */
  | { readonly at: 'content' }
  /** Child elements. An `unwrapped` one has a single field, without a name, that stands for it. */
  | { readonly at: 'child'; readonly many: boolean; readonly unwrapped: boolean; readonly shape: Shape };

/** A member of a value: its place in the XML, whether it must be there, and since which libvirt it can be. */
export interface Field<T, Required extends boolean = boolean> {
  readonly place: Place;
  readonly required: Required;
  /** The libvirt release that brought it, when that is newer than 9.0.0. */
  readonly since?: string;
  readonly [valueType]?: T;
}

/** The members of an element by the name that they have in the value. */
export type Fields = { readonly [key: string]: Field<unknown> };

/** An element, or a union of elements of one name: what `one` and `many` take. */
export type Shape = Element<unknown> | Union<unknown>;

/** An XML element whose value is an object of its fields. */
export interface Element<T> {
  readonly type: 'element';
  readonly name: string;
  readonly fields: Fields;
  /** Pairs of fields of which an element has at most one. */
  readonly exclusive: readonly (readonly [string, string])[];
  /** libvirt prints an end tag even when nothing is inside: `<ip address='…'></ip>`. */
  readonly open: boolean;
  readonly [valueType]?: T;
}

/** Elements of one name told apart by an attribute, whose value is a discriminated union. */
export interface Union<T> {
  readonly type: 'union';
  readonly name: string;
  /** The field, an attribute in every variant, that tells the variants apart. */
  readonly by: string;
  /** The variants by the attribute's text. */
  readonly variants: { readonly [text: string]: Element<unknown> };
  /** The variant of an element without the attribute. */
  readonly otherwise?: Element<unknown>;
  readonly [valueType]?: T;
}

/** A whole document: its root element and the `kind` that tells its values from those of other documents. */
export interface Document<T> {
  readonly kind: string;
  readonly root: Element<unknown>;
  /** Namespaces that the root declares when a field of the prefix is there. */
  readonly namespaces: { readonly [prefix: string]: string };
  readonly [valueType]?: T;
}

/** The type of the values that a declaration describes. */
export type Infer<D> = D extends { readonly [valueType]?: infer T } ? Exclude<T, undefined> : never;

type Simplify<T> = { [K in keyof T]: T[K] } & {};
type FieldValue<F> = F extends Field<infer T> ? T : never;
type KeysOf<S, Required extends boolean> = {
  [K in keyof S]: S[K] extends Field<unknown, true>
    ? Required extends true
      ? K
      : never
    : Required extends true
      ? never
      : K;
}[keyof S];

// Two picks and no key remapping: TypeScript then carries the doc comments of the declaration over to the type.
type ValueOf<S> = Simplify<
  { readonly [K in keyof Pick<S, KeysOf<S, true>>]: FieldValue<S[K]> } & {
    readonly [K in keyof Pick<S, KeysOf<S, false>>]?: FieldValue<S[K]>;
  }
>;

type Without<T, K extends PropertyKey> = Simplify<Omit<T, K> & { readonly [P in K]?: undefined }>;
type AtMostOne<T, Pairs> = Pairs extends readonly [readonly [infer A, infer B], ...infer Rest]
  ? AtMostOne<Without<T, A & PropertyKey> | Without<T, B & PropertyKey>, Rest>
  : T;

type VariantsValue<By extends string, V> = {
  [K in keyof V]: Simplify<{ readonly [P in By]: K } & Infer<V[K]>>;
}[keyof V] & {};
type OtherwiseValue<By extends string, O> =
  O extends Element<infer T> ? Simplify<{ readonly [P in By]?: undefined } & T> : never;

/** An attribute of the element: `<bridge zone='…'>`. */
export const attribute = <T>(name: string, codec: Codec<T>): Field<T, false> => ({
  place: { at: 'attribute', name, codec },
  required: false,
});

/** The element's own text: `<description>…</description>` where `<description>` has attributes as well. */
export const body = <T>(codec: Codec<T>): Field<T, false> => ({
  place: { at: 'body', codec },
  required: false,
});

/** Everything between the element's tags, as XML text. */
export const content = (): Field<string, false> => ({ place: { at: 'content' }, required: false });

/** A child element. */
export const one = <T>(shape: Element<T> | Union<T>): Field<T, false> => ({
  place: { at: 'child', many: false, unwrapped: false, shape },
  required: false,
});

/** Child elements of one name, in their order. */
export const many = <T>(shape: Element<T> | Union<T>): Field<readonly T[], false> => ({
  place: { at: 'child', many: true, unwrapped: false, shape },
  required: false,
});

const wrapper = (name: string, value: Field<unknown>, many: boolean) => ({
  place: { at: 'child', many, unwrapped: true, shape: element(name, { '': value }) } as const,
  required: false as const,
});

/** A child element that stands for the one thing in it: `<options><option value='a'/></options>`. */
export const wrapped = <T>(name: string, value: Field<T>): Field<T, false> => wrapper(name, value, false);

/** The text of a child element: `<name>…</name>`. */
export const text = <T>(name: string, codec: Codec<T>): Field<T, false> =>
  wrapper(name, required(body(codec)), false);

/** The texts of child elements of one name: `<hostname>a</hostname><hostname>b</hostname>`. */
export const texts = <T>(name: string, codec: Codec<T>): Field<readonly T[], false> =>
  wrapper(name, required(body(codec)), true);

/** The values of one attribute of child elements: `<option value='a'/><option value='b'/>`. */
export const values = <T>(name: string, attributeName: string, codec: Codec<T>): Field<readonly T[], false> =>
  wrapper(name, required(attribute(attributeName, codec)), true);

/** The field must be there; a list must have at least one member. */
export const required = <T>(field: Field<T>): Field<T, true> => ({ ...field, required: true });

/** The field is newer than libvirt 9.0.0. */
export const since = <T, R extends boolean>(release: string, field: Field<T, R>): Field<T, R> => ({
  ...field,
  since: release,
});

/**
 * An element with its fields. `exclusive` names pairs of fields of which it has at most one; `open` elements are
 * printed with an end tag even when nothing is inside.
 */
export const element = <
  S extends Fields,
  const Pairs extends readonly (readonly [keyof S & string, keyof S & string])[] = [],
>(
  name: string,
  fields: S,
  { exclusive, open = false }: { readonly exclusive?: Pairs; readonly open?: boolean } = {},
): Element<AtMostOne<ValueOf<S>, Pairs>> => ({
  type: 'element',
  name,
  fields,
  exclusive: exclusive ?? [],
  open,
});

/** Elements of one name, told apart by the attribute `by`; `otherwise` is the one without it. */
export const union = <
  By extends string,
  const V extends { readonly [text: string]: Element<unknown> },
  O extends Element<unknown> | undefined = undefined,
>(
  name: string,
  by: By,
  variants: V,
  otherwise?: O,
): Union<VariantsValue<By, V> | OtherwiseValue<By, O>> => ({
  type: 'union',
  name,
  by,
  variants,
  ...(otherwise && { otherwise }),
});

/** A document by its root element. */
export const document = <const Kind extends string, T>(
  kind: Kind,
  root: Element<T>,
  namespaces: { readonly [prefix: string]: string } = {},
): Document<Simplify<{ readonly kind: Kind } & T>> => ({ kind, root, namespaces });
