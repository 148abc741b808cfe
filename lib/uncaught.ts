/** What a listener threw, as any exception of Node's listeners: nobody calls it who could catch. @internal */
export const uncaught = (error: unknown): void =>
  queueMicrotask(() => {
    throw error;
  });
