// Changes an attribute in the start tag of an element and leaves the others, their quotes and blanks as they are.
import type { Box } from '../rest.js';
import type { Edit } from './layout.js';

/** Sets an attribute, adds it behind the others, or takes it out when `value`, escaped already, is null. */
export const attributeEdit = (text: string, box: Box, name: string, value: string | null): Edit => {
  const attribute = /\s+([^\s=/>]+)\s*=\s*(?:"[^"]*"|'[^']*')/y;
  let end = box.start + 1 + box.name.length;
  attribute.lastIndex = end;
  for (let found = attribute.exec(text); found; found = attribute.exec(text)) {
    const start = end;
    end = attribute.lastIndex;
    if (found[1] !== name) continue;
    if (value === null) return { start, end, text: '' };
    const quote = text[end - 1] as string;
    return { start: text.indexOf(quote, start) + 1, end: end - 1, text: value };
  }
  return { start: end, end, text: value === null ? '' : ` ${name}='${value}'` };
};
