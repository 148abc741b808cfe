// Things that nobody has any more and nobody has closed: their collection releases them, and is told of.

/** Tells of what is collected of a kind, by its name. Once in a process: one line says what many would. */
export function warnOfForgotten(kind: 'connection' | 'device'): FinalizationRegistry<string> {
  let warned = false;
  return new FinalizationRegistry((name) => {
    if (warned) return;
    warned = true;
    process.emitWarning(
      `a ${kind} (${name}) was forgotten without close(); it has been released now. ` +
        'Use `await using`, or call close() when you are done with it.',
      'VirtnetWarning',
    );
  });
}
