// Requests to the kernel's network, and their answers: names become indexes and indexes names, errors become
// KernelErrors that say what was asked. One socket for each network namespace, opened when it is first needed.
import { addon } from '../native/addon.js';
import type { NetlinkAnswers, NetlinkRequests } from '../native/kernel.js';
import { type Asked, asking, explain, KernelError } from './error.js';
import { KnownNames } from './known-names.js';
import { linkMessage, linkSummary } from './netlink/info.js';
import { type Ending, endingOf, joined, messagesOf, NLM, type RawMessage } from './netlink/message.js';
import { AF, NETLINK_ROUTE, RTM, requestName } from './netlink/numbers.js';
import { isLong, type Names } from './netlink/types.js';

/** One request: what it is for, and its bytes. */
export interface Operation {
  readonly asked: Asked;
  /** RTM_…, for the error. */
  readonly request: number;
  /**
   * The network namespace in which it is asked, where that is another one; it names no device by number then. Behind
   * others it is asked only if the one before it was not refused: what it names may be another's then.
   */
  readonly netns?: string | undefined;
  write(names: Names): Uint8Array;
}

/** What a request was answered with, and how it ended. */
export interface Outcome {
  readonly messages: readonly RawMessage[];
  readonly ending: Ending;
}

/** What became of requests, as far as the socket tells. */
export interface Sent {
  /** How each ended, from the first to the last that was answered. */
  readonly outcomes: readonly Outcome[];
  /** Why there are no more. `doubtful` is how many behind them may have been carried out: their answers are lost. */
  readonly failure?: { readonly error: unknown; readonly doubtful: number };
}

/** Requests of more bytes than this go in several calls: the kernel takes no more than its send buffer at once. */
const MOST_BYTES = 128 * 1024;
/** More devices than this are looked up by asking for all. */
const FEW = 16;
const EBADF = 9;
const ENODEV = 19;
const ECANCELED = 125;

const byIndex = (index: number): Uint8Array => linkMessage.write({ type: RTM.GETLINK, header: { index } });

/** The request for a device by its name, or by one of its other names where it is too long to be its own. */
export const byName = (name: string): Uint8Array =>
  linkMessage.write({ type: RTM.GETLINK, attributes: isLong(name) ? { altName: name } : { name } });

export class Rtnetlink {
  /** The file of the network namespace; undefined for that of the process. */
  readonly netns: string | undefined;
  #requests: NetlinkRequests | undefined;
  #closed = false;

  constructor(netns: string | undefined) {
    this.netns = netns;
  }

  /** Throws when it was closed: for what is asked of the kernel by another way than this. */
  refuseClosed(asked: Asked): void {
    if (!this.#closed) return;
    throw new KernelError(asked, { errno: EBADF, call: 'sendmsg', detail: 'this host was closed' });
  }

  #open(asked: Asked): NetlinkRequests {
    this.refuseClosed(asked);
    const { kernel } = addon();
    const { netns } = this;
    const where = netns === undefined ? asked : { action: 'enter', object: `network namespace '${netns}'` };
    this.#requests ??= asking(where, () => new kernel.NetlinkRequests(NETLINK_ROUTE, netns ?? null));
    return this.#requests;
  }

  /** The same, or with a socket of its own where this one was closed or has failed. */
  lasting(failed = false): Rtnetlink {
    return failed || this.#closed ? new Rtnetlink(this.netns) : this;
  }

  close(): void {
    this.#closed = true;
    this.#requests?.close();
    this.#requests = undefined;
  }

