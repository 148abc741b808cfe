// The names of devices as input: checked, and called in errors as users know them.
import { wrongType } from '../build/reader.js';
import { checking } from './checking.js';
import { RTM } from './netlink/numbers.js';
import { device } from './netlink/types.js';

/** Checks the name of a device, which may be one of its other names. */
export const deviceArgument = (value: unknown, path = 'name'): string => {
  if (typeof value !== 'string') throw wrongType(path, value, 'the name of a network device');
  return device.input(value, path);
};

/** What a link is called in errors: `bridge 'br0'`. */
export const describe = (name: string, kind = 'link'): string => `${kind} '${name}'`;

/** {@link deviceArgument} of what is asked about a link. */
export const deviceAsked = (action: string, name: string, kind = 'link'): string =>
  checking(
    () => ({ action, object: describe(name, kind), device: name }),
    RTM.GETLINK,
    () => deviceArgument(name),
  );
