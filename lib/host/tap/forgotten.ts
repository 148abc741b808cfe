// Devices that nobody has any more and nobody has closed: their collection closes them, and is told of.

/** Warned once in a process: one line says what many would. */
let warned = false;
/** By their names. @internal */
export const forgotten = new FinalizationRegistry<string>((object) => {
  if (warned) return;
  warned = true;
  process.emitWarning(
    `a device (${object}) was forgotten without close(); it has been released now. ` +
      'Use `await using`, or call close() when you are done with it.',
    'VirtnetWarning',
  );
});
