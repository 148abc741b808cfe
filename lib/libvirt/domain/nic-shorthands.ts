// The short forms that the builders of NICs take, where a NIC is changed: a value in place of an element's fields.
import type { NetworkNicBandwidthOptions } from '../../build/bandwidth.js';
import { type VlanOptions, vlan } from '../../build/network/vlan.js';
import { alias, boot, pluggedFields, wrap } from '../../build/nic/common.js';
import { model } from '../../build/nic/hardware.js';
import { coalesceOf, frames } from '../../build/nic/network.js';
import { tapFields, target } from '../../build/nic/tap.js';
import type { Reader } from '../../build/reader.js';
import { show } from '../../xml/fault.js';
import { readLimits } from '../bandwidth.js';

/** Short forms of fields of a NIC, as its builder takes them. */
export interface NicShorthands {
  /** Whether the cable is plugged in: `'down'` for `{ state: 'down' }`. */
  link?: 'up' | 'down';
  /** The limit of the NIC's traffic: `'10mbit'` for both directions, `{ inbound: '10mbit' }`. */
  bandwidth?: NetworkNicBandwidthOptions;
  /** Bytes: `9000` for `{ size: 9000 }`. */
  mtu?: number;
  /** The hardware that the guest sees: `'virtio'` for `{ type: 'virtio' }`. */
  model?: string;
  /** The VLANs of the port: `10` for `{ tags: [{ id: 10 }] }`, or a trunk. */
  vlan?: VlanOptions;
  /** When the guest tries to boot from it: `1` for `{ order: 1 }`. */
  boot?: number;
  /** Frames to gather before an interrupt: `7` for `{ rx: { frames: { max: 7 } } }`. */
  coalesce?: number;
  /** The name of the device on the host: `'web0'` for `{ dev: 'web0' }`. */
  target?: string;
  /** Its name in its guest: `'ua-web'` for `{ name: 'ua-web' }`. */
  alias?: string;
}

/** A field whose short form is no object: an object is what the document has. */
const plain =
  (read: Reader<unknown>): Reader<unknown> =>
  (value, path) =>
    typeof value === 'object' ? value : read(value, path);

/** A value that stands for the one member of an element. */
const member = <T>(key: string, read: Reader<T>): Reader<unknown> =>
  plain((value, path) => wrap(key, read(value, path)));

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether a bandwidth is a document's: rates of it are numbers, and stand below a direction. */
const isBandwidth = (value: unknown): boolean =>
  isObject(value) &&
  !('average' in value) &&
  Object.values(value).every(
    (rate) => isObject(rate) && Object.values(rate).every((one) => typeof one !== 'string'),
  );

const readers: { readonly [Key in keyof NicShorthands]-?: Reader<unknown> } = {
  link: member('state', pluggedFields.link),
  bandwidth: (value, path) => (isBandwidth(value) ? value : readLimits(value, path)),
  mtu: member('size', tapFields.mtu),
  model: member('type', model),
  vlan: (value, path) => (isObject(value) && 'tags' in value ? value : vlan(value, path)),
  boot: plain(boot),
  coalesce: plain((value, path) => coalesceOf(frames(value, path))),
  target: member('dev', target),
  alias: member('name', alias),
};

const shorthands = new Map<string, Reader<unknown>>(Object.entries(readers));

/** What documents have where builders have an option of another name. */
const options = new Map<string, (value: string) => string>([
  ['network', (value) => `source: { network: ${value} }`],
  ['portGroup', (value) => `source: { network: …, portGroup: ${value} }`],
  ['filter', (value) => `filterRef: { filter: ${value} }`],
  ['isolatedPort', (value) => `port: { isolated: ${value} }`],
  ['queues', (value) => `driver: { queues: ${value} }`],
  ['sendBuffer', (value) => `tune: { sendBuffer: ${value} }`],
  ['acpiIndex', (value) => `acpi: { index: ${value} }`],
]);

/** The objects that documents have where a single value comes to mind. */
const objects = new Map<string, (value: string) => string>([
  ['source', (value) => `{ network: ${value} }`],
  ['filterRef', (value) => `{ filter: ${value} }`],
  ['driver', (value) => `{ name: ${value} }`],
  ['teaming', (value) => `{ type: ${value} }`],
  ['address', () => "{ type: 'pci', bus: 0, slot: 5, function: 0 }"],
]);

/** A single value as it is written in code; `…` for others. */
const literal = (value: unknown): string => {
  if (isObject(value) || value === undefined) return '…';
  return typeof value === 'string' ? `'${value}'` : String(value);
};

/** Throws about an option of the builders that documents have by another name. */
export function refuseOption(key: string, value: unknown): void {
  const form = options.get(key);
  if (form) throw new TypeError(`${key}: there is no such field; is ${form(literal(value))} meant?`);
}

/** A field's value as a document has it. */
export function readField(key: string, value: unknown): unknown {
  if (value === undefined) return undefined;
  const form = objects.get(key);
  if (form && !isObject(value))
    throw new TypeError(`${key}: ${show(value)} is not an object such as ${form(literal(value))}`);
  const read = shorthands.get(key);
  return read ? read(value, key) : value;
}
