// What a document consists of, declared once as data: the TypeScript type, the reader and the writer all
// follow from it. A field says where its value stands (attribute, text, child elements) and how the
// text becomes a value. The order of the fields is the order in which libvirt prints them.
import type { Codec } from './codec.js';

declare const valueType: unique symbol;

/** Where a value stands in an element. */
export type Place =
  /** `<bridge name='…'>` */
  | { readonly at: 'attribute'; readonly name: string; readonly codec: Codec<unknown> }
  /** Nowhere: the attribute is not there, which tells this variant of a union from the others. */
  | { readonly at: 'absent' }
  /** The element's own text. */
  | { readonly at: 'body'; readonly codec: Codec<unknown> }
  /** Everything between the element's tags, as XML text. */
  | { readonly at: 'content' }
  /**
   * Child elements. An `unwrapped` one has a single field, without a name, that stands for it. Those of a document of
   * their own stand `inside` an element that has no value itself.
   */
  | {
      readonly at: 'child';
      readonly many: boolean;
      readonly unwrapped: boolean;
      readonly shape: Shape;
      readonly inside?: Inside;
    }
  /** Child elements of several names in one list; each has a field that the others lack, by which it is known here. */
  | { readonly at: 'mixed'; readonly elements: Mixture };

/** The element that documents of another kind stand in: the `<devices>` of a domain that its NICs are among. */
export interface Inside {
  readonly name: string;
  /** The elements that libvirt prints before the documents. */
  readonly behind: readonly string[];
  /** The `kind` of the documents. */
  readonly kind: string;
}

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

/** Elements of several names, each by a field that it must have and that the others lack. */
export type Mixture = { readonly [tell: string]: Element<unknown> };

/** What is found under one element name: an element, or several told apart by an attribute. */
export type Shape = Element<unknown> | Union<unknown>;

/** An XML element whose value is an object of its fields. */
export interface Element<T> {
  readonly type: 'element';
  readonly name: string;
  readonly fields: Fields;
  /** Groups of fields of which an element has at most one. */
  readonly exclusive: readonly (readonly string[])[];
  /** libvirt prints an end tag even when nothing is inside: `<ip address='…'></ip>`. */
  readonly open: boolean;
  readonly [valueType]?: T;
}

/** Elements of one name told apart by an attribute, whose value is a discriminated union. */
export interface Union<T> {
  readonly type: 'union';
  readonly name: string;
  /** The field, an attribute with texts of its own in every variant, that tells them apart. */
  readonly by: string;
  readonly variants: readonly Element<unknown>[];
  /** The variant of an element without the attribute. */
  readonly otherwise: Element<unknown> | undefined;
  readonly [valueType]?: T;
}

/** A whole document: its root element and the `kind` that tells its values from those of other documents. */
export interface Document<T> {
  readonly kind: string;
  readonly root: Shape;
  /** The namespaces of the document's own prefixes. */
  readonly namespaces: { readonly [prefix: string]: string };
  /** The text that was read is written again byte for byte, with only what was changed put in its place (splice/). */
  readonly spliced: boolean;
  readonly [valueType]?: T;
}

type Simplify<T> = { [K in keyof T]: T[K] } & {};

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
  { readonly [K in keyof Pick<S, KeysOf<S, true>>]: Infer<S[K]> } & {
    readonly [K in keyof Pick<S, KeysOf<S, false>>]?: Infer<S[K]>;
  }
>;

type Without<T, K> = { [P in keyof T]: P extends K ? undefined : T[P] };

type WithoutOthers<T, Key, Group> = Key extends Group ? Without<T, Exclude<Group, Key>> : never;

type AtMostOne<T, Groups> = Groups extends readonly [infer Group extends readonly string[], ...infer Others]
  ? AtMostOne<WithoutOthers<T, Group[number], Group[number]>, Others>
  : T;

/**
 * An element with its declaration as it was written. Published types are printed from it with their doc comments,
 * which types that are worked out no longer have.
 */
export interface DeclaredElement<S, Groups> extends Element<AtMostOne<ValueOf<S>, Groups>> {
  readonly declaration: S;
}

/** The attribute that an element does not have. */
export interface AbsentField extends Field<undefined, false> {
  readonly place: { readonly at: 'absent' };
}

/** A field of one child element. */
export interface OneField<E> extends Field<Infer<E>, false> {
  readonly one?: E;
}

/** A field of any number of child elements. */
export interface ManyField<E> extends Field<readonly Infer<E>[], false> {
  readonly many?: E;
}

/** A field that must be there. */
export interface RequiredField<F> extends Field<Infer<F>, true> {
  readonly field?: F;
}

/**
 * The type of the values that a declaration describes. Interfaces that extend it give the type its name:
 * `interface NetworkDns extends Infer<typeof dnsElement> {}`.
 */
