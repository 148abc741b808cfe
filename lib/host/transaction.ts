// Many changes as one: gathered by calls, sent together, all made or none.

import { type Addresses, addAddress, deleteAddress, replaceAddress } from './addresses.js';
import {
  addPort,
  changeLink,
  createBridge,
  deleteBridge,
  removePort,
  setBridge,
  setPort,
} from './bridge-changes.js';
import type { Bridges } from './bridges.js';
import { addFdb, appendFdb, deleteFdb, type ForwardingTable, replaceFdb } from './fdb.js';
import { altName, createLink, deleteLink, renameLink, setKind, setLink } from './link-changes.js';
import type { Links } from './links.js';
import { addMulticast, deleteMulticast, type MulticastGroups, replaceMulticast } from './multicast-groups.js';
import { addNeighbour, deleteNeighbour, type Neighbours, replaceNeighbour } from './neighbours.js';
import { type Change, positioned } from './operation.js';
import { addVlan, deleteVlan, type PortVlanTable } from './port-vlans.js';
import { addRoute, appendRoute, deleteRoute, type Routes, replaceRoute } from './routes.js';
import { addRule, deleteRule, type Rules } from './rules.js';
import { setFunction } from './virtual-function.js';
import type { VirtualFunctions } from './virtual-functions.js';

/**
 * Methods of a class of `host` as a {@link Transaction} has them: each takes what that method takes and checks it at
 * once, and returns nothing, because what it asks for is sent when all is gathered.
 */
export type Gathering<T, K extends keyof T> = {
  readonly [M in K]: T[M] extends (...args: infer A) => unknown ? (...args: A) => void : never;
};

/**
 * Gathers changes: the methods of `host` by the same names, which give nothing until all is sent. What a method takes,
 * and what it is refused with, is said where `host` has it.
 *
 * ```ts
 * await host.transaction((tx) => {
 *   tx.bridges.addPort('br0', 'tap0', { isolated: true });
 *   tx.bridges.fdb.add('tap0', '52:54:00:12:34:56', { table: 'master', state: 'static' });
 *   tx.routes.add({ destination: '10.71.0.0/16', gateway: '192.168.10.254' });
 * });
 * ```
 */
export interface Transaction {
  /** Network devices, with the methods of {@link Links}. */
  readonly links: Gathering<
    Links,
    'create' | 'set' | 'setKind' | 'up' | 'down' | 'rename' | 'addAltName' | 'deleteAltName' | 'delete'
  >;
  /**
   * Software switches, with the methods of {@link Bridges}, and of {@link ForwardingTable}, {@link PortVlanTable} and
   * {@link MulticastGroups}.
   */
  readonly bridges: Gathering<Bridges, 'create' | 'set' | 'delete' | 'addPort' | 'removePort' | 'setPort'> & {
    /** Which MAC address is behind which port. */
    readonly fdb: Gathering<ForwardingTable, 'add' | 'replace' | 'append' | 'delete'>;
    /** Which VLANs pass which port. */
    readonly vlans: Gathering<PortVlanTable, 'add' | 'delete'>;
    /** Which ports get the frames of which multicast group. */
    readonly multicast: Gathering<MulticastGroups, 'add' | 'replace' | 'delete'>;
  };
  /** IP addresses, with the methods of {@link Addresses}. */
  readonly addresses: Gathering<Addresses, 'add' | 'replace' | 'delete'>;
  /** Where packets go, with the methods of {@link Routes}. */
  readonly routes: Gathering<Routes, 'add' | 'replace' | 'append' | 'delete'>;
  /** Which table of routes is asked, with the methods of {@link Rules}. */
  readonly rules: Gathering<Rules, 'add' | 'delete'>;
  /** Which MAC address an IP address has, with the methods of {@link Neighbours}. */
  readonly neighbours: Gathering<Neighbours, 'add' | 'replace' | 'delete'>;
  /** Virtual functions of NICs (SR-IOV), with the methods of {@link VirtualFunctions}. */
  readonly virtualFunctions: Gathering<VirtualFunctions, 'set'>;
}

/** The same methods, with the changes that they ask for. */
type Makers<T> = T extends (...args: infer A) => void
  ? (...args: A) => Change | readonly Change[]
  : { readonly [K in keyof T]: Makers<T[K]> };

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
  bridges: {
    create: createBridge,
    set: setBridge,
    delete: deleteBridge,
    addPort,
    removePort,
    setPort,
    fdb: { add: addFdb, replace: replaceFdb, append: appendFdb, delete: deleteFdb },
    vlans: { add: addVlan, delete: deleteVlan },
    multicast: { add: addMulticast, replace: replaceMulticast, delete: deleteMulticast },
  },
  addresses: { add: addAddress, replace: replaceAddress, delete: deleteAddress },
  routes: { add: addRoute, replace: replaceRoute, append: appendRoute, delete: deleteRoute },
  rules: { add: addRule, delete: deleteRule },
  neighbours: { add: addNeighbour, replace: replaceNeighbour, delete: deleteNeighbour },
  virtualFunctions: { set: setFunction },
} as const satisfies Makers<Transaction>;

type Make = (...args: unknown[]) => Change | readonly Change[];

/** What `work` asks for. */
export function gather(work: (transaction: Transaction) => void): readonly Change[] {
  const changes: Change[] = [];
  let calls = 0;
  let open = true;
  const later =
    (make: Make) =>
    (...args: unknown[]): void => {
      if (!open) throw new TypeError('the transaction was sent: its function has to be done when it returns');
      const call = calls++;
      changes.push(...[make(...args)].flat().map((change) => positioned(change, call)));
    };
  const gathering = (part: object): object =>
    Object.fromEntries(
      Object.entries(part).map(([name, inside]: [string, object | Make]) => [
        name,
        typeof inside === 'object' ? gathering(inside) : later(inside),
      ]),
    );
  const transaction = gathering(gathered) as Transaction;
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
