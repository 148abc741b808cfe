// What is said about a value that cannot be written: the field's path, the value, and what it should be.
import type { Codec } from './codec.js';
import { nearest } from './suggest.js';

/** The way to a field: names and list positions from the document down. */
export type Path = (string | number)[];

/** A path as people write it: `ips[0].dhcp.ranges[1].start`. The nameless field of a wrapper adds nothing. */
const showPath = (path: Path): string => {
  let out = '';
  for (const step of path) {
    if (typeof step === 'number') out += `[${step}]`;
    else if (step !== '') out += out ? `.${step}` : step;
  }
  return out;
};

/** A value as an error names it, short: long texts are cut. */
export const show = (value: unknown): string => {
  if (typeof value === 'string') {
    const text = value.length > 60 ? `${value.slice(0, 60)}…` : value;
    return /^[\w.:/@+-]+$/.test(text) ? text : JSON.stringify(text);
  }
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
};

/** Throws about a field. */
export const fail = (error: typeof TypeError | typeof RangeError, path: Path, problem: string): never => {
  const field = showPath(path);
  throw new error(field ? `${field}: ${problem}` : problem);
};

/** Throws about a value that its field cannot hold. */
export const refuse = (codec: Codec<unknown>, value: unknown, path: Path): never => {
  const { error, reason } = codec.fault(value);
  return fail(error, path, `${show(value)} ${reason}`);
};

/** Throws about a member that no field of the element has. */
export const refuseKey = (key: string, known: Iterable<string>, path: Path): never => {
  const keys = [...known];
  const meant = nearest(key, keys);
  path.push(key);
  return fail(
    TypeError,
    path,
    meant === undefined
      ? `there is no such field; known are ${keys.join(', ')}`
      : `there is no such field; is ${meant} meant?`,
  );
};