export type Infer<D> = D extends AbsentField
  ? undefined
  : D extends DeclaredElement<infer S, infer Groups>
    ? AtMostOne<ValueOf<S>, Groups>
    : D extends { readonly [valueType]?: infer T }
      ? Exclude<T, undefined>
      : never;

/** The values of an element that has none of some fields: one side of `exclusive`, to name it. */
export type Lacking<D, Keys> = D extends { readonly declaration: infer S }
  ? Without<ValueOf<S>, Keys>
  : never;

/** An attribute of the element: `<bridge zone='…'>`. */
export const attribute = <T>(name: string, codec: Codec<T>): Field<T, false> => ({
  place: { at: 'attribute', name, codec },
  required: false,
});

/** An attribute that the element does not have: what is left when a union's other variants have it. */
export const absent = (): AbsentField => ({ place: { at: 'absent' }, required: false });

/** The element's own text: `<description>…</description>` where `<description>` has attributes as well. */
export const body = <T>(codec: Codec<T>): Field<T, false> => ({
  place: { at: 'body', codec },
  required: false,
});

/** Everything between the element's tags, as XML text. */
export const content = (): Field<string, false> => ({ place: { at: 'content' }, required: false });

/** A child element. */
export const one = <E extends Shape>(shape: E): OneField<E> => ({
  place: { at: 'child', many: false, unwrapped: false, shape },
  required: false,
});

/** Child elements of one name, in their order. */
export const many = <E extends Shape>(shape: E): ManyField<E> => ({
  place: { at: 'child', many: true, unwrapped: false, shape },
  required: false,
});

/**
 * Child elements of several names in one list, where their order among each other counts. Each stands under the field
 * that tells its values from those of the others: `mixed({ action: rule, filter: filterRef })`.
 */
export const mixed = <M extends Mixture>(elements: M): ManyField<M[keyof M]> => ({
  place: { at: 'mixed', elements },
  required: false,
});

/**
 * Documents of another kind, each with its `kind`, in an element of the root: `<devices>` has the NICs of a domain.
 * There is a list even when there are none.
 */
export const documentsIn = <T>(
  name: string,
  { root, kind }: Document<T>,
  { behind }: { readonly behind: readonly string[] },
): RequiredField<Field<readonly T[]>> => ({
  place: { at: 'child', many: true, unwrapped: false, shape: root, inside: { name, behind, kind } },
  required: true,
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
export const required = <F extends Field<unknown>>({ place, since }: F): RequiredField<F> => ({
  place,
  required: true,
  ...(since !== undefined && { since }),
});

/** The field is newer than libvirt 9.0.0. */
export const since = <F extends Field<unknown>>(release: string, field: F): F => ({
  ...field,
  since: release,
});

/**
 * An element with its fields. `exclusive` names groups of fields of which it has at most one; `open` elements are
 * printed with an end tag even when nothing is inside.
 */
export const element = <
  S extends Fields,
  const Groups extends readonly (readonly (keyof S & string)[])[] = [],
>(
  name: string,
  fields: S,
  { exclusive, open = false }: { readonly exclusive?: Groups; readonly open?: boolean } = {},
): DeclaredElement<S, Groups> => ({
  type: 'element',
  name,
  fields,
  declaration: fields,
  exclusive: exclusive ?? [],
  open,
});

/** Elements of one name, told apart by the field `by`; `otherwise` is the one whose field is absent. */
export const union = <
  const V extends readonly [Element<unknown>, ...Element<unknown>[]],
  O extends Element<unknown> = never,
>(
  by: string,
  variants: V,
  otherwise?: O,
): Union<Infer<V[number]> | Infer<O>> => ({ type: 'union', name: variants[0].name, by, variants, otherwise });

/** The same shape with its value's type by name: `typed<NetworkDns>(dnsElement)`. */
export function typed<T>(shape: Element<T>): Element<T>;
export function typed<T>(shape: Union<T>): Union<T>;
export function typed(shape: Shape): Shape {
  return shape;
}

/**
 * A document by its root element, or by several told apart by an attribute. `namespaces` are those of the prefixes
 * that names in it have.
 */
export const document = <const Kind extends string, T>(
  kind: Kind,
  root: Element<T> | Union<T>,
  namespaces: { readonly [prefix: string]: string } = {},
): Document<{ readonly kind: Kind } & T> => ({ kind, root, namespaces, spliced: false });

/** A document of which only a part is typed: the rest of the text stays as it was written, byte for byte. */
export const splicedDocument = <const Kind extends string, T>(
  kind: Kind,
  root: Element<T>,
): Document<{ readonly kind: Kind } & T> => ({ kind, root, namespaces: {}, spliced: true });