  /** Sends messages in one call; what comes back, by message. */
  async #exchange(messages: readonly Uint8Array[], asked: Asked): Promise<Outcome[]> {
    let answers: NetlinkAnswers;
    try {
      answers = await this.#open(asked).exchange(joined(messages));
    } catch (failure) {
      throw explain(asked, failure);
    }
    // Only the last one is acknowledged: no news of the others is good news.
    const told = messages.map((): RawMessage[] => []);
    const endings = messages.map((_, i): Ending => ({ sequence: (answers.first + i) >>> 0, errno: 0 }));
    for (const answer of messagesOf(answers.bytes)) {
      // After 2 ** 32 - 1 comes 0.
      const position = (answer.sequence - answers.first) >>> 0;
      const ending = endingOf(answer);
      if (ending) endings[position] = ending;
      else told[position]?.push(answer);
    }
    return endings.map((ending, i) => ({ messages: told[i] ?? [], ending }));
  }

  /** Everything of a kind. */
  async dump(request: number, message: Uint8Array, asked: Asked): Promise<readonly RawMessage[]> {
    const [outcome] = await this.#exchange([message], asked);
    if (!outcome) return [];
    refuse(outcome, asked, request);
    return outcome.messages;
  }

  /** Sends one request, and throws when it is refused. */
  async ask(
    operation: Operation,
    known?: Iterable<readonly [name: string, index: number]>,
  ): Promise<readonly RawMessage[]> {
    const [outcome] = await this.send([operation], known);
    if (!outcome) return [];
    refuse(outcome, operation.asked, operation.request);
    return outcome.messages;
  }

  /**
   * Sends requests, as many as fit in one call, and says how each ended. Throws before anything is sent when a device
   * that one of them names is not there, or another namespace cannot be entered.
   */
  async send(
    operations: readonly Operation[],
    known?: Iterable<readonly [name: string, index: number]>,
  ): Promise<readonly Outcome[]> {
    const { outcomes, failure } = await this.trySend(operations, known);
    if (failure) throw failure.error;
    return outcomes;
  }

  /** {@link send}, but what was carried out before the socket failed is told, too. */
  async trySend(
    operations: readonly Operation[],
    known?: Iterable<readonly [name: string, index: number]>,
  ): Promise<Sent> {
    const names = new KnownNames(known);
    const elsewhere = new Map<string, Rtnetlink>();
    try {
      for (const { netns, asked } of operations) {
        if (netns === undefined || elsewhere.has(netns)) continue;
        const other = new Rtnetlink(netns);
        elsewhere.set(netns, other);
        other.#open(asked);
      }
      let messages = operations.map((operation) => operation.write(names));
      if (names.unknownNames.size > 0) {
        await this.#learnIndexes(names, operations);
        messages = operations.map((operation) => operation.write(names));
      }
      const outcomes: Outcome[] = [];
      for (let sent = 0; sent < messages.length; ) {
        let end = sent;
        const { asked, netns } = operations[sent] as Operation;
        if (netns !== undefined && outcomes.at(-1)?.ending.errno) {
          outcomes.push({ messages: [], ending: { sequence: 0, errno: ECANCELED } });
          sent++;
          continue;
        }
        for (let bytes = 0; end < messages.length && operations[end]?.netns === netns; end++) {
          bytes += messages[end]?.length ?? 0;
          if (bytes > MOST_BYTES && end > sent) break;
        }
        const where = netns === undefined ? this : (elsewhere.get(netns) as Rtnetlink);
        try {
          outcomes.push(...(await where.#exchange(messages.slice(sent, end), asked)));
        } catch (error) {
          // The kernel takes all messages of a call or none.
          const none = error instanceof KernelError && error.call === 'sendmsg';
          return { outcomes, failure: { error, doubtful: none ? 0 : end - sent } };
        }
        sent = end;
      }
      return { outcomes };
    } finally {
      names.close();
      for (const other of elsewhere.values()) other.close();
    }
  }

  async #learnIndexes(names: KnownNames, operations: readonly Operation[]): Promise<void> {
    const wanted = [...names.unknownNames];
    const looking = { action: 'look for', object: `device '${wanted[0]}'`, device: wanted[0] };
    const outcomes = await this.#exchange(wanted.map(byName), looking);
    for (const [i, { messages, ending }] of outcomes.entries()) {
      const name = wanted[i] as string;
      const [answer] = messages;
      if (answer) names.learn(name, linkSummary.read(answer.payload).index);
      else throw this.#notThere(name, ending, operations);
    }
  }

  /** Which of the requests it was that names a device that is not there. */
  #notThere(name: string, { errno, detail }: Ending, operations: readonly Operation[]): KernelError {
    const naming = operations.find((operation) => {
      const own = new KnownNames();
      operation.write(own);
      own.close();
      return own.unknownNames.has(name);
    });
    const asked = naming?.asked ?? { action: 'look for', object: `device '${name}'` };
    return new KernelError(
      { ...asked, device: name },
      {
        errno: errno || ENODEV,
        call: requestName(RTM.GETLINK),
        detail: detail ?? `there is no device '${name}'`,
      },
    );
  }

  /** Reads messages that name devices by index; looks up the names that are missing. */
  async read<T>(
    messages: readonly RawMessage[],
    read: (message: RawMessage, names: Names) => T,
    known?: Iterable<readonly [name: string, index: number]>,
  ): Promise<T[]> {
    const names = new KnownNames(known);
    const values = messages.map((message) => read(message, names));
    if (names.unknownIndexes.size === 0) return values;
    await this.#learnNames(names);
    return messages.map((message) => read(message, names));
  }

  async #learnNames(names: KnownNames): Promise<void> {
    const wanted = [...names.unknownIndexes];
    const looking = { action: 'look for', object: `device ${wanted[0]}` };
    const all = linkMessage.write({ type: RTM.GETLINK, flags: NLM.dump, header: { family: AF.unspec } });
    const outcomes = await this.#exchange(wanted.length > FEW ? [all] : wanted.map(byIndex), looking);
    for (const { payload } of outcomes.flatMap(({ messages }) => messages)) {
      const { index, attributes } = linkSummary.read(payload);
      if (attributes.name !== undefined) names.learn(attributes.name, index);
    }
  }
}

/** What is asked of it. */
export type Asking = Pick<Rtnetlink, 'netns' | 'dump' | 'ask' | 'send' | 'read'>;

/** The same, but what it has told of all of a kind it tells again: for as long as nothing is changed. */
export function remembering(kernel: Rtnetlink): Asking {
  const known = new Map<string, Promise<readonly RawMessage[]>>();
  return {
    netns: kernel.netns,
    ask: (...given) => kernel.ask(...given),
    send: (...given) => kernel.send(...given),
    read: (...given) => kernel.read(...given),
    dump: (request, message, asked) => {
      const key = message.join();
      const told = known.get(key) ?? kernel.dump(request, message, asked);
      known.set(key, told);
      return told;
    },
  };
}

/** Throws when a request was refused. */
export function refuse({ ending: { errno, detail } }: Outcome, asked: Asked, request: number): void {
  if (errno !== 0) throw new KernelError(asked, { errno, call: requestName(request), detail });
}
