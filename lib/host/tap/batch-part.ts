// Which frames of a batch are written. Whoever says it in numbers is not asked again: the addon checks those.
import { wrongType } from '../../build/reader.js';

/** Which frames `writeBatch` writes, and by which queue. */
export interface PartOfBatch {
  /** The number of the first one; 0 if not given. */
  from?: number;
  /** The number of the queue; 0 if not given. */
  queue?: number;
}

const WHOLE: PartOfBatch = {};

/** What `writeBatch` is told by options that are not there. @internal */
export function wholeBatch(options: unknown): PartOfBatch {
  if (options === undefined) return WHOLE;
  throw wrongType('options', options, 'an object with from and queue');
}

/** Where a batch ends whose count is no number: the addon refuses NaN, and offsets that are none. @internal */
export const endOf = (offsets: Uint32Array | null, count: unknown): number =>
  count === undefined ? (offsets?.length ?? 0) : Number.NaN;
