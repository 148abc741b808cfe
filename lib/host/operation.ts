// What can be done, as values: carried out at once by the methods of `host`, or gathered by a transaction. Several
// changes are made all or none: what has been done is taken back when one is refused.

import { indexesOf, linkSummaries } from './all-links.js';
import { KernelError } from './error.js';
import { RTM, requestName } from './netlink/numbers.js';
import { type Asking, type Operation, type Outcome, type Rtnetlink, remembering } from './rtnetlink.js';

/** A device that a change makes. */
export interface Made {
  readonly name: string;
  /** Its number, where that is given. */
  readonly index?: number | undefined;
  /** The network namespace in which it is, where that is another one. */
  readonly netns?: string | undefined;
}

/** A change of one thing. */
export interface Change extends Operation {
  readonly makes?: readonly Made[];
  /** It gives a device another name: those that follow speak of it by the one that it had. */
  readonly renames?: true;
  /**
   * The same, for devices that get these numbers, so that others can speak of them before they are there. Nobody can
   * speak of those in another namespace, in which other numbers are free: they get none.
   */
  readonly numbered?: (indexes: readonly (number | undefined)[]) => Change;
  /** Throws when it must not be made, though the kernel would. */
  readonly check?: (kernel: Rtnetlink) => Promise<void>;
  /** Refused, it has changed nothing, so that nothing is to be taken back. */
  readonly whole?: true;
  /** It leans on those before it: they are taken back in the order in which they were made, before all others. */
  readonly inOrder?: true;
  /**
   * What takes it back, asked before it is made; empty when it changes nothing. A change without it cannot be taken
   * back: it is made when all others have been.
   */
  readonly undo?: (kernel: Asking) => Promise<readonly Change[]>;
}

const EBUSY = 16;
/** Somebody else may take a number in the same moment: then others are taken. */
const ATTEMPTS = 4;

type Known = readonly (readonly [name: string, index: number])[];

/** Gives the devices that are made numbers that are free; and which devices there are, where that may change. */
async function numbered(
  kernel: Rtnetlink,
  changes: readonly Change[],
  attempt: number,
): Promise<readonly [readonly Change[], Known]> {
  if (changes.length < 2 || !changes.some(({ numbered: with_, renames }) => with_ ?? renames))
    return [changes, []];
  const present = await linkSummaries(kernel);
  let next = Math.max(0, ...present.map(({ index }) => index)) + attempt * 1000;
  const made: [string, number][] = [];
  const withNumbers = changes.map((change) => {
    const numbers = (change.makes ?? []).map(({ name, index, netns }) => {
      if (netns !== undefined) return index;
      const number = index ?? ++next;
      made.push([name, number]);
      return number;
    });
    return change.numbered?.(numbers) ?? change;
  });
  return [withNumbers, [...indexesOf(present), ...made]];
}

/**
 * Makes all changes, or none. Throws a KernelError that names the first that was refused. What `afterwards` throws
 * takes them back, too.
 */
export async function carryOut(
  kernel: Rtnetlink,
  changes: readonly Change[],
  afterwards?: () => Promise<void>,
): Promise<Outcome[]> {
  const pattern =
    changes.length > 1 && changes.flatMap(({ makes = [] }) => makes).find(({ name }) => name.includes('%'));
  if (pattern) throw new TypeError(`name: ${pattern.name} is a pattern; a transaction needs the name itself`);
  for (const change of changes) await change.check?.(kernel);
  const reversible = changes.filter(({ undo }) => undo);
  const final = changes.filter(({ undo }) => !undo);
  const undos: (readonly Change[])[] = [];
  const now = remembering(kernel);
  for (const change of reversible) undos.push((await change.undo?.(now)) ?? []);
  let outcomes: Outcome[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [sent, known] = await numbered(kernel, reversible, attempt);
    outcomes = await kernel.send(sent, known);
    const refused = outcomes.findIndex(({ ending }) => ending.errno !== 0);
    if (refused < 0) {
      await afterwards?.().catch(async (error: unknown) => {
        const leftovers = await takeBack(kernel, reversible, undos, outcomes, known);
        throw withLeftovers(error, leftovers);
      });
      return [
        ...outcomes,
        ...(await finish(kernel, final, changes, () => takeBack(kernel, reversible, undos, outcomes, known))),
      ];
    }
    const leftovers = await takeBack(kernel, reversible, undos, outcomes, known);
    const taken = outcomes[refused]?.ending.errno === EBUSY && sent[refused] !== reversible[refused];
    if (!taken) throw refusal(reversible[refused], outcomes[refused], changes, leftovers);
  }
  throw refusal(reversible[0], outcomes[0], changes, []);
}

/** Those that cannot be taken back, one after the other; of one that is refused, those before all of them are. */
async function finish(
  kernel: Rtnetlink,
  final: readonly Change[],
  changes: readonly Change[],
  takeBackOthers: () => Promise<unknown[]>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const change of final) {
    const [outcome] = await kernel.send([change]);
    if (outcome === undefined) continue;
    if (outcome.ending.errno !== 0) {
      const made = final
        .slice(0, outcomes.length)
        .map(({ asked }) => new Error(`${asked.action} ${asked.object}`));
      throw refusal(change, outcome, changes, [...made, ...(await takeBackOthers())]);
    }
    outcomes.push(outcome);
  }
  return outcomes;
}

/** There already, and not there any more. */
const asItWas = new Set(['EEXIST', 'ESRCH', 'ENOENT', 'EADDRNOTAVAIL']);

/** Takes back what was done, the last first; what cannot be is returned. */
async function takeBack(
  kernel: Rtnetlink,
  changes: readonly Change[],
  undos: readonly (readonly Change[])[],
  outcomes: readonly Outcome[],
  known: Known,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  const all = [...outcomes.entries()];
  const leaning = all.filter(([i]) => changes[i]?.inOrder);
  for (const [i, { ending }] of [...leaning, ...all.filter((one) => !leaning.includes(one)).reverse()]) {
    // A device that could not be made is not there; of other changes, a part may have been done.
    if (ending.errno !== 0 && (changes[i]?.makes !== undefined || changes[i]?.whole)) continue;
    for (const undo of undos[i] ?? []) {
      await kernel.ask(undo, known).catch((error: unknown) => {
        const done = error instanceof KernelError && undo.whole && asItWas.has(error.code);
        if (ending.errno === 0 && !done) failures.push(error);
      });
    }
  }
  return failures;
}

/** An error that says, too, what could not be taken back after it. */
export function withLeftovers(error: unknown, leftovers: readonly unknown[]): unknown {
  if (leftovers.length > 0 && error instanceof Error) error.cause ??= notTakenBack(leftovers);
  return error;
}

const notTakenBack = (leftovers: readonly unknown[]) =>
  new AggregateError(leftovers, 'not all that was done could be taken back');

function refusal(
  change: Change | undefined,
  outcome: Outcome | undefined,
  changes: readonly Change[],
  leftovers: readonly unknown[],
): KernelError {
  const asked = change?.asked ?? { action: 'carry out', object: 'a transaction' };
  const { errno = EBUSY, detail } = outcome?.ending ?? {};
  const position = change === undefined ? -1 : changes.indexOf(change);
  return new KernelError(
    { ...asked, ...(changes.length > 1 && { position }) },
    { errno, call: requestName(change?.request ?? RTM.NEWLINK), detail },
    leftovers.length > 0 ? { cause: notTakenBack(leftovers) } : undefined,
  );
}
