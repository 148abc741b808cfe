// Where libvirt's grammars are, and a validator over them: libxml2's own RELAX NG, compiled to WebAssembly.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  RelaxNGValidator,
  XmlBufferInputProvider,
  XmlDocument,
  XmlValidateError,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';

/** The folder of the grammars; `VIRTNET_SCHEMAS` names another, to try those of another libvirt. */
export const SCHEMAS = process.env.VIRTNET_SCHEMAS ?? '/usr/share/libvirt/schemas';

/** Why the grammars cannot be read here, and what to do about it; undefined when they can. */
export const missing = existsSync(join(SCHEMAS, 'network.rng'))
  ? undefined
  : `needs libvirt's grammars in ${SCHEMAS}: apt-get install libvirt0, from Debian 13 on libvirt-common`;

// libxml2 asks for included grammars by name; nothing else of the machine is shown to it.
let shown = false;
const showGrammars = (): void => {
  if (shown) return;
  const files = readdirSync(SCHEMAS).filter((name) => name.endsWith('.rng'));
  const buffers = Object.fromEntries(
    files.map((name) => [join(SCHEMAS, name), readFileSync(join(SCHEMAS, name))]),
  );
  xmlRegisterInputProvider(new XmlBufferInputProvider(buffers));
  shown = true;
};

/** A grammar that starts with a definition of another. */
const startingWith = (name: string, definition: string): string =>
  `<grammar xmlns='http://relaxng.org/ns/structure/1.0'>
    <include href='${name}'/>
    <start><ref name='${definition}'/></start>
  </grammar>`;

/** Validates documents by one grammar. */
export class Validator implements Disposable {
  private readonly grammar: XmlDocument;
  private readonly validator: RelaxNGValidator;

  /** By the grammar in a file, or by one definition of it. */
  constructor(name: string, definition?: string) {
    showGrammars();
    const file = join(SCHEMAS, name);
    this.grammar =
      definition === undefined
        ? XmlDocument.fromBuffer(readFileSync(file), { url: file })
        : XmlDocument.fromString(startingWith(name, definition), { url: join(SCHEMAS, `of-${name}`) });
    this.validator = RelaxNGValidator.fromDoc(this.grammar);
  }

  /** What is wrong with a document; undefined when it is valid. */
  problem(xml: string): string | undefined {
    using document = XmlDocument.fromString(xml);
    try {
      this.validator.validate(document);
      return undefined;
    } catch (error) {
      if (error instanceof XmlValidateError) return error.message;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.validator.dispose();
    this.grammar.dispose();
  }
}
