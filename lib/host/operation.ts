// What can be done, as values: carried out at once by the methods of `host`, or gathered by a transaction. Several
// changes are made all or none: what has been done is taken back when one is refused.

import { indexesOf, linkSummaries } from './all-links.js';
import { randomNumber } from './device-number.js';
import { type Asked, KernelError, withLeftovers } from './error.js';
import { lookUp } from './link.js';
import type { Ending } from './netlink/message.js';
import { requestName } from './netlink/numbers.js';
import {
  type Asking,
  type Operation,
  type Outcome,
  type Rtnetlink,
  remembering,
  type Sent,
} from './rtnetlink.js';
import { refusedOf, together } from './together.js';

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
  /** The link that it deletes: several are deleted as one. */
  readonly deletes?: string;
  /** It gives a device another name: those that follow speak of it by the one that it had. */
  readonly renames?: true;
  /**
   * The same, for devices that get these numbers, so that others can speak of them before they are there. Nobody can
   * speak of those in another namespace, in which other numbers are free: they get none.
   */
  readonly numbered?: (indexes: readonly (number | undefined)[]) => Change;
  /** The link that it puts into a bridge or bond, or takes out of it (null). */
  readonly puts?: { readonly link: string; readonly into: string | null };
  /** What it tells a link of its kind. */
  readonly tells?: { readonly link: string; readonly options: object };
  /** The same, with all that has to be said for the rest to stay as those that are made before leave it. */
  readonly completed?: (kernel: Asking, earlier: readonly Change[]) => Promise<Change>;
  /** Throws when it must not be made after those that are made before it, though the kernel would. */
  readonly check?: (kernel: Rtnetlink, earlier: readonly Change[]) => Promise<void>;
  /** Refused, it has changed nothing, so that nothing is to be taken back. */
  readonly whole?: true;
  /** The code that it is refused with, without a word, when all is as it would make it: besides those of all changes. */
  readonly needless?: string;
  /** It takes back what was done, and nothing of what was refused, though a part of that may have been done. */
  readonly ofDone?: true;
  /** It leans on those before it: they are taken back in the order in which they were made, before all others. */
  readonly inOrder?: true;
  /**
   * What takes it back, asked before it is made; empty when it changes nothing. The deletion of a link has none: it is
   * made when all others have been.
   */
  readonly undo?: (kernel: Asking) => Promise<readonly Undo[]>;
}

/** What takes back a change. */
export type Undo = Change | Settling;

/** What is put back when all else has been, by what there is then: others may have changed it, too. */
export interface Settling {
  readonly asked: Asked;
  /** Of what it is: of several of the same one is done. */
  readonly settles: unknown;
  /** What is missing, or too much. */
  readonly missing: (kernel: Asking) => Promise<readonly Change[]>;
}

const EEXIST = 17;

type Known = readonly (readonly [name: string, index: number])[];

/**
 * Gives the devices that are made numbers that are free; and which devices there are, where that may change, or many
 * are spoken of.
 */
async function numbered(
  kernel: Pick<Asking, 'dump'>,
  changes: readonly Change[],
  many: boolean,
): Promise<readonly [readonly Change[], Known]> {
  const changing = changes.length > 1 && changes.some(({ numbered: with_, renames }) => with_ ?? renames);
  if (!changing && !many) return [changes, []];
  const present = await linkSummaries(kernel);
  const taken = new Map(present.map(({ name, index }) => [index, name]));
  const free = freeNumbers(taken);
  const made: [string, number][] = [];
  const withNumbers = changes.map((change) => {
    const numbers = (change.makes ?? []).map(({ name, index, netns }) => {
      if (netns !== undefined) return index;
      const owner = index === undefined ? undefined : taken.get(index);
      if (owner !== undefined) throw numberTaken(change, owner);
      const number = index ?? free();
      made.push([name, number]);
      return number;
    });
    return change.numbered?.(numbers) ?? change;
  });
  return [withNumbers, [...indexesOf(present), ...made]];
}

/** Gives one free number after the other. */
function freeNumbers(taken: ReadonlyMap<number, string>): () => number {
  let next = randomNumber();
  return () => {
    do next++;
    while (taken.has(next));
    return next;
  };
}

const numberTaken = ({ asked, request }: Change, owner: string): KernelError =>
  new KernelError(asked, {
    errno: EEXIST,
    call: requestName(request),
    detail: `'${owner}' has that number`,
  });

/**
 * Makes all changes, or none. Throws a KernelError that names the first that was refused. What `afterwards` throws
 * takes them back, too.
 */
