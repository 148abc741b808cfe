// A first look at a text, before it is parsed: is it short and flat enough, and does it bring a DTD?
// The look knows just enough of XML to tell tags from comments, CDATA and instructions; whatever is
// malformed it leaves to the parser, which says so better.
import { positionOf, XmlError } from './error.js';

/** The longest text, in UTF-16 units: libvirt itself carries no longer string in one message (4 MiB). */
export const MAX_LENGTH = 4 * 1024 * 1024;

/** The deepest nesting of elements: libxml2, which libvirt reads XML with, stops there too. */
export const MAX_DEPTH = 256;

const GREATER = 62;
const SLASH = 47;
const EXCLAMATION = 33;
const QUESTION = 63;
const QUOTE = 34;
const APOSTROPHE = 39;

/** The index after `end`, looked for from `from`; the end of the text when it is not there. */
const after = (text: string, end: string, from: number): number => {
  const index = text.indexOf(end, from);
  return index === -1 ? text.length : index + end.length;
};

/** The index of the `>` that ends a start tag, which may have others in quoted attributes. */
const endOfTag = (text: string, from: number): number => {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === GREATER) return i;
    if (c === QUOTE || c === APOSTROPHE) {
      const close = text.indexOf(c === QUOTE ? '"' : "'", i + 1);
      if (close === -1) return text.length;
      i = close;
    }
  }
  return text.length;
};

/** What the look tells about each tag. */
interface Visitor {
  open(start: number, depth: number): void;
  close?(): void;
  doctype(start: number): void;
}

const walk = (text: string, until: number, { open, close, doctype }: Visitor): void => {
  let depth = 0;
  for (let i = text.indexOf('<'); i !== -1 && i < until; i = text.indexOf('<', i)) {
    const next = text.charCodeAt(i + 1);
    if (next === SLASH) {
      depth--;
      close?.();
      i += 2;
    } else if (next === EXCLAMATION) {
      if (text.startsWith('<!--', i)) i = after(text, '-->', i + 4);
      else if (text.startsWith('<![CDATA[', i)) i = after(text, ']]>', i + 9);
      else {
        if (text.startsWith('<!DOCTYPE', i)) doctype(i);
        i += 2;
      }
    } else if (next === QUESTION) {
      i = after(text, '?>', i + 2);
    } else {
      const end = endOfTag(text, i + 1);
      open(i, depth + 1);
      if (text.charCodeAt(end - 1) === SLASH) close?.();
      else depth++;
      i = end;
    }
  }
};

/** The elements that are open at an index, outermost first, as `network/ip/dhcp`. */
export const pathAt = (text: string, index: number): string => {
  const open: string[] = [];
  walk(text, index, {
    open: (start) => open.push(/^[^\s/<>]*/.exec(text.slice(start + 1, start + 101))?.[0] ?? ''),
    close: () => open.pop(),
    doctype: () => {},
  });
  return open.slice(0, MAX_DEPTH).join('/');
};

/** Refuses a text that is too long or too deep to be one of libvirt's documents, or that has a DTD. */
export const scan = (text: string): void => {
  if (text.length > MAX_LENGTH)
    throw new XmlError(
      `the text has ${text.length} characters; libvirt takes no more than ${MAX_LENGTH}`,
      '',
      { line: 1, column: 1 },
    );
  walk(text, text.length, {
    open(start, depth) {
      if (depth > MAX_DEPTH)
        throw new XmlError(`elements are nested deeper than ${MAX_DEPTH}`, '', positionOf(text, start));
    },
    doctype(start) {
      throw new XmlError(
        'a document type declaration (DTD) is not accepted: libvirt needs none, and one can define entities without bound',
        '',
        positionOf(text, start),
      );
    },
  });
};
