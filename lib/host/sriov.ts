// How many virtual functions a device has: files of sysfs, by the device's address on its bus, since /sys/class/net may
// show another network namespace than the one that is meant.
// https://docs.kernel.org/PCI/pci-iov-howto.html
import { readFile, readlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Asked, explainFile, KernelError } from './error.js';

const ENOENT = 'ENOENT';
const EOPNOTSUPP = 95;

/** A device by its bus and its address there, as the kernel tells them of a link. */
export interface BusDevice {
  readonly bus: string;
  readonly address: string;
}

/** How many virtual functions a link can have, and has. */
export interface VirtualFunctionCapacity {
  /** How many virtual functions it can have. */
  readonly total: number;
  /** How many it has. */
  readonly count: number;
  /** Whether the host's drivers take those that are made. */
  readonly probe: boolean;
}

const FILES = { total: 'sriov_totalvfs', count: 'sriov_numvfs', probe: 'sriov_drivers_autoprobe' } as const;

const folderOf = ({ bus, address }: BusDevice) => join('/sys/bus', bus, 'devices', address);

/** What a device can have and has; undefined when it has no virtual functions at all. */
export async function readCapacity(
  device: BusDevice,
  asked: Asked,
): Promise<VirtualFunctionCapacity | undefined> {
  const folder = folderOf(device);
  const number = async (file: string) => Number(await readFile(join(folder, file), 'utf8'));
  try {
    const [total, count] = await Promise.all([number(FILES.total), number(FILES.count)]);
    // The last one is newer than the others (Linux 4.12).
    const probe = await number(FILES.probe).catch(() => 1);
    return Object.freeze({ total, count, probe: probe !== 0 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== ENOENT) throw explainFile(asked, 'open', error);
    const there = await readlink(folder).catch(() => undefined);
    if (there === undefined) throw explainFile(asked, 'open', error, `there is no ${folder}`);
    return undefined;
  }
}

/** The error of a link that cannot have any. */
export const incapable = (asked: Asked, why: string): KernelError =>
  new KernelError(asked, { errno: EOPNOTSUPP, call: FILES.total, detail: why });

/** Writes one of the files; a write that is refused has changed nothing. */
export async function writeCapacity(
  device: BusDevice,
  { count, probe }: { count?: number; probe?: boolean },
  asked: Asked,
): Promise<void> {
  const write = async (file: string, value: number) => {
    try {
      await writeFile(join(folderOf(device), file), `${value}\n`);
    } catch (error) {
      throw explainFile(asked, file, error);
    }
  };
  if (probe !== undefined) await write(FILES.probe, Number(probe));
  if (count !== undefined) await write(FILES.count, count);
}

/** The devices that a device's virtual functions are, in the order of their numbers, each with its driver. */
export async function functionDevices(
  device: BusDevice,
  count: number,
): Promise<readonly { device?: string; driver?: string }[]> {
  const named = async (...path: string[]) =>
    basename(await readlink(join(folderOf(device), ...path)).catch(() => '')) || undefined;
  const one = async (index: number) => {
    const [address, driver] = await Promise.all([named(`virtfn${index}`), named(`virtfn${index}`, 'driver')]);
    return { ...(address !== undefined && { device: address }), ...(driver !== undefined && { driver }) };
  };
  return await Promise.all(Array.from({ length: count }, (_, index) => one(index)));
}
