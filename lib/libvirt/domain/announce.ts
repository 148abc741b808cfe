// How often a NIC tells its network where it is.
import { coded, type Reader, record } from '../../build/reader.js';
import { virTypedParameterType } from '../../native/constants.gen.js';
import type { TypedParameter } from '../../native/handles.js';
import { integer } from '../../xml/codec.js';

/** How often a NIC is announced: each time after a longer delay. What is left out, or 0, is libvirt's choice. */
export interface AnnounceOptions {
  /** The delay before the first announcement, in milliseconds. */
  initial?: number;
  /** The longest delay, in milliseconds. */
  max?: number;
  /** How many announcements there are. */
  rounds?: number;
  /** How much longer than the last each delay is, in milliseconds. */
  step?: number;
}

const most = 2 ** 32 - 1;
const milliseconds = coded(integer(0, most), 'milliseconds');

const readAnnounceOptions = record<AnnounceOptions>()('an announcement', {
  initial: milliseconds,
  max: milliseconds,
  rounds: coded(integer(0, most)),
  step: milliseconds,
});

/** The parameters that say so. Their names are those of the options. */
export const announceParameters: Reader<TypedParameter[]> = (value, path) =>
  Object.entries(readAnnounceOptions(value, path)).map(([field, number]) => ({
    field,
    type: virTypedParameterType.UINT,
    value: number,
  }));
