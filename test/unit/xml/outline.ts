// A document as lines, one for each element, attribute, text and comment in their order: what two texts must
// have in common for nothing to be lost, however they are laid out.
import {
  parseXml,
  XmlComment,
  XmlElement,
  type XmlNode,
  XmlProcessingInstruction,
  XmlText,
} from '@rgrove/parse-xml';

const linesOf = (node: XmlNode, path: string, lines: string[]): void => {
  if (node instanceof XmlComment) lines.push(`${path}<!--${node.content}-->`);
  else if (node instanceof XmlProcessingInstruction) lines.push(`${path}<?${node.name} ${node.content}?>`);
  else if (node instanceof XmlText) {
    if (node.text.trim() !== '') lines.push(`${path}${JSON.stringify(node.text.trim())}`);
  } else if (node instanceof XmlElement) {
    const inside = `${path}${node.name}/`;
    lines.push(inside);
    for (const [name, text] of Object.entries(node.attributes))
      lines.push(`${inside}@${name}=${JSON.stringify(text)}`);
    for (const child of node.children) linesOf(child, inside, lines);
  }
};

/** The lines of a document, what stands around its root included. */
export const outline = (xml: string): readonly string[] => {
  const lines: string[] = [];
  for (const node of parseXml(xml, { preserveComments: true }).children) linesOf(node, '', lines);
  return lines;
};
