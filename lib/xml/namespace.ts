// Namespaces of a tree, and the XML text of what is inside an element, made to stand without what is around it.
import { XmlElement, type XmlNode } from '@rgrove/parse-xml';
import { escapeAttribute, trimBlanks } from './text.js';

const declarationOf = (prefix: string): string => (prefix === '' ? 'xmlns' : `xmlns:${prefix}`);

const prefixOf = (name: string): string => {
  const colon = name.indexOf(':');
  return colon === -1 ? '' : name.slice(0, colon);
};

/** The namespace that a prefix is bound to at an element; `''` asks for the default namespace. */
export const namespaceAt = (element: XmlElement, prefix: string): string | undefined => {
  const name = declarationOf(prefix);
  for (let node: XmlNode | null = element; node instanceof XmlElement; node = node.parent) {
    const namespace = node.attributes[name];
    if (namespace !== undefined) return namespace;
  }
  return undefined;
};

/** The prefixes that an element and all inside of it use without declaring them. */
const freePrefixes = (element: XmlElement, bound: ReadonlySet<string>, free: Set<string>): Set<string> => {
  const names = Object.keys(element.attributes);
  const inside = new Set(bound);
  for (const name of names)
    if (name === 'xmlns' || name.startsWith('xmlns:')) inside.add(name === 'xmlns' ? '' : name.slice(6));
  for (const name of [element.name, ...names.filter((attribute) => attribute.includes(':'))]) {
    const prefix = prefixOf(name);
    if (prefix !== 'xml' && prefix !== 'xmlns' && !inside.has(prefix)) free.add(prefix);
  }
  for (const child of element.children) if (child instanceof XmlElement) freePrefixes(child, inside, free);
  return free;
};

/**
 * What is between an element's tags, without the blanks at both ends. Elements in it that use a prefix declared
 * around them get the declaration themselves, so that the text can be taken elsewhere.
 */
export const contentOf = (element: XmlElement, text: string): string => {
  const first = element.children[0];
  const last = element.children[element.children.length - 1];
  if (!first || !last) return '';
  let content = '';
  let from = first.start;
  for (const child of element.children) {
    if (!(child instanceof XmlElement)) continue;
    let declarations = '';
    for (const prefix of freePrefixes(child, new Set(), new Set())) {
      const namespace = namespaceAt(element, prefix);
      if (namespace) declarations += ` ${declarationOf(prefix)}='${escapeAttribute(namespace)}'`;
    }
    if (declarations === '') continue;
    const afterName = child.start + 1 + child.name.length;
    content += text.slice(from, afterName) + declarations;
    from = afterName;
  }
  return trimBlanks(content + text.slice(from, last.end));
};
