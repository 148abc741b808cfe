// Texts as XML has them: escaped as libvirt escapes (all five characters, in attributes and texts alike), and blanks
// by XML's own measure, to which a no-break space is none.

const escapes: { readonly [char: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&apos;',
  '"': '&quot;',
  // A parser makes blanks of these in attributes, and \n of \r everywhere, unless they are references.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** A character that no XML 1.0 document can have, not even as a reference (XML 1.0, section 2.2). */
const forbidden = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** A character outside of those that stand for themselves wherever they are: not & < > ' " nor a control character. */
const special = /[^ !#-%(-;=?-\uD7FF\uE000-\uFFFD]/;

/** The first character of a text that XML cannot have, as `U+0007`; undefined when there is none. */
export const forbiddenIn = (text: string): string | undefined => {
  const char = forbidden.exec(text)?.[0];
  return char && `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
};

/** Whether a text surely has nothing that must be escaped or that XML cannot have. */
export const isPlain = (text: string): boolean => !special.test(text);

/** The text as it stands between the quotes of an attribute. */
export const escapeAttribute = (text: string): string =>
  special.test(text) ? text.replace(/[&<>'"\t\n\r]/g, (char) => escapes[char] as string) : text;

/** The text as it stands between tags. */
export const escapeText = (text: string): string =>
  special.test(text) ? text.replace(/[&<>'"\r]/g, (char) => escapes[char] as string) : text;

const isBlankAt = (text: string, index: number): boolean => {
  const c = text.charCodeAt(index);
  return c === 32 || c === 10 || c === 9 || c === 13;
};

/** Whether a text is nothing but blanks. */
export const isBlank = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (!isBlankAt(text, i)) return false;
  return true;
};

/** A text without the blanks at both ends. */
export const trimBlanks = (text: string): string => {
  let start = 0;
  let end = text.length;
  while (start < end && isBlankAt(text, start)) start++;
  while (end > start && isBlankAt(text, end - 1)) end--;
  return text.slice(start, end);
};
