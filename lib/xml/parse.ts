// From text to the tree of @rgrove/parse-xml, with this library's limits and errors.
import { XmlError as ParserError, parseXml, type XmlElement } from '@rgrove/parse-xml';
import { positionOf, XmlError } from './error.js';
import { pathAt, scan } from './scan.js';

/** The index of the character with a number: some characters are two units of a JavaScript string. */
const indexOfCharacter = (text: string, number: number): number => {
  if (!/[\uD800-\uDBFF]/.test(text)) return number;
  let index = 0;
  for (let i = 0; i < number && index < text.length; i++)
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  return index;
};

/** The root element of a text, with offsets and comments. `kind` is what the text is to be. */
export const parseTree = (text: string, kind = 'document'): XmlElement => {
  if (typeof text !== 'string') throw new TypeError(`the XML of a ${kind} is a string, not ${typeof text}`);
  scan(text);
  try {
    // The parser has thrown unless there is a root.
    return parseXml(text, { includeOffsets: true, preserveComments: true }).root as XmlElement;
  } catch (error) {
    if (!(error instanceof ParserError)) throw error;
    const index = indexOfCharacter(text, error.pos);
    const [reason = ''] = error.message.split(' (line ', 1);
    throw new XmlError(reason, pathAt(text, index), positionOf(text, index), { cause: error });
  }
};
