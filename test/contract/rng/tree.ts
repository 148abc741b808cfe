// A document as plain data, to compare two texts by what they say and not by how they are laid out.
import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';

/** An element: its name, its attributes in any order, and its texts and elements in theirs. */
export interface Tree {
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  readonly inside: readonly (Tree | string)[];
}

const treeOfElement = (node: XmlElement): Tree => ({
  name: node.name,
  attributes: { ...node.attributes },
  inside: node.children.flatMap((child): (Tree | string)[] => {
    if (child instanceof XmlElement) return [treeOfElement(child)];
    return child instanceof XmlText && child.text.trim() !== '' ? [child.text.trim()] : [];
  }),
});

/** The tree of a document. */
export const treeOf = (xml: string): Tree => treeOfElement(parseXml(xml).root as XmlElement);

/** The attributes and texts that a document has, as `network/ip @address`. */
export const pairsIn = ({ name, attributes, inside }: Tree, path = ''): string[] => {
  const element = path ? `${path}/${name}` : name;
  return [
    ...Object.keys(attributes).map((attribute) => `${element} @${attribute}`),
    ...inside.flatMap((part) => (typeof part === 'string' ? [`${element} text()`] : pairsIn(part, element))),
  ];
};
