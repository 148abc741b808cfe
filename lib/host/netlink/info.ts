// IFLA_LINKINFO: the kind of a link with what it says of itself, and the kind of its master with what that says of
// its place there. Which table reads and writes the rest depends on the kind, so this one is written by hand.
import { at, attributes, attributesOf, type Rows, type Table, writeAttribute } from './attributes.js';
import type { Bytes, Writer } from './bytes.js';
import { kindTables, portTables } from './kinds.js';
import { ifinfo, linkRows } from './link.js';
import { message } from './message.js';
import type { Names, WireType } from './types.js';

/** What is told or said of the kind of a link, and of the kind of its master. */
export interface LinkInfo {
  readonly kind?: string | undefined;
  readonly options?: object | undefined;
  readonly portKind?: string | undefined;
  readonly port?: object | undefined;
}

const NUMBER = { kind: 1, options: 2, portKind: 4, port: 5 } as const;

const tableOf = (tables: Readonly<Record<string, Table<Rows>>>, kind: string | undefined) =>
  kind !== undefined && Object.hasOwn(tables, kind) ? tables[kind] : undefined;

const readInfo = (bytes: Bytes, names: Names): LinkInfo => {
  const parts = new Map(attributesOf(bytes));
  const textOf = (number: number) => parts.get(number)?.text();
  const kind = textOf(NUMBER.kind);
  const portKind = textOf(NUMBER.portKind);
  const within = (number: number, table: Table<Rows> | undefined) => {
    const part = parts.get(number);
    return part && table?.read(part, names);
  };
  return {
    kind,
    options: within(NUMBER.options, tableOf(kindTables, kind)),
    portKind,
    port: within(NUMBER.port, tableOf(portTables, portKind)),
  };
};

const writeInfo = (out: Writer, info: LinkInfo, names: Names): void => {
  const part = (
    name: string | undefined,
    values: object | undefined,
    tables: Readonly<Record<string, Table<Rows>>>,
    [nameAt, valuesAt]: readonly [number, number],
  ) => {
    if (name === undefined) return;
    // Without a NUL, as ip writes it.
    writeAttribute(out, nameAt, () => out.bytes(new TextEncoder().encode(name)));
    if (values && Object.keys(values).length > 0) {
      writeAttribute(out, valuesAt, () => tableOf(tables, name)?.write(out, values, names));
    }
  };
  part(info.kind, info.options, kindTables, [NUMBER.kind, NUMBER.options]);
  part(info.portKind, info.port, portTables, [NUMBER.portKind, NUMBER.port]);
};

const info: WireType<LinkInfo> = {
  read: readInfo,
  write: writeInfo,
  input: (value) => value as LinkInfo,
};

/** RTM_NEWLINK, RTM_SETLINK, RTM_DELLINK, RTM_GETLINK. */
export const linkMessage = message(ifinfo, attributes({ ...linkRows, info: at(18, info) }));

/** The same messages, read no further than to find a link again: the rest is most of the work. */
export const linkSummary = message(
  ifinfo,
  attributes({ name: linkRows.name, group: linkRows.group, linkIndex: linkRows.linkIndex }),
);