export async function carryOut(
  kernel: Rtnetlink,
  changes: readonly Change[],
  afterwards?: () => Promise<void>,
): Promise<void> {
  const pattern =
    changes.length > 1 && changes.flatMap(({ makes = [] }) => makes).find(({ name }) => name.includes('%'));
  if (pattern) throw new TypeError(`name: ${pattern.name} is a pattern; a transaction needs the name itself`);
  const deletions = changes.filter(({ undo }) => !undo);
  const others = changes.filter(({ undo }) => undo);
  const earlier: Change[] = [];
  for (const change of changes) {
    await saying(change, change.check?.(kernel, change.undo ? earlier : others));
    if (change.undo) earlier.push(change);
  }
  const now = remembering(kernel);
  for (const [i, change] of others.entries())
    others[i] = (await saying(change, change.completed?.(now, others.slice(0, i)))) ?? change;
  const asOne = deletions.length > 1 ? await together(now, deletions) : undefined;
  const reversible = [...others, ...(asOne?.joining ?? [])];
  // What is told of a deletion is told as it was asked.
  const asked = asOne ? [...others, ...deletions] : others;
  const undos: (readonly Undo[])[] = [];
  // Of one that is whole nothing is left when it is refused, and nothing comes behind it that could be.
  const [only] = changes.length === 1 && !afterwards ? changes : [];
  const alone = only?.whole === true && only.makes === undefined;
  for (const change of alone ? [] : reversible) undos.push((await saying(change, change.undo?.(now))) ?? []);
  const [sent, known] = await numbered(now, reversible, asOne !== undefined);
  const answered = await kernel.trySend(sent, known);
  const failed = async (error: unknown): Promise<never> => {
    throw withLeftovers(error, await takeBack(kernel, sent, undos, answered, known));
  };
  if (answered.failure) await failed(answered.failure.error);
  const refused = answered.outcomes.findIndex(({ ending }) => ending.errno !== 0);
  if (refused >= 0) {
    const { ending } = answered.outcomes[refused] as Outcome;
    await failed(refusal(asked[refused] as Change, ending));
  }
  await afterwards?.().catch(failed);
  const last = asOne?.deletion ?? deletions[0];
  const [outcome] = last === undefined ? [] : await kernel.send([last], known).catch(failed);
  if (!outcome?.ending.errno) return;
  const one = asOne ? await refusedOf(kernel, deletions) : last;
  await failed(refusal(one as Change, outcome.ending));
}

/** There already, and not there any more. */
const thereOrGone = new Set(['EEXIST', 'ESRCH', 'ENOENT', 'EADDRNOTAVAIL']);

const asItWas = ({ needless }: Change, { code, detail = '' }: KernelError): boolean =>
  thereOrGone.has(code) || (code === needless && detail === '');

const said = ({ action, object, toward = '' }: Asked): string => `${action} ${object} ${toward}`.trimEnd();

/** What became of a change. */
type Fate = 'done' | 'refused' | 'unknown';

/** Whether it is done or not, and never in part. */
const isOne = ({ makes, whole }: Change): boolean => makes !== undefined || whole === true;

/** What became of a change whose answer was lost. */
async function fateOf(kernel: Rtnetlink, change: Change, known: Known): Promise<Fate> {
  // It is set to what it was, which it may be already.
  if (!isOne(change)) return 'done';
  // To take it away would take away what was there before, if that is why it was refused.
  const [made] = change.makes ?? [];
  const index = made && made.netns === undefined ? new Map(known).get(made.name) : undefined;
  if (made === undefined || index === undefined) return 'unknown';
  const found = await lookUp(kernel, made.name).catch(() => undefined);
  return found?.index === index ? 'done' : 'refused';
}

/** A part of what takes something back, and what that is. */
interface Part {
  readonly of: Asked;
  readonly undo: Change;
}

/** What was refused, and why. */
type Failed = Part & { readonly reason: unknown };

/** Takes back, one after the other; those that were refused are returned. */
async function inTurn(kernel: Rtnetlink, parts: readonly Part[], known: Known): Promise<Failed[]> {
  const failed: Failed[] = [];
  for (const part of parts) {
    await kernel.ask(part.undo, known).catch((reason: unknown) => {
      if (!(reason instanceof KernelError && part.undo.whole && asItWas(part.undo, reason)))
        failed.push({ ...part, reason });
    });
  }
  return failed;
}

/**
 * Settles what is to be settled, and tries what was refused anew, for as long as that helps: what it leans on may have
 * come back since. What cannot be taken back is returned.
 */
