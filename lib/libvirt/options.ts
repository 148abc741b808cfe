// Readers of what the methods take beside documents: the same that the builders use, so that a misspelt
// option is refused and not ignored.
import { checked, type Reader, wrongType } from '../build/reader.js';

/** Any text that can be handed to a C function. */
export const text: Reader<string> = checked('a text', (value) =>
  value.includes('\0') ? 'has a NUL character' : undefined,
);

/** An AbortSignal, of whichever realm. */
export const abortSignal: Reader<AbortSignal> = (value, path) => {
  const fits =
    typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value;
  if (!fits) throw wrongType(path, value, 'an AbortSignal');
  return value as AbortSignal;
};

const uuidText = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** A UUID, with or without hyphens. */
export const uuid: Reader<string> = (value, path) => {
  if (typeof value !== 'string') throw wrongType(path, value, 'a UUID');
  if (!uuidText.test(value)) throw new TypeError(`${path}: '${value}' is not a UUID`);
  return value;
};

/** What is checked before a document is taken. */
export interface ValidateOptions {
  /** Have libvirt check the document against its grammar first. */
  validate?: boolean;
}
