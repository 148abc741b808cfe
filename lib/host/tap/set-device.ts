// Sets several things of a device, or none: each is told to the kernel by itself, through the device's own descriptors.
import type { DevicePrograms, FrameQueue } from '../../native/kernel.js';
import { withLeftovers } from '../error.js';
import type { readSettings } from './settings.js';

type Checked = ReturnType<typeof readSettings>;

/** One thing that the kernel is told. */
interface Step {
  apply(): void;
  /** Gives back what was there; without it, nobody knows that. */
  undo?(): void;
  /** What it changes, for an error that says it was not given back. Nothing, if not given. */
  what?: string;
}

/** What is a row of native/kernel/tuntap.cpp that can be asked for as it is set. */
function number(queue: FrameQueue, key: string, value: number | boolean | undefined): Step[] {
  if (value === undefined) return [];
  const before = queue.get(key);
  const tell = (to: number) => queue.set(key, to);
  return [{ what: key, apply: () => tell(Number(value)), undo: () => tell(before) }];
}

const bytesOf = (mac: string): Uint8Array =>
  Uint8Array.from(mac.split(':'), (byte) => Number.parseInt(byte, 16));

/**
 * In the order in which they can be refused: what takes a privilege comes before what does not, and what is not known
 * before it is set comes where nothing can be refused any more, but for a device that is out of order.
 */
function steps(queues: readonly FrameQueue[], first: FrameQueue, settings: Checked): Step[] {
  const { mac, filter, up, mtu, txQueueLength, sendBuffer, carrier, persist } = settings;
  const programs: DevicePrograms = [settings.ebpfSteering, settings.ebpfFilter, filter];
  const given = programs.some((one) => one !== undefined);
  const all: Step[] = [];
  if (given) all.push({ apply: () => first.tryPrograms(...programs) });
  all.push(...number(first, 'mtu', mtu), ...number(first, 'txQueueLength', txQueueLength));
  // Told what it is already, the kernel refuses whoever it would refuse below.
  if (up !== undefined) all.push({ apply: () => first.set('up', first.get('up')) });
  if (mac !== undefined) {
    const before = first.mac();
    all.push({ what: 'mac', apply: () => first.setMac(bytesOf(mac)), undo: () => first.setMac(before) });
  }
  for (const queue of queues) all.push(...number(queue, 'sendBuffer', sendBuffer));
  all.push(...number(first, 'persist', persist));
  if (given) all.push({ what: 'programs', apply: () => first.setPrograms(...programs) });
  // Whether it has one, the kernel says only of a device that is up.
  if (carrier !== undefined)
    all.push({ what: 'carrier', apply: () => first.set('carrier', Number(carrier)) });
  // Last, so that it comes up as it is to be.
  all.push(...number(first, 'up', up));
  return all;
}

/** Takes back what was done, the last first; gives what could not be. */
function takeBack(done: readonly Step[]): unknown[] {
  const leftovers: unknown[] = [];
  for (const { what, undo } of done.toReversed()) {
    if (what === undefined) continue;
    try {
      if (!undo) throw new Error(`${what}: what it was before is not known`);
      undo();
    } catch (error) {
      leftovers.push(error);
    }
  }
  return leftovers;
}

/** Tells the kernel all, or throws and leaves the device as it was; what could not be given back is the error's cause. */
export function setDevice(queues: readonly FrameQueue[], settings: Checked): void {
  const [first] = queues;
  if (!first) return;
  const done: Step[] = [];
  try {
    for (const step of steps(queues, first, settings)) {
      step.apply();
      done.push(step);
    }
  } catch (error) {
    throw withLeftovers(error, takeBack(done));
  }
}
