// The error of reading XML: what is wrong with a text, and where.

/** Where something stands in a text. */
export interface Position {
  /** The line, from 1. */
  readonly line: number;
  /** The column in UTF-16 units, from 1. */
  readonly column: number;
}

/** The line and column of an index into a text. */
export const positionOf = (text: string, index: number): Position => {
  const end = Math.min(index, text.length);
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < end; next = text.indexOf('\n', start)) {
    line++;
    start = next + 1;
  }
  return { line, column: end - start + 1 };
};

/**
 * A text that is not well-formed XML, is not the document asked for, or passes the limits of size and depth.
 *
 * ```ts
 * parseNetwork('<network>\n  <name>a</nam>\n</network>');
 * // XmlError: Missing end tag for element name (line 2, column 10, in network/name)
 * ```
 */
export class XmlError extends Error {
  /** To tell errors by name. */
  override readonly name = 'XmlError';
  /** What is wrong, without the place. */
  readonly reason: string;
  /** The elements around the place, outermost first, as `network/ip/dhcp`; empty outside of the root. */
  readonly path: string;
  /** The line, from 1. */
  readonly line: number;
  /** The column in UTF-16 units, from 1. */
  readonly column: number;

  /** @hidden */
  constructor(reason: string, path: string, { line, column }: Position, options?: ErrorOptions) {
    super(`${reason} (line ${line}, column ${column}${path && `, in ${path}`})`, options);
    this.reason = reason;
    this.path = path;
    this.line = line;
    this.column = column;
  }
}
