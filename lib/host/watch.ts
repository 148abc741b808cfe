// host.watch: changes as they happen. What is lost when they come faster than they are read is made up for: all is
// asked anew, and the differences are told.
import { list, record } from '../build/reader.js';
import { EventStream, type StreamOptions } from '../event-stream.js';
import { addon } from '../native/addon.js';
import type { NetlinkEvents } from '../native/kernel.js';
import type { Address } from './address.js';
import { atRest } from './at-rest.js';
import { checking } from './checking.js';
import { asking, KernelError } from './error.js';
import { readName } from './link.js';
import { linkMessage, linkSummary } from './netlink/info.js';
import { messagesOf, type RawMessage } from './netlink/message.js';
import { AF, NETLINK_ROUTE, RTM } from './netlink/numbers.js';
import { named, ranged, u8, u32 } from './netlink/types.js';
import type { Route } from './route.js';
import type { News } from './route-news.js';
import type { Rtnetlink } from './rtnetlink.js';
import { type ToldItem, ToldItems } from './told-items.js';
import { type Watchable, type Watched, watched } from './watched.js';

/** What is watched. */
export type WatchedType = keyof Watchable;

/** A change: something came or is different now (`set`), or went (`deleted`). */
export type Change<T extends WatchedType = WatchedType> = {
  [K in T]: {
    /** Of what `item` is one. */
    readonly type: K;
    readonly change: 'set' | 'deleted';
    /** What it is about: as it is now, or as it was. */
    readonly item: Watchable[K];
  };
}[T];

/** What to watch, and how. */
export interface WatchOptions<T extends WatchedType = WatchedType> extends StreamOptions {
  /** What to watch, at least one: all if not given. */
  of?: readonly T[] | undefined;
  /**
   * How many bytes of news the kernel keeps while the process is busy: 1 MiB if not given. When there is more, all is
   * asked anew, and what has changed is told.
   */
  kernelBuffer?: number | undefined;
}

const EINVAL = 22;
const ENOBUFS = 105;
const asked = { action: 'watch', object: 'the network' };
const all = Object.keys(watched) as WatchedType[];
const optionFields = record<WatchOptions>()('what to watch', {
  of: list(
    named(u8, Object.fromEntries(all.map((type, i) => [type, i])) as Record<WatchedType, number>).input,
  ),
  kernelBuffer: ranged(u32, 1024, 2 ** 30).input,
  buffer: ranged(u32, 1, 2 ** 24).input,
  signal: (value, path) => {
    if (!(value instanceof AbortSignal)) throw new TypeError(`${path}: not an AbortSignal`);
    return value;
  },
});

/** Seconds that run down: that something ends by itself is a change, and not how long it still has. */
const COUNTED: ReadonlySet<string> = new Set<keyof Route | keyof Address>([
  'expires',
  'preferredLifetime',
  'validLifetime',
]);

/** What there is, without what changes all the time, and is no change. */
const withoutNoise = ({ change: { item }, since }: ToldItem<Change>): string =>
  JSON.stringify([item, since], (key, value: unknown) => {
    if (key === 'statistics') return undefined;
    return COUNTED.has(key) ? value !== Number.POSITIVE_INFINITY : value;
  });

type Rows = readonly (readonly [WatchedType, Watched<never>])[];

const toldItem = (
  type: WatchedType,
  row: Watched<never>,
  change: Change['change'],
  item: never,
  message: RawMessage,
): ToldItem<Change> => {
  const group = row.group && `${type} ${row.group(item)}`;
  return {
    key: `${type} ${row.key(item)}`,
    group,
    change: { type, change, item } as Change,
    since: row.since?.(message),
  };
};

class Watch {
  readonly #kernel: Rtnetlink;
  readonly #rows: Rows;
  readonly #stream: EventStream<Change>;
  /** What there is, as far as it was told. */
  readonly #known = new ToldItems<Change>();
  readonly #names = new Map<number, string>();
  #socket: NetlinkEvents | undefined;
  #ended = false;
  /** Whether those of which some went unsaid are to be asked for, when all that waits is read. */
  readonly #unsaid = new Set<WatchedType>();
  /** What has arrived is read one after the other: names may have to be asked for. */
  #work: Promise<void> = Promise.resolve();

  constructor(kernel: Rtnetlink, types: readonly WatchedType[], stream: EventStream<Change>) {
    this.#kernel = kernel;
    this.#stream = stream;
    this.#rows = types.map((type) => [type, watched[type] as unknown as Watched<never>]);
  }

