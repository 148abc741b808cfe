// What moves from one link to another: what is said to the kernel so that it arrives, and so that it leaves.
import { KernelError } from '../error.js';
import { request, type Told } from '../netlink/retold.js';
import type { Names } from '../netlink/types.js';
import type { Change } from '../operation.js';
import type { Rtnetlink } from '../rtnetlink.js';

/** From which link to which. */
export interface Way {
  readonly from: {
    readonly name: string;
    readonly index: number;
    readonly altNames: readonly string[];
    readonly mac?: string | undefined;
  };
  readonly to: string;
}

/** The steps of a move. What left is not to be had again where it came from, so it leaves when all has arrived. */
export interface Steps {
  readonly arrive: readonly Change[];
  readonly leave: readonly Change[];
  /** Throws when something of it is not where it should be. */
  readonly verify: (kernel: Rtnetlink) => Promise<void>;
}

/** A request about a device. */
export interface Saying {
  /** As in `address 10.0.0.1/24`. */
  readonly what: string;
  readonly request: number;
  readonly flags: number;
  /** The link that it is about; its number is known when it is sent. */
  readonly device: string;
  readonly about: (index: number) => Told;
}

/** A change of a saying, and what takes it back. */
export function saying(way: Way, said: Saying, ...undo: readonly Saying[]): Change {
  return {
    asked: {
      action: 'move',
      object: `${said.what} from '${way.from.name}' to '${way.to}'`,
      device: said.device,
    },
    request: said.request,
    whole: true,
    write: (names: Names) => request(said.request, said.flags, said.about(names.indexOf(said.device))),
    undo: async () => undo.map((one) => saying(way, one)),
  };
}

const ENOENT = 2;

/** Somebody else took away what had been moved. */
export const lost = ({ from, to }: Way, what: string, call: string): KernelError =>
  new KernelError(
    { action: 'move', object: `${what} from '${from.name}' to '${to}'`, device: to },
    { errno: ENOENT, call, detail: 'it was there, and is gone again' },
  );
