// libvirt's lists of named values, as objects.
import type { TypedParameter } from '../../native/handles.js';

/**
 * A value of libvirt's: 64-bit numbers are bigints.
 *
 * @useDeclaredType
 */
export type ParameterValue = TypedParameter['value'];

/** The values by libvirt's names for them. */
export function readParameters(
  parameters: readonly TypedParameter[],
): Readonly<Record<string, ParameterValue>> {
  return Object.freeze(Object.fromEntries(parameters.map(({ field, value }) => [field, value])));
}