  async start(buffer: number): Promise<() => void> {
    // Links tell the names of all that is on them.
    const groups = new Set([...watched.link.groups, ...this.#rows.flatMap(([, { groups: of }]) => of)]);
    const { netns } = this.#kernel;
    const { kernel } = addon();
    this.#socket = asking(
      { action: 'watch', object: netns === undefined ? 'the network' : `network namespace '${netns}'` },
      () =>
        new kernel.NetlinkEvents(NETLINK_ROUTE, netns ?? null, [...groups], buffer, (bytes) =>
          this.#enqueue(() => (bytes ? this.#tell(bytes) : this.#catchUp(true))),
        ),
    );
    try {
      await this.#enqueue(() => this.#catchUp(false), true);
    } catch (error) {
      this.stop();
      throw error;
    }
    return () => this.stop();
  }

  stop(): void {
    this.#ended = true;
    this.#socket?.close();
  }

  #enqueue(work: () => Promise<void>, starting = false): Promise<void> {
    const done = this.#work.then(() => (this.#ended ? undefined : work()));
    this.#work = done.catch((error: unknown) => {
      if (!starting && !this.#ended) this.#stream.fail(error);
    });
    return starting ? done : this.#work;
  }

  /** Everything anew, or those of some types; what is different from what was told is told. */
  async #catchUp(telling: boolean, rows = this.#rows): Promise<void> {
    const now = await atRest(
      () => this.#ask(rows),
      () => !this.#ended,
    );
    const types = new Set<string>(rows.map(([type]) => type));
    const before = new Map(
      this.#known.values().flatMap((one) => (types.has(one.change.type) ? [[one.key, one]] : [])),
    );
    for (const [key, one] of before) {
      if (!now.has(key))
        this.#emit({ ...one, change: { ...one.change, change: 'deleted' } as Change }, telling);
    }
    for (const [key, one] of now) {
      const old = before.get(key);
      if (!telling || !old || withoutNoise(old) !== withoutNoise(one)) this.#emit(one, telling);
    }
    // In the kernel's order.
    for (const one of now.values()) {
      this.#known.delete(one);
      this.#known.set(one);
    }
  }

  /** All that there is. */
  async #ask(rows: Rows): Promise<ReadonlyMap<string, ToldItem<Change>>> {
    const now = new Map<string, ToldItem<Change>>();
    for (const message of await this.#dump(watched.link as unknown as Watched<never>)) this.#learn(message);
    for (const [type, row] of rows) {
      for (const message of await this.#dump(row)) {
        for (const item of await this.#read(row, message)) {
          const one = toldItem(type, row, 'set', item, message);
          now.set(one.key, one);
        }
      }
    }
    return now;
  }

  async #dump(row: Watched<never>): Promise<readonly RawMessage[]> {
    const answers: RawMessage[] = [];
    for (const message of row.all) {
      try {
        answers.push(...(await this.#kernel.dump(row.get, message(), asked)));
      } catch (error) {
        if (!row.optional || !(error instanceof KernelError && error.code === 'EOPNOTSUPP')) throw error;
      }
    }
    return answers;
  }

  async #read<T>(row: Watched<T>, message: RawMessage): Promise<readonly T[]> {
    const known = Array.from(this.#names, ([index, name]) => [name, index] as const);
    const [items = []] = await this.#kernel.read([message], (told, names) => row.read(told, names), known);
    return items;
  }

  #learn(message: RawMessage): void {
    const [name, index] = readName(message);
    if (name !== '') this.#names.set(index, name);
  }

  async #tell(bytes: Uint8Array): Promise<void> {
    for (const told of messagesOf(bytes)) {
      const aboutLink = told.type === RTM.NEWLINK || told.type === RTM.DELLINK;
      if (aboutLink) this.#learn(told);
      const message = aboutLink ? await this.#wholeLink(told) : told;
      if (!message) continue;
      for (const [type, row] of this.#rows) {
        if (row.goWith?.(message)) this.#askFor(type);
        if (message.type !== row.set && message.type !== row.deleted) continue;
        const change = message.type === row.deleted ? 'deleted' : 'set';
        for (const item of await this.#read(row, message)) {
          for (const one of this.#news(type, row, { change, item }, message.flags))
            this.#emit(toldItem(type, row, one.change, one.item, message), true, one.first);
        }
      }
      if (message.type === RTM.DELLINK) this.#names.delete(linkSummary.read(message.payload).index);
    }
  }

  #news(type: WatchedType, row: Watched<never>, told: News<never>, flags: number): readonly News<never>[] {
    if (!row.news || !row.group) return [told];
    const group = this.#known.of(`${type} ${row.group(told.item)}`).map(({ item }) => item as never);
    return row.news(told, flags, group);
  }

  /** What is different of a type without having been told, when all that waits is read: once for much of it. */
  #askFor(type: WatchedType): void {
    if (this.#unsaid.has(type)) return;
    this.#unsaid.add(type);
    void this.#enqueue(() => {
      this.#unsaid.delete(type);
      return this.#catchUp(
        true,
        this.#rows.filter(([one]) => one === type),
      );
    });
  }

  /** Of a bridge's port only that part is told: the link is asked for then. */
  async #wholeLink(message: RawMessage): Promise<RawMessage | undefined> {
    const { family, index } = linkSummary.read(message.payload);
    if (family !== AF.bridge) return message;
    const [outcome] = await this.#kernel.send([
      {
        asked: { action: 'watch', object: `link ${index}` },
        request: RTM.GETLINK,
        write: () => linkMessage.write({ type: RTM.GETLINK, header: { index } }),
      },
    ]);
    return outcome?.messages[0];
  }

  #emit(one: ToldItem<Change>, telling: boolean, first?: boolean): void {
    if (one.change.change === 'deleted') this.#known.delete(one);
    else this.#known.set(one, first);
    if (telling) this.#stream.push(Object.freeze(one.change));
  }
}

/** Changes of a namespace's network, as `ip monitor` tells them. */
export function watch(kernel: Rtnetlink, options: WatchOptions = {}): EventStream<Change> {
  const {
    of: types = all,
    kernelBuffer = 2 ** 20,
    buffer,
    signal,
  } = checking(
    () => asked,
    'bind',
    () => optionFields(options, ''),
  );
  if (types.length === 0)
    throw new KernelError(asked, {
      errno: EINVAL,
      call: 'bind',
      detail: `of: is empty, and would tell nothing; there are ${all.join(', ')}`,
      field: 'of',
    });
  return new EventStream<Change>(
    (stream) => new Watch(kernel, types as readonly WatchedType[], stream).start(kernelBuffer),
    (most) =>
      new KernelError(asked, {
        errno: ENOBUFS,
        call: 'watch',
        detail: `${most} changes wait to be taken`,
      }),
    { signal, buffer },
  );
}
