// Bytes in place of text: what a file is read as when nobody says that it is text.

/** Throws a TypeError for bytes, beginning with the name of the parameter. */
export function refuseBytes(name: string, given: unknown): void {
  if (ArrayBuffer.isView(given) || given instanceof ArrayBuffer)
    throw new TypeError(`${name}: bytes are no text: readFile(FILE, 'utf8') gives the text of a file`);
}
