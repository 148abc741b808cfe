// How the lines of a text are laid out around an element, and where to cut and insert so that every other line stays
// as it is.
import type { Span } from '../rest.js';
import type { Layout } from '../write.js';

/** A stretch of a text and what comes in its place. */
export interface Edit extends Span {
  readonly text: string;
}

/** The text with all edits made; what is put into a stretch that goes comes in its place. */
export const applyEdits = (text: string, edits: readonly Edit[]): string => {
  let out = '';
  let from = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    out += text.slice(from, Math.max(from, edit.start)) + edit.text;
    from = Math.max(from, edit.end);
  }
  return out + text.slice(from);
};

const isBlankAt = (text: string, index: number): boolean => {
  const char = text[index];
  return char === ' ' || char === '\t';
};

const isBreakAt = (text: string, index: number): boolean => {
  const char = text[index];
  return char === '\n' || char === '\r';
};

/** The blanks before an element that begins its line; undefined when something else stands before it. */
export const indentAt = (text: string, index: number): string | undefined => {
  let start = index;
  while (start > 0 && isBlankAt(text, start - 1)) start--;
  return start === 0 || isBreakAt(text, start - 1) ? text.slice(start, index) : undefined;
};

/** How lines of the text end; empty when it has but one. */
const newlineOf = (text: string): string => /\r\n|\n|\r/.exec(text)?.[0] ?? '';

/** How the lines inside an element are indented. */
export interface Lines extends Layout {
  /** The blanks at the beginning of a line. */
  readonly indent: string;
}

const oneLine: Lines = { indent: '', unit: '', newline: '' };

/** The step from one indentation to the next, where the one continues the other. */
const stepOf = (outer: string, inner: string): string | undefined =>
  inner.length > outer.length && inner.startsWith(outer) ? inner.slice(outer.length) : undefined;

/** The lines of an element of the text that stands inside another: its own, to write it anew or one beside it. */
export const linesAt = (text: string, element: Span, around: Span): Lines => {
  const newline = newlineOf(text);
  const indent = indentAt(text, element.start);
  if (indent === undefined || newline === '') return oneLine;
  return { indent, newline, unit: stepOf(indentAt(text, around.start) ?? '', indent) ?? '  ' };
};

/** The lines inside an element that has none yet. */
export const linesInside = (text: string, element: Span, around: Span): Lines => {
  const lines = linesAt(text, element, around);
  return { ...lines, indent: lines.indent + lines.unit };
};

/** Writes an element anew where it stands. */
export const replace = ({ start, end }: Span, xml: string, { indent, newline }: Lines): Edit => ({
  start,
  end,
  text: xml.slice(indent.length, xml.length - newline.length),
});

/** Takes an element out, with its line when it has one for itself. */
export const cut = (text: string, { start, end }: Span): Edit => {
  const indent = indentAt(text, start);
  let after = end;
  while (isBlankAt(text, after)) after++;
  if (indent === undefined || !isBreakAt(text, after)) return { start, end, text: '' };
  return { start: start - indent.length, end: after + (text.startsWith('\r\n', after) ? 2 : 1), text: '' };
};

/** The end of an element, or of the comments that follow it on its line. */
export const afterLine = (text: string, { end }: Span): number => {
  const line = /(?:[ \t]|<!--(?:(?!-->)[^\r\n])*-->)*(?=[\r\n]|$)/y;
  line.lastIndex = end;
  return end + (line.exec(text)?.[0].length ?? 0);
};

/** Puts elements behind another; each is XML on lines of its own, as the writer makes it. */
export const putBehind = (text: string, element: Span, xml: string, { newline }: Lines): Edit => {
  if (newline === '') return { start: element.end, end: element.end, text: xml };
  const at = afterLine(text, element);
  return { start: at, end: at, text: newline + xml.slice(0, -newline.length) };
};

/** Puts elements before another. */
export const putBefore = ({ start }: Span, xml: string, { indent }: Lines): Edit => ({
  start,
  end: start,
  text: xml.slice(indent.length) + indent,
});

/** Puts elements into one that has none: `<devices/>`, or with blanks and comments alone. */
export const putInto = (text: string, box: Span, xml: string, { newline, indent, unit }: Lines): Edit => {
  const own = indent.slice(0, indent.length - unit.length);
  const close = text.lastIndexOf('</', box.end - 1);
  const name = /^<([^\s/>]+)/.exec(text.slice(box.start, box.end))?.[1] ?? '';
  if (close < box.start) {
    const slash = text.lastIndexOf('/', box.end - 1);
    const start = text.slice(box.start, slash).trimEnd().length + box.start;
    return { start, end: box.end, text: `>${newline}${xml}${own}</${name}>` };
  }
  const before = indentAt(text, close);
  if (before !== undefined && newline !== '')
    return { start: close - before.length, end: close - before.length, text: xml };
  return { start: close, end: close, text: newline + xml + own };
};
