// TAP and TUN devices, opened by what they are asked for.
import { addon } from '../../native/addon.js';
import type { OpenedTun, TunRequest } from '../../native/kernel.js';
import { checking } from '../checking.js';
import { type Asked, explain, KernelError } from '../error.js';
import { lookUp } from '../link.js';
import { Rtnetlink } from '../rtnetlink.js';
import { type Checked, readOptions, type TunOptions } from './options.js';

/** TUN_F_… of linux/if_tun.h. @internal */
export const OFFLOADS = {
  CSUM: 0x01,
  TSO4: 0x02,
  TSO6: 0x04,
  TSO_ECN: 0x08,
  USO4: 0x20,
  USO6: 0x40,
} as const;
const EINVAL = 22;
const ALL_OFFLOADS = Object.values(OFFLOADS).reduce((all, one) => all | one, 0);

/** @internal */
export interface Opened {
  kind: 'tap' | 'tun';
  tun: OpenedTun;
  options: Checked;
}

/** Opens a device, or attaches to one. @internal */
export async function openDevice(kind: 'tap' | 'tun', given: TunOptions): Promise<Opened> {
  const opening = ({ name = `${kind}%d`, netns }: TunOptions): Asked => ({
    action: 'open',
    object: `${kind} '${name}'`,
    toward: netns === undefined ? undefined : `in namespace '${netns}'`,
    device: name,
  });
  const options = checking(
    () => opening(given),
    'TUNSETIFF',
    () => readOptions(kind, given),
  );
  const { name = `${kind}%d`, queues = 1, multiQueue = queues > 1, offload } = options;
  const request: TunRequest = {
    ...options,
    name,
    queues,
    multiQueue,
    layer: kind === 'tap' ? 2 : 3,
    virtioHeader: offload !== undefined,
    offloads: offload === undefined ? 0 : ALL_OFFLOADS,
  };
  let tun: OpenedTun;
  try {
    tun = await addon().kernel.openTun(request);
  } catch (failure) {
    throw explain(opening({ ...options, name }), failure);
  }
  try {
    if (kind === 'tun' && multiQueue) await checkInformation(opening({ name }), tun, options);
  } catch (error) {
    await addon().kernel.closeTun(tun.queues);
    throw error;
  }
  return { kind, tun, options };
}

/** The kernel takes a queue that wants packet information, or none, where the others do not, and says nothing. */
async function checkInformation(asked: Asked, { name }: OpenedTun, options: Checked): Promise<void> {
  const { packetInformation: wanted = false, netns } = options;
  const kernel = new Rtnetlink(netns);
  try {
    const found = await lookUp(kernel, name);
    if (found?.kind !== 'tun' || found.options.packetInformation === wanted) return;
  } finally {
    kernel.close();
  }
  const detail = `its other queues have ${wanted ? 'no ' : ''}packet information`;
  throw new KernelError(asked, { errno: EINVAL, call: 'TUNSETIFF', detail });
}
