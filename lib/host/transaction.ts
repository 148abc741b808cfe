// Many changes as one: gathered by calls, sent together, all made or none.

import { addAddress, deleteAddress, replaceAddress } from './addresses.js';
import {
  addPort,
  changeLink,
  createBridge,
  deleteBridge,
  removePort,
  setBridge,
  setPort,
} from './bridge-changes.js';
import { addFdb, appendFdb, deleteFdb, replaceFdb } from './fdb.js';
import { altName, createLink, deleteLink, renameLink, setKind, setLink } from './link-changes.js';
import { addNeighbour, deleteNeighbour, replaceNeighbour } from './neighbours.js';
import type { Change } from './operation.js';
import { addVlan, deleteVlan } from './port-vlans.js';
import { addRoute, appendRoute, deleteRoute, replaceRoute } from './routes.js';
import { addRule, deleteRule } from './rules.js';
import { setFunction } from './virtual-function.js';

/** What can be gathered: the methods of `host` that change something, by the same names. */
const gathered = {
  links: {
    create: createLink,
    set: changeLink,
    setKind,
    up: (name: string) => setLink(name, { up: true }, 'set up'),
    down: (name: string) => setLink(name, { up: false }, 'set down'),
    rename: renameLink,
    addAltName: (name: string, other: string) => altName(name, other, 'add'),
    deleteAltName: (name: string, other: string) => altName(name, other, 'delete'),
    delete: (name: string) => deleteLink(name),
  },
  bridges: { create: createBridge, set: setBridge, delete: deleteBridge, addPort, removePort, setPort },
  fdb: { add: addFdb, replace: replaceFdb, append: appendFdb, delete: deleteFdb },
  vlans: { add: addVlan, delete: deleteVlan },
  addresses: { add: addAddress, replace: replaceAddress, delete: deleteAddress },
  routes: { add: addRoute, replace: replaceRoute, append: appendRoute, delete: deleteRoute },
  rules: { add: addRule, delete: deleteRule },
  neighbours: { add: addNeighbour, replace: replaceNeighbour, delete: deleteNeighbour },
  virtualFunctions: { set: setFunction },
} as const;

type Gathering<T> = T extends (...args: infer A) => unknown
  ? (...args: A) => void
  : { readonly [K in keyof T]: Gathering<T[K]> };

type Parts = {
  readonly [K in Exclude<keyof typeof gathered, 'fdb' | 'vlans'>]: Gathering<(typeof gathered)[K]>;
};

/** Gathers changes: the methods of `host` by the same names, which give nothing until all is sent. */
export interface Transaction extends Omit<Parts, 'bridges'> {
  readonly bridges: Gathering<typeof gathered.bridges> & {
    readonly fdb: Gathering<typeof gathered.fdb>;
    readonly vlans: Gathering<typeof gathered.vlans>;
  };
}

/** What `work` asks for. */
export function gather(work: (transaction: Transaction) => void): readonly Change[] {
  const changes: Change[] = [];
  let open = true;
  const gathering = <T extends object>(part: T): Gathering<T> =>
    Object.fromEntries(
      Object.entries(part).map(
        ([name, change]: [string, (...args: unknown[]) => Change | readonly Change[]]) => [
          name,
          (...args: unknown[]) => {
            if (!open)
              throw new TypeError('the transaction was sent: its function has to be done when it returns');
            changes.push(...[change(...args)].flat());
          },
        ],
      ),
    ) as Gathering<T>;
  const { fdb, vlans, bridges, ...parts } = gathered;
  const whole = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, gathering(part)]));
  const transaction = {
    ...whole,
    bridges: { ...gathering(bridges), fdb: gathering(fdb), vlans: gathering(vlans) },
  } as unknown as Transaction;
  try {
    const result: unknown = work(transaction);
    if (result instanceof Promise) {
      result.catch(() => {});
      throw new TypeError('a transaction is gathered by a function that is not async');
    }
  } finally {
    open = false;
  }
  return changes;
}