async function settle(
  kernel: Rtnetlink,
  settlings: Iterable<Settling>,
  refused: readonly Failed[],
  known: Known,
): Promise<readonly Pick<Failed, 'of' | 'reason'>[]> {
  const unasked: Pick<Failed, 'of' | 'reason'>[] = [];
  let left = refused;
  for (const { asked: of, missing } of settlings) {
    const changes = await missing(kernel).catch((reason: unknown) => {
      unasked.push({ of, reason });
      return [];
    });
    const parts = changes.map((undo) => ({ of, undo }));
    left = [...left, ...(await inTurn(kernel, parts, known))];
  }
  for (let before = Number.POSITIVE_INFINITY; left.length > 0 && left.length < before; ) {
    before = left.length;
    left = await inTurn(kernel, left, known);
  }
  return [...unasked, ...left];
}

/** Takes back what was done, the last first; what cannot be is returned. */
async function takeBack(
  kernel: Rtnetlink,
  changes: readonly Change[],
  undos: readonly (readonly Undo[])[],
  { outcomes, failure }: Sent,
  known: Known,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  const lasting = kernel.lasting(failure !== undefined);
  try {
    const fates: Fate[] = outcomes.map(({ ending }) => (ending.errno === 0 ? 'done' : 'refused'));
    const lost = changes.slice(fates.length, fates.length + (failure?.doubtful ?? 0));
    for (const change of lost) fates.push(await fateOf(lasting, change, known));
    const all = [...fates.entries()];
    const leaning = all.filter(([i]) => changes[i]?.inOrder);
    // The name of a device that could not be made may be that of another one, which is spoken of here.
    const never = all.flatMap(([i, fate]) => (fate === 'refused' ? (changes[i]?.makes ?? []) : []));
    const there = known.filter(
      ([name, index]) => !never.some((made) => made.name === name && made.index === index),
    );
    const settlings = new Map<unknown, Settling>();
    const refused: Failed[] = [];
    for (const [i, fate] of [...leaning, ...all.filter((one) => !leaning.includes(one)).reverse()]) {
      const change = changes[i] as Change;
      // A device that could not be made is not there; of other changes, a part may have been done.
      if (fate === 'refused' && isOne(change)) continue;
      if (fate === 'unknown') {
        failures.push(new Error(`${said(change.asked)}: its answer was lost, and it may have been done`));
        continue;
      }
      const parts: Part[] = [];
      for (const undo of undos[i] ?? []) {
        if ('settles' in undo) settlings.set(undo.settles, undo);
        else if (!undo.ofDone || fate === 'done') parts.push({ of: change.asked, undo });
      }
      const failed = await inTurn(lasting, parts, there);
      if (fate === 'done') refused.push(...failed);
    }
    const reasons = new Map<Asked, unknown>();
    for (const { of, reason } of await settle(lasting, settlings.values(), refused, there))
      if (!reasons.has(of)) reasons.set(of, reason);
    for (const [of, cause] of reasons) failures.push(new Error(said(of), { cause }));
  } finally {
    if (lasting !== kernel) lasting.close();
  }
  return failures;
}

/** Takes something back after an error, and throws that; it says, too, when that could not be. */
export async function takingBack(
  kernel: Rtnetlink,
  error: unknown,
  undo: (kernel: Rtnetlink) => Promise<unknown>,
): Promise<never> {
  const lasting = kernel.lasting();
  const leftovers = await undo(lasting).then(
    () => [],
    (reason: unknown) => [reason],
  );
  if (lasting !== kernel) lasting.close();
  throw withLeftovers(error, leftovers);
}

const refusal = ({ asked, request }: Change, { errno, detail }: Ending): KernelError =>
  new KernelError(asked, { errno, call: requestName(request), detail });

/** The same, as a part of what was asked at that place of a transaction. */
export function positioned(change: Change, position: number): Change {
  const { asked, numbered: withNumbers, completed } = change;
  return {
    ...change,
    asked: { ...asked, position },
    ...(withNumbers && { numbered: (indexes) => positioned(withNumbers(indexes), position) }),
    ...(completed && { completed: async (...given) => positioned(await completed(...given), position) }),
  };
}

/** What is looked at for a change; which one it is for is said where it is refused. */
async function saying<T>({ asked }: Change, looking: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (!(error instanceof KernelError) || asked.position === undefined) throw error;
    const { device, errno, call, detail, field } = error;
    throw new KernelError({ ...asked, device }, { errno, call, detail, field }, { cause: error.cause });
  }
}
