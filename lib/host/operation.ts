// What can be done, as values: carried out at once by the methods of `host`, or gathered by a transaction.
import type { Operation, Outcome, Rtnetlink } from './rtnetlink.js';

/** A change of one thing. */
export interface Change extends Operation {
  /** The device that it makes, when it makes one. */
  readonly makes?: string;
  /**
   * What takes it back, asked before it is made; empty when it changes nothing. A change without it cannot be taken
   * back.
   */
  readonly undo?: (kernel: Rtnetlink) => Promise<readonly Change[]>;
}

/** Something that makes changes: the kernel itself, or a transaction that gathers them. */
export type Make<Result> = (change: Change) => Result;

/** Carries out one change. */
export async function make(kernel: Rtnetlink, change: Change): Promise<Outcome['messages']> {
  return kernel.ask(change);
}
