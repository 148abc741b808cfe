// What a value keeps of its source that the schema does not type: unknown attributes and elements, comments,
// texts that could not be read, and the order where it differs from libvirt's. It hangs on the value under a
// symbol, so that copies made by spreading have it; JSON and structuredClone leave it behind.

/** The key of what a value keeps. Registered, so that two copies of this library understand each other's values. */
export const rest: unique symbol = Symbol.for('virtnet.xml.rest') as never;

/** An attribute that has a field. */
export interface AttributeField {
  readonly key: string;
  /** The field's value as it was read. */
  readonly value: unknown;
  /** The text as it was written, when the value would be written otherwise. */
  readonly text?: string;
}

/** An attribute that has no field, or one that its field cannot read. */
export interface AttributeText {
  readonly key?: undefined;
  readonly name: string;
  readonly text: string;
}

/** A child element, or a text, that is the value of a field or a member of its list. */
export interface ChildField {
  readonly key: string;
  /** The value as it was read. */
  readonly value: unknown;
  /** The XML as it was written, when the value would be written otherwise. */
  readonly source?: string;
  /** What the element of an unwrapped value keeps: a string has nowhere to hang it. */
  readonly rest?: Rest;
}

/** A child element, comment, instruction or text that has no field, or that its field cannot read. */
export interface ChildText {
  readonly key?: undefined;
  readonly source: string;
  /** The path step of it, for listing: an element's name or `text()`; comments have none. */
  readonly step?: string;
  /** The field that this is for but does not fit; it gives way when the field is set. */
  readonly misfit?: string;
  /** The field that this is one more element for; it goes when the field is taken away. */
  readonly double?: string;
  /** The field's value that this is a further piece of, behind a comment; it goes when the field gets another. */
  readonly pieceOf?: { readonly key: string; readonly value: unknown };
}

/** A stretch of a text: an element from its start tag to its end tag. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An element that others stand in, and where those are. */
export interface Box extends Span {
  readonly name: string;
  readonly children: readonly (Span & { readonly name: string })[];
}

/** An element of a text that is the value of a field, or a member of its list. */
export interface SourcePart extends Span {
  readonly key: string;
  /** The value as it was read. */
  readonly value: unknown;
  readonly rest?: Rest | undefined;
}

/** The text that a spliced document was read from, and where in it its values stand. */
export interface Source {
  readonly text: string;
  readonly root: Box;
  /** The first element of each name that documents stand inside. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** The attributes of the root as they were read. */
  readonly attributes: Value;
  readonly parts: readonly SourcePart[];
}

/** What an element keeps of its source. */
export interface Rest {
  /** The element's name, when it has another prefix than the schema's. */
  readonly name?: string;
  /** All attributes, when their order or one of them is not the schema's. */
  readonly attributes?: readonly (AttributeField | AttributeText)[];
  /** All that is inside, when the order or something of it is not the schema's. */
  readonly children?: readonly (ChildField | ChildText)[];
  /** What stands before and after the root: the XML declaration, comments, instructions. */
  readonly before?: string;
  readonly after?: string;
  /** The whole text of a document that is spliced; it then has nothing else here. */
  readonly source?: Source;
}

/** What `console.log` shows of it: the document is what people look at, not how it was written. */
const shown = {
  [Symbol.for('nodejs.util.inspect.custom')](this: Rest): string {
    const count = (parts: readonly { readonly key?: string | undefined }[] = []) =>
      parts.filter(({ key }) => key === undefined).length;
    if (this.source) return `<as written, ${this.source.text.length} characters>`;
    return `<as written, with ${count(this.attributes)} attributes and ${count(this.children)} other parts untyped>`;
  },
};

/** Makes what an element keeps, of the parts that there are. */
export const restOf = (parts: Rest): Rest => Object.freeze(Object.assign(Object.create(shown), parts));

/** An element's value while it is read and written: its fields by key, and what it keeps. */
export type Value = { [key: string]: unknown; [rest]?: Rest };
