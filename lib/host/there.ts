// Lists of what a link has: they are empty where it has nothing, and not where there is no such link.
import { type Asked, KernelError } from './error.js';
import { lookUp } from './link.js';
import type { Asking } from './rtnetlink.js';

const ENODEV = 19;

/** The error for a link that is not there, of a name or a number. */
export const notThere = (asked: Asked, link: string | number): KernelError =>
  new KernelError(
    { ...asked, device: String(link) },
    {
      errno: ENODEV,
      call: 'RTM_GETLINK',
      detail:
        typeof link === 'string' ? `there is no device '${link}'` : `there is no device of number ${link}`,
    },
  );

/** Gives what was listed of a link, if one is named. Throws when that is nothing because there is no such link. */
export async function ofThere<List extends readonly unknown[]>(
  kernel: Asking,
  listed: List,
  link: string | undefined,
  asked: Asked,
): Promise<List> {
  if (link === undefined || listed.length > 0 || (await lookUp(kernel, link))) return listed;
  throw notThere(asked, link);
}
