// How much memory stays near the processor.
import { readdirSync, readFileSync } from 'node:fs';

const CACHES = '/sys/devices/system/cpu/cpu0/cache';
const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20 };
/** Where the kernel does not say, as in some virtual machines and containers. */
const USUAL = UNITS.M as number;

/**
 * Bytes of the first processor's second cache.
 *
 * Source: the kernel's Documentation/ABI/testing/sysfs-devices-system-cpu. @internal
 */
export function secondCache(folder: string = CACHES): number {
  try {
    for (const index of readdirSync(folder)) {
      if (!index.startsWith('index')) continue;
      const tell = (what: string): string => readFileSync(`${folder}/${index}/${what}`, 'ascii').trim();
      if (tell('level') !== '2' || tell('type') === 'Instruction') continue;
      const [, number, unit = ''] = /^(\d+)([KM])$/.exec(tell('size')) ?? [];
      if (number) return Number(number) * (UNITS[unit] as number);
    }
  } catch {
    // The folder is not everywhere.
  }
  return USUAL;
}
